from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from rest_framework.test import APIClient

from apps.accounts import sign_ins
from apps.accounts.models import User
from apps.tasks import broker
from apps.tasks import services as tasks
from apps.tasks.models import Task, TaskState
from tests import environment, factories
from vidwiz.common.segments import Segment

VIDEO_ID = "dQw4w9WgXcQ"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """SQLite in a file, as in a run: threads and processes share it, and WAL and IMMEDIATE mean something."""
    database = django_settings.DATABASES["default"]
    if "sqlite" in database["ENGINE"]:
        database["TEST"]["NAME"] = f"{environment.data.name}/tests.sqlite3"


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has its own storage and its own broker folder, and passwords are hashed in no time."""
    settings.STORAGES = django_settings.STORAGES | {
        "default": {
            "BACKEND": "vidwiz.common.files.WholeFileStorage",
            "OPTIONS": {"location": tmp_path / "storage"},
        }
    }
    monkeypatch.setattr(broker, "_silent_until", 0.0)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def alice(db: None) -> User:
    return factories.UserFactory(email="alice@example.com", name="Alice")


@pytest.fixture
def bob(db: None) -> User:
    return factories.UserFactory(email="bob@example.com", name="Bob")


def tokens_of(user: User) -> sign_ins.Tokens:
    """Of a new sign-in."""
    tokens = sign_ins.begin(user=user, address="203.0.113.1")
    assert tokens
    return tokens


def signed_in(user: User) -> APIClient:
    return APIClient(HTTP_AUTHORIZATION=f"Bearer {tokens_of(user).access}")


@pytest.fixture
def alices(alice: User) -> APIClient:
    """A client with Alice's access token."""
    return signed_in(alice)


@pytest.fixture
def bobs(bob: User) -> APIClient:
    return signed_in(bob)


@pytest.fixture
def guest(db: None) -> APIClient:
    return APIClient(HTTP_X_GUEST_SESSION_ID="guest-session-0123456789")


@pytest.fixture
def anonymous(db: None) -> APIClient:
    return APIClient()


@pytest.fixture
def helper(db: None, settings: Any) -> APIClient:
    """A client with the admin token."""
    settings.ADMIN_TOKEN = "the-admin-token-of-the-tests-0123456789"
    return APIClient(HTTP_AUTHORIZATION=f"Bearer {settings.ADMIN_TOKEN}")


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What the broker was told, `(kind, subject)`, in order; nothing is sent."""
    heard: list[tuple[str, str]] = []

    def tell(kind: Any, subjects: Any) -> int:
        heard.extend((kind.name, subject) for subject in subjects)
        return len(list(subjects))

    monkeypatch.setattr(broker, "tell", tell)
    return heard


@pytest.fixture
def work() -> Callable[..., list[Task]]:
    """Does what waits in the ledger, as a worker would, until nothing is due; returns the tasks done."""

    def do(*kinds: str) -> list[Task]:
        done: list[Task] = []
        while True:
            waiting = Task.objects.filter(state=TaskState.PENDING).exclude(pk__in=[task.pk for task in done])
            task = (waiting.filter(kind__in=kinds) if kinds else waiting).order_by("pk").first()
            if task is None:
                return done
            tasks.perform(kind=task.kind, subject=task.subject, owner="tests/boot/1")
            task.refresh_from_db()
            done.append(task)

    return do


# A talk of five minutes in the project's own words.
SAID = [
    "A ledger is a list of everything that is owed.",
    "Each entry names a kind of work and the thing it is about.",
    "A worker claims an entry before it begins, and the claim has an end.",
    "If the worker dies, the claim runs out and another one takes over.",
    "So a message may be lost, or come twice, and nothing is done twice.",
    "The result is stored together with the end of the entry, in one transaction.",
    "That is why a sweeper only has to look for claims that have run out.",
    "Waiting grows with every failure, so that a tired service can recover.",
    "Some failures are final, and then the reader is told what to do.",
    "In the end every entry is either done or explained.",
]


@pytest.fixture
def segments() -> list[Segment]:
    return [Segment(text, 6.0 * at, 6.0) for at, text in enumerate(SAID * 5)]


@pytest.fixture
def transcript_json(segments: list[Segment]) -> list[dict[str, Any]]:
    return [segment._asdict() for segment in segments]


@pytest.fixture
def commit(django_capture_on_commit_callbacks: Any) -> Iterator[None]:
    """Runs what waits for the commit, which a test's own transaction never reaches."""
    with django_capture_on_commit_callbacks(execute=True):
        yield
