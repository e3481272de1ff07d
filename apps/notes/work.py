"""What a worker does for a note. It may run twice; the second finds the note filled."""

from datetime import datetime

from apps.notes import services
from apps.notes.models import Note
from apps.tasks import kinds
from apps.tasks import services as tasks
from apps.tasks.kinds import Kind, WorkFailed
from apps.tasks.models import Task
from apps.videos import work as videos
from apps.videos.models import Transcript, Video
from vidwiz import ai
from vidwiz.ai import base


def write_note(task: Task) -> None:
    note = Note.objects.waiting_for_ai().select_related("user", "video").filter(pk=int(task.subject)).first()
    if note is None:
        return tasks.complete(task)
    found = videos.words_of(note.video)
    if found is None:
        return videos.wait_for_transcript(task, note.video)
    transcript, words = found
    end = end_of(note.video, transcript)
    if end and note.timestamp_seconds > end:
        raise WorkFailed(
            "past_the_end",
            f"{note.timestamp} is past the end of the video ({int(end) // 60}:{int(end) % 60:02}).",
            retryable=False,
        )
    with videos.failing_as_work():
        provider = ai.provider()
        made = provider.note(
            base.Moment(
                seconds=note.timestamp_seconds,
                segments=words,
                language=note.user.ai_language,
                transcript_language=transcript.language,
                title=note.video.title,
            )
        )
    made_by = {
        "provider": provider.name,
        "model": provider.model,
        "prompt_version": base.PROMPT_VERSION,
        "transcript_id": transcript.pk,
    }
    services.fill_note(note_id=note.pk, text=made.text, made_by=made_by, task=task)
    return None


def end_of(video: Video, transcript: Transcript) -> float | None:
    """Where the video ends, in seconds; None if YouTube has not told yet: it may go on after its last words."""
    told = (video.metadata or {}).get("duration")
    return max(float(told), transcript.duration_seconds) if told else None


def on_failure(task: Task, failure: WorkFailed, retry_at: datetime | None) -> None:
    if retry_at is None:
        services.fail_note(note_id=int(task.subject), why=str(failure))


def register() -> None:
    kinds.register(
        Kind(services.AI_NOTE, "ai", videos.ai_lease_seconds(), write_note, on_failure, videos.AI_ATTEMPTS)
    )
