"""The kinds of work. The app whose work it is registers them here, when Django starts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from apps.tasks.models import Task


class WorkFailed(Exception):
    """The work could not be done: why, and whether another try may mend it."""

    def __init__(
        self, reason: str, detail: str = "", *, retryable: bool, retry_after: float | None = None
    ) -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason, self.detail = reason, detail
        self.retryable = retryable
        self.retry_after = retry_after  # seconds that the other side asked for, if it did


OnFailure = Callable[[Task, WorkFailed, datetime | None], None]


@dataclass(frozen=True)
class Kind:
    name: str
    queue: str
    # How long a claim lasts. Work in this process is killed a little earlier, so it never outlives it.
    lease_seconds: int
    # Does the work: the slow part outside any transaction; its result and `services.complete(task)` in
    # one. Raises WorkFailed. May be called again for work that is done.
    perform: Callable[[Task], None]
    # Called in the transaction that gives the task up (retry_at None) or puts it off until retry_at,
    # so that whoever waits for the work can see why it is not there.
    on_failure: OnFailure
    max_attempts: int = 4  # the first, and three more


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _kinds[kind.name] = kind


def get(name: str) -> Kind:
    return _kinds[name]


def names() -> list[str]:
    return sorted(_kinds)
