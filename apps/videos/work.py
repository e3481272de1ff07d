"""What a worker does to make a video ready: each function is a kind of task. Any of it may run twice."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.db import transaction

from apps.tasks import kinds
from apps.tasks import services as tasks
from apps.tasks.kinds import Kind, WorkFailed
from apps.tasks.models import Task
from apps.videos import services, storage, youtube
from apps.videos.kinds import AI_SUMMARY, ERASE_FILE, FETCH_METADATA, FETCH_TRANSCRIPT
from apps.videos.models import Reason, Stage, State, Transcript, Video
from vidwiz import ai
from vidwiz.ai import base
from vidwiz.common.segments import Segment

logger = logging.getLogger(__name__)


def youtube_config() -> youtube.YouTube:
    return youtube.YouTube(
        origin=settings.YOUTUBE_ORIGIN,
        proxy=settings.YOUTUBE_PROXY_URL,
        timeout_seconds=settings.YOUTUBE_TIMEOUT_SECONDS,
        languages=tuple(settings.TRANSCRIPT_LANGUAGES),
    )


@contextmanager
def failing_as_work() -> Iterator[None]:
    """The failures of the outside world in the ledger's words: worth another try, or not."""
    try:
        yield
    except youtube.YouTubeError as error:
        raise WorkFailed(
            error.reason, error.detail, retryable=error.retryable, retry_after=error.retry_after
        ) from error
    except base.AIUnavailable as error:
        raise WorkFailed(
            Reason.AI_FAILED, str(error), retryable=True, retry_after=error.retry_after
        ) from error
    except base.AIError as error:
        raise WorkFailed(Reason.AI_FAILED, str(error), retryable=False) from error
    except services.OfAnotherVideo as error:
        raise WorkFailed(Reason.UNAVAILABLE, str(error), retryable=True) from error
    except storage.StorageUnavailable as error:
        raise WorkFailed("storage", str(error.__cause__ or error), retryable=True) from error


def fetch_metadata(task: Task) -> None:
    video = Video.objects.filter(video_id=task.subject).first()
    if video is None or video.metadata_state == State.READY:
        return tasks.complete(task)
    with failing_as_work():
        metadata = youtube.fetch_metadata(task.subject, youtube_config())
        services.store_metadata(video_id=task.subject, metadata=metadata, task=task)
    return None


def fetch_transcript(task: Task) -> None:
    video = Video.objects.filter(video_id=task.subject).first()
    if video is None or video.transcript_state == State.READY:
        return tasks.complete(task)
    with failing_as_work():
        captions = youtube.fetch_transcript(task.subject, youtube_config())
        services.store_transcript(
            video_id=task.subject,
            what=captions.segments,
            language=captions.language,
            source=Transcript.Source.YOUTUBE,
            task=task,
        )
    return None


def write_summary(task: Task) -> None:
    video = Video.objects.filter(video_id=task.subject).first()
    if video is None or video.summary_state != State.PENDING:
        return tasks.complete(task)
    found = words_of(video)
    if found is None:
        return wait_for_transcript(task, video)
    transcript, words = found
    with failing_as_work():
        provider = ai.provider()
        made = provider.summary(
            base.Talk(segments=words, language="", transcript_language=transcript.language, title=video.title)
        )
    services.store_summary(
        video_id=task.subject,
        summary=made.summary,
        questions=list(made.suggested_questions),
        made_by={"provider": provider.name, "model": provider.model, "prompt_version": base.PROMPT_VERSION},
        task=task,
    )
    return None


def words_of(video: Video) -> tuple[Transcript, list[Segment]] | None:
    """The shared transcript and its segments; None if there is none, or no longer. Raises WorkFailed."""
    transcript = services.shared_transcript(video)
    if transcript is None:
        return None
    with failing_as_work():
        try:
            return transcript, storage.read(transcript)
        except storage.TranscriptVanished:
            services.transcript_vanished(transcript)
            return None


@transaction.atomic
def wait_for_transcript(task: Task, video: Video) -> None:
    """Ends a task whose transcript is being fetched (again): its arrival makes the task anew."""
    tasks.complete(task)  # taken back with the rest if the transcript is there after all
    # Locked, as where it arrives: otherwise it could come, find this task alive, and make no other.
    video = Video.objects.select_for_update(no_key=True).get(pk=video.pk)
    if video.transcript_state == State.READY:
        raise WorkFailed("storage", "the transcript arrived only now", retryable=True)
    if task.kind == AI_SUMMARY:
        Video.objects.filter(pk=video.pk).move(Stage.SUMMARY, frm=(State.PENDING,), to=State.NONE)


def erase_file(task: Task) -> None:
    """Private words whose owner is gone."""
    # A key that a row (still) names is somebody's.
    if not Transcript.objects.filter(storage_key=task.subject).exists():
        with failing_as_work():
            storage.erase(task.subject)
    tasks.complete(task)


def _tell_operator(task: Task, failure: WorkFailed, retry_at: datetime | None) -> None:
    if retry_at is None:
        logger.error("%s can't be erased from storage and has to be, by hand: %s", task.subject, failure)


def _tell_video(stage: Stage) -> kinds.OnFailure:
    def on_failure(task: Task, failure: WorkFailed, retry_at: datetime | None) -> None:
        fallback = Reason.AI_FAILED if stage == Stage.SUMMARY else Reason.UNAVAILABLE
        reason = failure.reason if failure.reason in Reason.values else fallback
        changed = Video.objects.filter(video_id=task.subject).move(
            stage,
            frm=(State.PENDING,),
            to=State.PENDING if retry_at else State.FAILED,
            **{f"{stage}_failure": reason, f"{stage}_retry_at": retry_at},
        )
        if changed:
            services.announce(Video(video_id=task.subject))

    return on_failure


# Over about six hours: a service that is down for an afternoon costs nobody their note.
AI_ATTEMPTS = 10
# Over about ten days: a storage that is down, or a key that expired, is mended by then.
ERASE_ATTEMPTS = 200


def ai_lease_seconds() -> int:
    """A provider is asked three times at most; the rest is room for storage and the database."""
    return int(3 * settings.AI_TIMEOUT_SECONDS) + 60


def register() -> None:
    # A helper may hold a fetch for 120 s, by contract; so may a worker, whose own deadlines are shorter.
    kinds.register(Kind(FETCH_METADATA, "fetch", 120, fetch_metadata, _tell_video(Stage.METADATA)))
    kinds.register(Kind(FETCH_TRANSCRIPT, "fetch", 120, fetch_transcript, _tell_video(Stage.TRANSCRIPT)))
    tell = _tell_video(Stage.SUMMARY)
    kinds.register(Kind(AI_SUMMARY, "ai", ai_lease_seconds(), write_summary, tell, AI_ATTEMPTS))
    kinds.register(Kind(ERASE_FILE, "fetch", 60, erase_file, _tell_operator, ERASE_ATTEMPTS))
