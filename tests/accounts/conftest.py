from collections.abc import Iterator
from typing import Any

import pytest

from apps.accounts import google as client
from tests.standins import google as stand_in


@pytest.fixture
def google(settings: Any) -> Iterator[stand_in.Google]:
    """A certificate server that this one trusts, with nothing of it remembered."""
    client._transport.cache_clear()
    with stand_in.google() as server:
        settings.GOOGLE_CERTS_URL = server.url
        settings.GOOGLE_CLIENT_ID = [stand_in.WEB, stand_in.EXTENSION]
        yield server
    client._transport.cache_clear()
