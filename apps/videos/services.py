"""Videos made ready: each function is one step of it, safe to be called twice and by two at once."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction

from apps.events import services as events
from apps.tasks import services as tasks
from apps.tasks.models import Task, TaskState
from apps.videos import failures, storage
from apps.videos.kinds import AI_SUMMARY, FETCH_METADATA, FETCH_TRANSCRIPT
from apps.videos.models import Stage, State, Transcript, Video
from vidwiz.common import errors
from vidwiz.common.segments import Segment

FETCHES = {Stage.METADATA: FETCH_METADATA, Stage.TRANSCRIPT: FETCH_TRANSCRIPT}

# Called with the locked video in the transaction in which its transcript arrives, by the apps that wait for it.
when_transcript_arrives: list[Callable[[Video], None]] = []


class OfAnotherVideo(errors.BadRequest):
    """This metadata is that of another video: its `id` says so."""


@transaction.atomic
def ensure_video(*, video_id: str, title: str = "", brings: Stage | None = None) -> Video:
    """The video, made if it is new, with what it lacks scheduled, but for the stage that the caller `brings`.

    `title` is what a client saw; it stands in until the metadata is there.
    """
    fetches = {stage: kind for stage, kind in FETCHES.items() if stage != brings}
    video, created = Video.objects.get_or_create(
        video_id=video_id,
        defaults={"title": title[:500]} | {f"{stage}_state": State.PENDING for stage in fetches},
    )
    if created:
        for kind in fetches.values():
            tasks.enqueue(kind=kind, subjects=[video_id])
        return video
    if title and not video.title and Video.objects.filter(pk=video.pk, title="").update(title=title[:500]):
        video.title = title[:500]
        announce(video)
    if video.summary_state == State.FAILED and brings is None:
        _request(video, Stage.SUMMARY, AI_SUMMARY, frm=(State.FAILED,))
    for stage, kind in fetches.items():
        # What failed for a reason that passes is worth another try when somebody asks again.
        if video.state(stage) == State.NONE or (
            video.state(stage) == State.FAILED and video.failure(stage) in failures.PASSING
        ):
            _request(video, stage, kind, frm=(State.NONE, State.FAILED))
    return video


def _request(video: Video, stage: Stage, kind: str, *, frm: tuple[State, ...]) -> None:
    if Video.objects.filter(pk=video.pk).move(stage, frm=frm, to=State.PENDING):
        tasks.enqueue(kind=kind, subjects=[video.video_id])
        announce(video)


def _end(kind: str, video_id: str, task: Task | None) -> None:
    """Ends the claimed task with its result, or calls off whoever was to bring what came another way."""
    if task:
        tasks.complete(task)
    else:
        tasks.settle(kind=kind, subject=video_id)


def announce(video: Video) -> None:
    events.record(channel=video.channel, type="video.updated", video_id=video.video_id)


def store_transcript(
    *, video_id: str, what: Sequence[Segment], language: str, source: str, task: Task | None = None
) -> Video:
    """Keeps a transcript that everybody may see, and lets all that waited for it begin.

    The words are in storage before any row says so. With `task`, that claimed task ends with it, or
    `tasks.LeaseLost` is raised and nothing is changed; without, whoever is fetching it is called off.
    """
    if task and not tasks.is_claimed(task):
        raise tasks.LeaseLost  # before words are replaced, which no rollback brings back
    stored = storage.write(video_id=video_id, what=what)
    with transaction.atomic():
        # Tasks are locked before videos, here as where a task fails: the other way round is a deadlock.
        _end(FETCH_TRANSCRIPT, video_id, task)
        known = Transcript.objects.filter(video__video_id=video_id, owner=None).first()
        replaced = known is not None and known.digest != stored.digest
        if replaced:
            # A summary in the making is one of the words that were there before.
            tasks.settle(kind=AI_SUMMARY, subject=video_id, state=TaskState.CANCELLED)
        ensure_video(video_id=video_id, brings=Stage.TRANSCRIPT)
        # Locked: a note that is being made right now either sees the transcript, or is seen waiting for it.
        video = Video.objects.select_for_update(no_key=True).get(video_id=video_id)
        if known and known.digest == stored.digest and video.transcript_state == State.READY:
            return video
        Transcript.objects.update_or_create(
            video=video,
            owner=None,
            defaults={
                "language": language,
                "source": source,
                "storage_key": stored.key,
                "digest": stored.digest,
                "segment_count": len(what),
                "duration_seconds": max(segment.end for segment in what),
            },
        )
        Video.objects.filter(pk=video.pk).move(Stage.TRANSCRIPT, frm=tuple(State), to=State.READY)
        again = (
            (State.NONE, State.FAILED, State.READY, State.PENDING) if replaced else (State.NONE, State.FAILED)
        )
        _request(video, Stage.SUMMARY, AI_SUMMARY, frm=again)
        for arrive in when_transcript_arrives:
            arrive(video)
        announce(video)
    video.refresh_from_db()
    return video


@transaction.atomic
def store_metadata(*, video_id: str, metadata: dict[str, Any], task: Task | None = None) -> Video:
    """Keeps what is publicly known of a video; `metadata` as `youtube.public_metadata` gives it.

    Raises `OfAnotherVideo` if it says so itself.
    """
    if metadata.get("id", video_id) != video_id:
        raise OfAnotherVideo
    _end(FETCH_METADATA, video_id, task)
    video = ensure_video(video_id=video_id, brings=Stage.METADATA)
    title = {"title": metadata["title"]} if metadata.get("title") else {}
    Video.objects.filter(pk=video.pk).move(
        Stage.METADATA, frm=tuple(State), to=State.READY, metadata=metadata, **title
    )
    announce(video)
    video.refresh_from_db()
    return video


@transaction.atomic
def store_summary(
    *,
    video_id: str,
    summary: str | None,
    questions: list[str] | None,
    made_by: dict[str, str],
    task: Task | None = None,
) -> Video:
    """Keeps a summary, its starter questions, or both.

    With `task` only while the summary is still waited for: a helper's, which came meanwhile, stays.
    """
    if summary is not None:
        _end(AI_SUMMARY, video_id, task)
    video = ensure_video(video_id=video_id, brings=Stage.SUMMARY)
    changes: dict[str, Any] = {}
    if questions is not None:
        changes["suggested_questions"] = questions
    if summary is not None:
        changes |= {"summary": summary} | {f"summary_{key}": value for key, value in made_by.items()}
    rows = Video.objects.filter(pk=video.pk)
    if task:
        stored = rows.move(Stage.SUMMARY, frm=(State.PENDING,), to=State.READY, **changes)
    elif summary is not None:
        stored = rows.move(Stage.SUMMARY, frm=tuple(State), to=State.READY, **changes)
    else:
        stored = rows.touch(**changes)
    if stored:
        announce(video)
    video.refresh_from_db()
    return video


@transaction.atomic
def transcript_vanished(transcript: Transcript) -> None:
    """The words of this row are not in storage: fetched again, once, however many find out."""
    # Locked first, as where a transcript arrives.
    video = Video.objects.select_for_update(no_key=True).get(pk=transcript.video_id)
    # By what was seen: meanwhile somebody else may have found out, and others be there already.
    same = Transcript.objects.filter(pk=transcript.pk, updated_at=transcript.updated_at)
    if not same.delete()[0]:
        return
    _request(video, Stage.TRANSCRIPT, FETCH_TRANSCRIPT, frm=(State.READY,))


def shared_transcript(video: Video) -> Transcript | None:
    if video.transcript_state != State.READY:
        return None
    return Transcript.objects.filter(video=video, owner=None).first()
