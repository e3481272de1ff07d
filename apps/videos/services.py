"""Videos made ready: each function is one step of it, safe to be called twice and by two at once."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction

from apps.events import services as events
from apps.tasks import services as tasks
from apps.tasks.models import Task
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
def ensure_video(*, video_id: str, title: str = "") -> Video:
    """The video, made if it is new, with the fetching of what it lacks scheduled.

    `title` is what a client saw; it stands in until the metadata is there.
    """
    video, created = Video.objects.get_or_create(
        video_id=video_id,
        defaults={"title": title[:500], "metadata_state": State.PENDING, "transcript_state": State.PENDING},
    )
    if created:
        for kind in FETCHES.values():
            tasks.enqueue(kind=kind, subjects=[video_id])
        return video
    if title and not video.title and Video.objects.filter(pk=video.pk, title="").update(title=title[:500]):
        video.title = title[:500]
        announce(video)
    for stage, kind in FETCHES.items():
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


def announce(video: Video) -> None:
    events.record(channel=video.channel, type="video.updated", video_id=video.video_id)


def store_transcript(
    *, video_id: str, what: Sequence[Segment], language: str, source: str, task: Task | None = None
) -> Video:
    """Keeps a transcript that everybody may see, and lets all that waited for it begin.

    The words are in storage before any row says so. With `task`, that claimed task ends with it, or
    `tasks.LeaseLost` is raised and nothing is changed; without, whoever is fetching it is called off.
    """
    stored = storage.write(video_id=video_id, what=what)
    with transaction.atomic():
        ensure_video(video_id=video_id)
        # Locked: a note that is being made right now either sees the transcript, or is seen waiting for it.
        video = Video.objects.select_for_update(no_key=True).get(video_id=video_id)
        known = Transcript.objects.filter(video=video, owner=None).first()
        if task:
            tasks.complete(task)
        else:
            tasks.settle(kind=FETCH_TRANSCRIPT, subject=video_id)
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
        summarised_another = known is not None and known.digest != stored.digest
        _request(
            video,
            Stage.SUMMARY,
            AI_SUMMARY,
            frm=(State.NONE, State.FAILED, State.READY) if summarised_another else (State.NONE, State.FAILED),
        )
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
    video = ensure_video(video_id=video_id)
    if task:
        tasks.complete(task)
    else:
        tasks.settle(kind=FETCH_METADATA, subject=video_id)
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
    video = ensure_video(video_id=video_id)
    changes: dict[str, Any] = {}
    if questions is not None:
        changes["suggested_questions"] = questions
    if summary is not None:
        changes |= {"summary": summary} | {f"summary_{key}": value for key, value in made_by.items()}
    rows = Video.objects.filter(pk=video.pk)
    if task:
        tasks.complete(task)
        stored = rows.move(Stage.SUMMARY, frm=(State.PENDING,), to=State.READY, **changes)
    elif summary is not None:
        tasks.settle(kind=AI_SUMMARY, subject=video_id)
        stored = rows.move(Stage.SUMMARY, frm=tuple(State), to=State.READY, **changes)
    else:
        stored = rows.touch(**changes)
    if stored:
        announce(video)
    video.refresh_from_db()
    return video


@transaction.atomic
def transcript_vanished(*, video: Video) -> None:
    """The shared transcript is not in storage any more: fetched again, once, however many find out."""
    if Video.objects.filter(pk=video.pk).move(Stage.TRANSCRIPT, frm=(State.READY,), to=State.PENDING):
        Transcript.objects.filter(video=video, owner=None).delete()
        tasks.enqueue(kind=FETCH_TRANSCRIPT, subjects=[video.video_id])
        announce(video)


def shared_transcript(video: Video) -> Transcript | None:
    if video.transcript_state != State.READY:
        return None
    return Transcript.objects.filter(video=video, owner=None).first()
