from collections.abc import Iterator
from typing import Any

import pytest

from apps.accounts import google as client
from apps.accounts.models import User
from tests import factories
from tests.standins import google as stand_in

PASSWORD = "correct-horse-battery"


@pytest.fixture
def ann(db: None) -> User:
    """Somebody with a password: PASSWORD."""
    user = factories.UserFactory(email="ann@example.com", name="Ann the First")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def google(settings: Any) -> Iterator[stand_in.Google]:
    """A certificate server that this one trusts, with nothing of it remembered."""
    client._transport.cache_clear()
    with stand_in.google() as server:
        settings.GOOGLE_CERTS_URL = server.url
        settings.GOOGLE_CLIENT_ID = [stand_in.WEB, stand_in.EXTENSION]
        yield server
    client._transport.cache_clear()
