"""The ledger of work. docs/jobs.md tells the whole story; every change of a state is here."""

import logging
import random
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from apps.tasks import broker, kinds
from apps.tasks.kinds import WorkFailed
from apps.tasks.models import LIVE, Task, TaskState

logger = logging.getLogger(__name__)

# A message is given this long to arrive before the sweeper sends another; then as long again as the
# task is old, so that a long queue is not told twice over and over.
TOLD_GRACE = timedelta(seconds=10)
TOLD_GRACE_MAX = timedelta(hours=1)
# More than this at once is left to the sweeper: a request must not wait for hundreds of messages.
TELL_AT_ONCE = 50
# A machine whose clock is this much behind still takes what it is told about.
CLOCK_SKEW = timedelta(seconds=5)
SWEEP_BATCH = 500
FIRST_RETRY_SECONDS = 5.0
RETRY_GROWTH = 4.0
LONGEST_WAIT_SECONDS = 3600.0
HISTORY = timedelta(days=30)


class LeaseLost(Exception):
    """This claim has run out and somebody else has the task, or its result, by now."""


def enqueue(*, kind: str, subjects: Iterable[str]) -> None:
    """Makes a task for each subject that has no live one of this kind, and tells the broker after commit.

    Call it in the transaction that makes the work necessary.
    """
    now = timezone.now()
    subjects = list(subjects)
    tell_now = len(subjects) <= TELL_AT_ONCE
    rows = [
        Task(kind=kind, subject=subject, due_at=now, tell_at=now + TOLD_GRACE if tell_now else now)
        for subject in subjects
    ]
    Task.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    if tell_now:
        transaction.on_commit(lambda: broker.tell(kinds.get(kind), subjects))


def claim(*, kind: str, subject: str, owner: str) -> Task | None:
    """The task, leased to `owner`; None if there is none, it isn't due, or somebody else has it."""
    waiting = Task.objects.filter(kind=kind, subject=subject, state=TaskState.PENDING)[:1]
    task = next(iter(waiting), None)
    if task is None or task.due_at > timezone.now() + CLOCK_SKEW:
        return None
    return task if _lease(task, owner) else None


def claim_next(*, kind: str, owner: str) -> Task | None:
    """The task of this kind that has been due for longest, leased to `owner`; None if there is none."""
    due = Task.objects.filter(kind=kind, state=TaskState.PENDING, due_at__lte=timezone.now())
    if not due.exists():  # asked over and over by helpers that wait: without the transaction's lock
        return None
    with transaction.atomic():
        # skip_locked: helpers that ask at once don't queue. On SQLite the transaction has the lock already.
        task = due.select_for_update(skip_locked=True).order_by("due_at").first()
        return task if task and _lease(task, owner) else None


def _lease(task: Task, owner: str) -> bool:
    """Makes the task `owner`'s if nobody changed it since it was read. Returns whether it won."""
    claimed = {
        "state": TaskState.IN_PROGRESS,
        "attempts": task.attempts + 1,
        "lease_owner": owner,
        "lease_expires_at": timezone.now() + timedelta(seconds=kinds.get(task.kind).lease_seconds),
    }
    unchanged = Task.objects.filter(pk=task.pk, state=TaskState.PENDING, attempts=task.attempts)
    if not unchanged.update(**claimed):
        return False
    for field, value in claimed.items():
        setattr(task, field, value)
    return True


def is_claimed(task: Task) -> bool:
    """Whether this claim is still good: to be asked before something that can't be rolled back."""
    return _claimed(task).exists()


def _claimed(task: Task) -> QuerySet[Task]:
    return Task.objects.filter(pk=task.pk, attempts=task.attempts, state=TaskState.IN_PROGRESS)


def complete(task: Task) -> None:
    """Ends a claimed task, in the transaction that stores its result.

    Raises `LeaseLost`, which must roll that transaction back, if the claim is no longer good.
    """
    if not _end(_claimed(task), TaskState.COMPLETED):
        raise LeaseLost


def settle(*, kind: str, subject: str, state: TaskState = TaskState.COMPLETED) -> None:
    """Ends the live task of this kind and subject, if there is one: its work came another way, or isn't wanted."""
    _end(Task.objects.filter(kind=kind, subject=subject, state__in=LIVE), state)


def call_off(*, kind: str, subjects: QuerySet[Any]) -> None:
    """Cancels the live tasks of this kind about what is about to be deleted; `subjects` is a query of one column.

    One that somebody has locked at this moment is left to them: waiting for many would be a deadlock, and
    whoever does work finds out that what it is about has gone.
    """
    live = Task.objects.filter(kind=kind, subject__in=subjects, state__in=LIVE)
    free = live.select_for_update(skip_locked=True, of=("self",)).values("pk")
    _end(Task.objects.filter(pk__in=free), TaskState.CANCELLED)


def _end(tasks: QuerySet[Task], state: TaskState, **also: object) -> int:
    return tasks.update(
        state=state, finished_at=timezone.now(), lease_owner="", lease_expires_at=None, **also
    )


