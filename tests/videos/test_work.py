"""A worker's work on a video, with the real YouTube libraries against a local stand-in."""

import pytest

from apps.tasks.models import Task, TaskState
from apps.videos import services, storage
from apps.videos.models import State, Transcript, Video
from tests.conftest import VIDEO_ID
from tests.standins.youtube import FakeYouTube, Fault, Track
from tests.standins.youtube import Video as Scripted

pytestmark = pytest.mark.django_db


@pytest.fixture
def youtube(settings, segments):
    with FakeYouTube() as fake:
        settings.YOUTUBE_ORIGIN = fake.origin
        settings.YOUTUBE_TIMEOUT_SECONDS = 2.0
        fake.videos[VIDEO_ID] = Scripted(title="On ledgers", tracks=[Track("en", segments=segments)])
        yield fake


@pytest.fixture
def asked_for(told, youtube):
    return services.ensure_video(video_id=VIDEO_ID)


def test_a_video_is_made_ready_from_nothing(asked_for, work, segments):
    done = work()
    assert {task.kind: task.state for task in done} == {
        "fetch_metadata": TaskState.COMPLETED,
        "fetch_transcript": TaskState.COMPLETED,
        "ai_summary": TaskState.COMPLETED,
    }
    video = Video.objects.get()
    assert video.is_settled
    assert (video.title, video.metadata["id"]) == ("On ledgers", VIDEO_ID)
    assert 200 <= len(video.summary) <= 800
    assert len(set(video.suggested_questions)) == 3
    assert (video.summary_provider, video.summary_model) == ("offline", "")
    transcript = Transcript.objects.get()
    assert (transcript.language, transcript.source) == ("en", "youtube")
    assert [segment.text for segment in storage.read(transcript)] == [segment.text for segment in segments]


def test_a_video_without_captions_fails_for_good_at_once(asked_for, youtube, work):
    youtube.videos[VIDEO_ID] = Scripted(title="Silence", tracks=[])
    (task,) = work("fetch_transcript")
    assert (task.state, task.attempts) == (TaskState.FAILED, 1)
    video = Video.objects.get()
    assert (video.transcript_state, video.transcript_failure, video.transcript_retry_at) == (
        State.FAILED,
        "no_captions",
        None,
    )


def test_a_blocked_server_says_so_and_when_it_tries_again(asked_for, youtube, work):
    youtube.faults[VIDEO_ID] = Fault("captcha")
    (task,) = work("fetch_transcript")
    assert task.state == TaskState.PENDING
    video = Video.objects.get()
    assert (video.transcript_state, video.transcript_failure) == (State.PENDING, "blocked")
    assert video.transcript_retry_at == task.due_at


def test_what_was_handed_in_meanwhile_is_not_fetched_again(asked_for, youtube, segments):
    from apps.tasks import services as tasks
    from apps.videos import work as videos_work

    claimed = tasks.claim(kind="fetch_transcript", subject=VIDEO_ID, owner="x")
    Video.objects.update(transcript_state=State.READY)
    videos_work.fetch_transcript(claimed)
    assert youtube.requests == []
    assert Task.objects.get(pk=claimed.pk).state == TaskState.COMPLETED


def test_storage_that_is_down_is_tried_again_and_nothing_is_ready(asked_for, work, monkeypatch):
    from django.core.files.storage import default_storage

    def down(*args, **kwargs):
        raise OSError("read-only file system")

    monkeypatch.setattr(default_storage, "save", down)
    (task,) = work("fetch_transcript")
    assert task.state == TaskState.PENDING
    assert "read-only" in task.last_error
    assert Video.objects.get().transcript_state == State.PENDING
    assert not Transcript.objects.exists()


def test_a_summary_whose_transcript_vanished_waits_for_it_and_comes_back(asked_for, work, segments):
    from django.core.files.storage import default_storage

    work("fetch_transcript")
    default_storage.delete(storage.key_of(VIDEO_ID))
    work("ai_summary")
    video = Video.objects.get()
    assert (video.transcript_state, video.summary_state) == (State.PENDING, State.NONE)
    work("fetch_transcript")
    work("ai_summary")
    assert Video.objects.get().summary_state == State.READY


def test_a_talk_too_short_to_summarise_fails_with_the_reason(told, work):
    from vidwiz.common.segments import Segment

    services.store_transcript(
        video_id=VIDEO_ID, what=[Segment("Hi.", 0.0, 1.0)], language="en", source=Transcript.Source.UPLOAD
    )
    work("ai_summary")
    video = Video.objects.get()
    assert (video.summary_state, video.summary_failure) == (State.FAILED, "ai_failed")
