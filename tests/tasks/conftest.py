import pytest

from apps.tasks import kinds
from apps.tasks.kinds import Kind, WorkFailed
from apps.tasks.models import Task


class Work:
    """A kind of work of the tests' own: counts how often it was done, and fails as it is told."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.failures: list[tuple[str, bool]] = []
        self.fails_with: Exception | None = None

    def perform(self, task: Task) -> None:
        from apps.tasks import services

        if self.fails_with:
            raise self.fails_with
        services.complete(task)
        self.done.append(task.subject)

    def on_failure(self, task: Task, failure: WorkFailed, retry_at: object) -> None:
        self.failures.append((failure.reason, retry_at is not None))


@pytest.fixture
def dig(monkeypatch: pytest.MonkeyPatch) -> Work:
    work = Work()
    monkeypatch.setitem(kinds._kinds, "dig", Kind("dig", "fetch", 60, work.perform, work.on_failure))
    return work
