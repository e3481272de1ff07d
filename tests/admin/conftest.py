from collections.abc import Callable

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.events import services as events
from apps.events.models import Event
from apps.notes.models import Note
from apps.tasks.models import Task
from apps.videos.models import Transcript, Video
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


# By the name that its pages have in the admin: how to make one more row, with rows of its own to point at.
MAKE: dict[str, Callable[[], User | Video | Transcript | Note | Task | Event]] = {
    "accounts_user": factories.UserFactory,
    "videos_video": factories.VideoFactory,
    "videos_transcript": lambda: factories.TranscriptFactory(owner=factories.UserFactory()),
    "notes_note": factories.NoteFactory,
    "tasks_task": factories.TaskFactory,
    "events_event": _event,
}