def perform(*, kind: str, subject: str, owner: str) -> None:
    """Claims and does a piece of work, or nothing if it is not there to be done. Every message may be the second."""
    task = claim(kind=kind, subject=subject, owner=owner)
    if task is None:
        return
    began = time.monotonic()
    try:
        kinds.get(kind).perform(task)
        logger.info("%s %s done in %.2f s", kind, subject, time.monotonic() - began)
    except LeaseLost:
        logger.warning("%s: lease lost, result dropped", task)
    except WorkFailed as failure:
        fail(task, failure)
    except Exception as error:
        # Whatever it was, the task must not hang until its lease runs out, and somebody must see why.
        logger.exception("%s: unexpected error", task)
        fail(task, WorkFailed("internal", repr(error)[:500], retryable=True))


@transaction.atomic
def fail(task: Task, failure: WorkFailed) -> bool:
    """Puts a claimed task off, or gives it up if another try can't mend it or too many were made.

    False, and nothing changed, if the claim is no longer good.
    """
    kind = kinds.get(task.kind)
    claimed = _claimed(task)
    retry_at = None
    if failure.retryable and task.attempts < kind.max_attempts:
        retry_at = timezone.now() + _wait(task.attempts, failure)
        changed = claimed.update(
            state=TaskState.PENDING,
            due_at=retry_at,
            tell_at=retry_at,
            lease_owner="",
            lease_expires_at=None,
            last_error=str(failure),
        )
    else:
        changed = _end(claimed, TaskState.FAILED, last_error=str(failure))
    if not changed:
        return False
    logger.info(
        "%s %s failed (%s), %s",
        kind.name,
        task.subject,
        failure,
        f"again at {retry_at}" if retry_at else "given up",
    )
    kind.on_failure(task, failure, retry_at)
    return True


def _wait(attempts: int, failure: WorkFailed) -> timedelta:
    """Longer each time, and jittered so that what failed together does not come back together."""
    grown = FIRST_RETRY_SECONDS * RETRY_GROWTH ** (attempts - 1)
    wait = min(max(grown, failure.retry_after or 0), LONGEST_WAIT_SECONDS)
    return timedelta(seconds=wait * random.uniform(1, 1.5))  # noqa: S311 - not a secret


WORKER_DIED = WorkFailed("internal", "the worker died or took too long", retryable=True)


def sweep() -> None:
    """Hands out again what was never told, was told and lost, or whose lease ran out."""
    now = timezone.now()
    known = Task.objects.filter(kind__in=kinds.names())  # another version may know more; it sweeps those
    for task in known.filter(state=TaskState.IN_PROGRESS, lease_expires_at__lt=now)[:SWEEP_BATCH]:
        try:
            _lose(task)
        except Exception:
            # One that can't be given up must not keep the others from being found.
            logger.exception("%s: its lease can't be freed", task)
    due = known.filter(state=TaskState.PENDING, tell_at__lte=now).order_by("tell_at")[:SWEEP_BATCH]
    by_kind: dict[str, list[Task]] = {}
    for task in due:
        by_kind.setdefault(task.kind, []).append(task)
    for name, tasks in by_kind.items():
        told = broker.tell(kinds.get(name), [task.subject for task in tasks])
        with transaction.atomic():
            # Those told, which are the first so many; and only if nobody put one off meanwhile.
            for task in tasks[:told]:
                grace = min(max(TOLD_GRACE, now - task.created_at), TOLD_GRACE_MAX)
                Task.objects.filter(pk=task.pk, state=TaskState.PENDING, tell_at=task.tell_at).update(
                    tell_at=now + grace
                )


def free_lost_leases(*, node: str, is_alive: Callable[[str], bool]) -> None:
    """Takes back what workers of this node that are no longer alive had claimed, and tells it again at once."""
    held = Task.objects.filter(state=TaskState.IN_PROGRESS, lease_owner__startswith=f"{node}/")
    for task in held:
        if not is_alive(task.lease_owner):
            _lose(task)


def _lose(task: Task) -> None:
    """A lease whose owner is gone: to be claimed again at once, unless this task takes every worker with it."""
    kind = kinds.get(task.kind)
    if task.attempts >= kind.max_attempts:
        fail(task, WORKER_DIED)
        return
    now = timezone.now()
    with transaction.atomic():
        freed = _claimed(task).update(
            state=TaskState.PENDING,
            due_at=now,
            tell_at=now + TOLD_GRACE,
            lease_owner="",
            lease_expires_at=None,
            last_error=str(WORKER_DIED),
        )
        if freed:
            transaction.on_commit(lambda: broker.tell(kind, [task.subject]))


def prune() -> int:
    """Deletes the history of tasks that ended long ago, a batch at a time. Returns how many rows went."""
    before: datetime = timezone.now() - HISTORY
    total = 0
    while ids := list(Task.objects.filter(finished_at__lt=before).values_list("pk", flat=True)[:SWEEP_BATCH]):
        total += Task.objects.filter(pk__in=ids).delete()[0]
    return total
