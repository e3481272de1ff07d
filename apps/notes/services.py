"""Notes: catching a moment, and filling it without ever touching what its owner wrote."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from apps.accounts.models import User
from apps.events import services as events
from apps.notes.models import AIState, Note
from apps.tasks import services as tasks
from apps.tasks.models import Task, TaskState
from apps.videos import services as videos
from apps.videos.models import State, Video
from vidwiz.common import errors

AI_NOTE = "ai_note"


class NoteGone(errors.NotFound):
    """This note was deleted meanwhile."""


@transaction.atomic
def create_note(
    *,
    user: User,
    video_id: str,
    timestamp: str,
    timestamp_seconds: int,
    text: str | None,
    video_title: str = "",
) -> Note:
    """The note, its video if that is new, and the work they need, in one transaction."""
    video = videos.ensure_video(video_id=video_id, title=video_title)
    wants_ai = text is None and user.ai_notes_enabled
    if wants_ai:
        # A transcript that arrives right now waits for this lock, and then finds the note waiting.
        video = Video.objects.select_for_update(no_key=True).get(pk=video.pk)
    note = Note.objects.create(
        user=user,
        video=video,
        timestamp=timestamp,
        timestamp_seconds=timestamp_seconds,
        text=text,
        ai_state=AIState.PENDING if wants_ai else AIState.NONE,
    )
    if wants_ai and video.transcript_state == State.READY:
        tasks.enqueue(kind=AI_NOTE, subjects=[str(note.pk)])
    announce(note, "note.created")
    return note


def announce(note: Note, type: str) -> None:
    events.record(channel=note.channel, type=type, id=note.pk)


@transaction.atomic
def update_note(*, note: Note, changes: dict[str, Any]) -> Note:
    """The owner's own change, which ends whatever the AI was asked for. `changes`: text, generated_by_ai."""
    if "text" in changes:
        # Words that the owner typed are not the AI's, unless the client says so.
        changes = {"generated_by_ai": False, **changes, "ai_state": AIState.NONE, "ai_error": ""}
        tasks.settle(kind=AI_NOTE, subject=str(note.pk), state=TaskState.CANCELLED)
    if not Note.objects.filter(pk=note.pk).update(updated_at=timezone.now(), **changes):
        raise NoteGone
    announce(note, "note.updated")
    note.refresh_from_db()
    return note


@transaction.atomic
def delete_note(*, note: Note) -> None:
    tasks.settle(kind=AI_NOTE, subject=str(note.pk), state=TaskState.CANCELLED)
    if Note.objects.filter(pk=note.pk).delete()[0]:
        announce(note, "note.deleted")


def request_waiting(video: Video) -> None:
    """The transcript is there: every note that waited for it gets its task, in the same transaction.

    So does one that failed with the words before: these may have more to say about its moment.
    """
    waiting = Note.objects.filter(
        video=video, ai_state__in=(AIState.PENDING, AIState.FAILED), text__isnull=True
    )
    # Tasks before notes, as everywhere: an account that goes takes both along, and many of them.
    tasks.enqueue(kind=AI_NOTE, subjects=[str(pk) for pk in waiting.values_list("pk", flat=True)])
    failed = waiting.filter(ai_state=AIState.FAILED)
    failed.update(ai_state=AIState.PENDING, ai_error="", updated_at=timezone.now())


@transaction.atomic
def fill_note(
    *,
    note_id: int,
    text: str,
    made_by: dict[str, Any],
    generated_by_ai: bool = True,
    task: Task | None = None,
) -> None:
    """Stores an AI's text if the note still has none of its owner's. With `task`, that ends with it."""
    if task:
        tasks.complete(task)
        free = Note.objects.waiting_for_ai().filter(pk=note_id)
    else:
        tasks.settle(kind=AI_NOTE, subject=str(note_id))
        # A helper may better what an AI wrote, never what the owner did.
        free = Note.objects.filter(Q(text__isnull=True) | Q(generated_by_ai=True), pk=note_id)
    filled = free.update(
        text=text,
        generated_by_ai=generated_by_ai,
        ai_state=AIState.READY,
        ai_error="",
        updated_at=timezone.now(),
        **{f"ai_{key}": value for key, value in made_by.items()},
    )
    if filled:
        announce(Note.objects.get(pk=note_id), "note.updated")


def fail_note(*, note_id: int, why: str) -> None:
    """The AI gave up: the note stays as it is, and says why."""
    failed = Note.objects.waiting_for_ai().filter(pk=note_id)
    if failed.update(ai_state=AIState.FAILED, ai_error=why[:500], updated_at=timezone.now()):
        announce(Note.objects.get(pk=note_id), "note.updated")
