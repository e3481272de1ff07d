"""Trusted helpers on other machines take fetching tasks from the ledger, and report what came of them."""

from typing import Any

from apps.tasks import services as tasks
from apps.tasks.kinds import WorkFailed
from apps.tasks.models import Task, TaskState
from apps.videos import services, youtube
from apps.videos.kinds import FETCH_METADATA, FETCH_TRANSCRIPT
from apps.videos.models import Transcript
from vidwiz.common import errors

# What a helper asks for, and the kind of task that it gets.
KINDS = {"transcript": FETCH_TRANSCRIPT, "metadata": FETCH_METADATA}

# How long a helper waits for work if it doesn't say, and at most.
TIMEOUT_SECONDS = 30
LONGEST_TIMEOUT_SECONDS = 60

HELPER = "helper"


class TaskNotFound(errors.NotFound):
    """There is no such task for helpers."""


class NotInProgress(errors.BadRequest):
    """This task is not in progress: its lease ran out, or its result came another way. Drop the result."""


class WrongVideo(errors.BadRequest):
    """This task is about another video."""


class WrongPayload(errors.BadRequest):
    """A success needs the payload of its kind of task, `transcript` or `metadata`, and only that."""


def claim_next(*, type: str) -> dict[str, Any] | None:
    """The contract's answer to a helper that asks for work of `type`, a key of KINDS; None if there is none."""
    task = tasks.claim_next(kind=KINDS[type], owner=HELPER)
    if task is None:
        return None
    return {
        "task_id": task.pk,
        "task_type": task.kind,
        "task_details": {"video_id": task.subject},
        "retry_count": task.attempts - 1,
        "message": "Report the result within 120 seconds.",
    }


def task_of_result(*, task_id: int) -> Task:
    task = Task.objects.filter(pk=task_id, kind__in=KINDS.values()).first() if task_id < 2**63 else None
    if task is None:
        raise TaskNotFound
    return task


def accept_result(
    *,
    task: Task,
    video_id: str,
    success: bool,
    transcript: list[Any] | None = None,
    metadata: dict[str, Any] | None = None,
    error_message: str | None = None,
) -> Task:
    """Stores what a helper found, or puts its task off. Returns the task as it is then."""
    if task.subject != video_id:
        raise WrongVideo
    if task.state != TaskState.IN_PROGRESS:
        raise NotInProgress
    try:
        if not success:
            if task.lease_owner != HELPER:
                raise NotInProgress  # somebody else has it now, and may well succeed
            said = error_message or "the helper did not say why"
            # Another machine, another minute: what one helper can't fetch is tried again, whatever it says.
            failure = WorkFailed(youtube.reason_of(said), said[:500], retryable=True)
            if not tasks.fail(task, failure):
                raise NotInProgress
        elif task.kind == FETCH_TRANSCRIPT and transcript and metadata is None:
            services.store_transcript(
                video_id=video_id, what=transcript, language="", source=Transcript.Source.HELPER, task=task
            )
        elif task.kind == FETCH_METADATA and metadata and transcript is None:
            services.store_metadata(video_id=video_id, metadata=metadata, task=task)
        else:
            raise WrongPayload
    except tasks.LeaseLost:
        raise NotInProgress from None
    task.refresh_from_db()
    return task
