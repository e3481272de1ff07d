from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.db.models import Model
from django.test import Client

from apps.accounts import long_term_tokens, sign_ins
from apps.accounts.models import LongTermToken, SignIn, User
from apps.events import services as events
from apps.events.models import Event
from tests import factories


def with_session(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def superuser(db: None) -> User:
    return factories.UserFactory(email="root@example.com", name="Root", is_staff=True, is_superuser=True)


@pytest.fixture
def staff(superuser: User) -> Client:
    """The browser of a superuser."""
    return with_session(superuser)


def _event() -> Event:
    events.record(channel="video:vid00000001", type="video.updated", video_id="vid00000001")
    return Event.objects.latest("pk")


def _sign_in() -> SignIn:
    sign_ins.begin(user=factories.UserFactory(), address="203.0.113.1")
    return SignIn.objects.latest("pk")


def _long_term_token() -> LongTermToken:
    long_term_tokens.create(user=factories.UserFactory(), name="Phone")
    return LongTermToken.objects.latest("pk")


def _email_address() -> EmailAddress:
    user = factories.UserFactory()
    return EmailAddress.objects.create(user=user, email=user.email)


def _google_account() -> SocialAccount:
    user = factories.UserFactory()
    return SocialAccount.objects.create(user=user, provider="google", uid=f"uid-{user.pk}")


# By the name that its pages have in the admin: how to make one more row, with rows of its own to point at.
MAKE: dict[str, Callable[[], Model]] = {
    "accounts_user": factories.UserFactory,
    "accounts_signin": _sign_in,
    "accounts_longtermtoken": _long_term_token,
    "account_emailaddress": _email_address,
    "socialaccount_socialaccount": _google_account,
    "videos_video": factories.VideoFactory,
    "videos_transcript": lambda: factories.TranscriptFactory(owner=factories.UserFactory()),
    "notes_note": factories.NoteFactory,
    "tasks_task": factories.TaskFactory,
    "events_event": _event,
}
