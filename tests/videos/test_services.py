import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from apps.events.models import Event
from apps.tasks import services as tasks
from apps.tasks.models import Task, TaskState
from apps.videos import services, storage, youtube
from apps.videos.models import Reason, State, Transcript, Video
from tests import factories
from tests.conftest import VIDEO_ID
from vidwiz.common.segments import Segment

pytestmark = pytest.mark.django_db


def store(segments, **also):
    given = {
        "video_id": VIDEO_ID,
        "what": segments,
        "language": "en",
        "source": Transcript.Source.HELPER,
    } | also
    return services.store_transcript(**given)


def live():
    return sorted(Task.objects.filter(state__in=["pending", "in_progress"]).values_list("kind", flat=True))


def test_a_new_video_is_made_once_with_one_task_a_kind(told):
    first = services.ensure_video(video_id=VIDEO_ID, title="As a client saw it")
    again = services.ensure_video(video_id=VIDEO_ID, title="Another")
    assert first == again
    assert again.title == "As a client saw it"
    assert live() == ["fetch_metadata", "fetch_transcript"]


def test_a_title_fills_an_empty_one_and_never_replaces_what_youtube_says(told):
    services.ensure_video(video_id=VIDEO_ID)
    assert services.ensure_video(video_id=VIDEO_ID, title="Seen").title == "Seen"
    services.store_metadata(video_id=VIDEO_ID, metadata={"id": VIDEO_ID, "title": "True"})
    assert services.ensure_video(video_id=VIDEO_ID, title="Other").title == "True"


@pytest.mark.parametrize(
    ("reason", "again"), [(Reason.BLOCKED, True), (Reason.UNAVAILABLE, True), (Reason.NO_CAPTIONS, False)]
)
def test_what_failed_for_a_reason_that_passes_is_tried_when_somebody_asks_again(told, reason, again):
    factories.VideoFactory(video_id=VIDEO_ID, transcript_state=State.FAILED, transcript_failure=reason)
    video = services.ensure_video(video_id=VIDEO_ID)
    video.refresh_from_db()
    assert (video.transcript_state == State.PENDING) == again
    assert live() == (["fetch_transcript"] if again else [])


def test_a_transcript_is_in_storage_before_any_row_says_so(told, segments, monkeypatch):
    def down(*args, **kwargs):
        raise OSError("No space left on device")

    monkeypatch.setattr(default_storage, "save", down)
    with pytest.raises(storage.StorageUnavailable):
        store(segments)
    assert not Video.objects.exists()
    assert not Transcript.objects.exists()


def test_a_transcript_calls_off_its_fetch_and_asks_for_the_summary(told, segments):
    services.ensure_video(video_id=VIDEO_ID)
    video = store(segments)
    assert (video.transcript_state, video.summary_state) == (State.READY, State.PENDING)
    assert live() == ["ai_summary", "fetch_metadata"]
    assert storage.read(Transcript.objects.get()) == segments


def test_the_same_transcript_again_changes_nothing(told, segments):
    store(segments)
    before = Event.objects.count()
    store(segments)
    assert Event.objects.count() == before
    assert Transcript.objects.count() == 1
    assert live() == ["ai_summary", "fetch_metadata"]


def test_another_transcript_replaces_the_first_and_the_summary_made_of_it(told, segments):
    store(segments)
    services.store_summary(video_id=VIDEO_ID, summary="Old", questions=None, made_by={"provider": "helper"})
    video = store([Segment("Other words.", 0.0, 2.0)])
    assert video.summary_state == State.PENDING
    assert storage.read(Transcript.objects.get()) == [Segment("Other words.", 0.0, 2.0)]


def test_a_result_for_a_lost_lease_stores_no_row(told, segments):
    services.ensure_video(video_id=VIDEO_ID)
    task = tasks.claim(kind="fetch_transcript", subject=VIDEO_ID, owner="x")
    Task.objects.filter(pk=task.pk).update(state=TaskState.PENDING)
    with pytest.raises(tasks.LeaseLost):
        store(segments, task=task)
    assert not Transcript.objects.exists()
    assert Video.objects.get().transcript_state == State.PENDING


def test_a_result_for_a_lost_lease_leaves_the_words_that_are_there(told, segments):
    services.ensure_video(video_id=VIDEO_ID)
    slow = tasks.claim(kind="fetch_transcript", subject=VIDEO_ID, owner="x")
    store(segments)
    with pytest.raises(tasks.LeaseLost):
        store([Segment("Late.", 0.0, 1.0)], task=slow)
    assert storage.read(Transcript.objects.get()) == segments


def test_two_who_find_the_words_gone_have_them_fetched_once(told, segments):
    store(segments)
    first, second = Transcript.objects.get(), Transcript.objects.get()
    services.transcript_vanished(first)
    assert live() == ["ai_summary", "fetch_metadata", "fetch_transcript"]
    store(segments)
    services.transcript_vanished(second)
    assert Video.objects.get().transcript_state == State.READY
    assert storage.read(Transcript.objects.get()) == segments


def test_a_summary_in_the_making_of_words_that_were_replaced_is_made_anew(told, segments):
    store(segments)
    making = tasks.claim(kind="ai_summary", subject=VIDEO_ID, owner="x")
    store(segments[:9])
    with pytest.raises(tasks.LeaseLost):
        services.store_summary(video_id=VIDEO_ID, summary="Old.", questions=None, made_by={}, task=making)
    assert Video.objects.get().summary_state == State.PENDING
    assert live() == ["ai_summary", "fetch_metadata"]


def test_a_failed_summary_is_tried_again_when_somebody_asks_for_the_video(told, segments):
    store(segments)
    Task.objects.all().delete()
    Video.objects.update(summary_state=State.FAILED, summary_failure=Reason.AI_FAILED)
    services.ensure_video(video_id=VIDEO_ID)
    assert live() == ["ai_summary"]


def test_a_file_that_can_not_be_written_whole_leaves_the_one_before(told, segments):
    class Broken(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"[{"
            raise OSError("No space left on device")

    store(segments)
    with pytest.raises(OSError, match="No space"):
        default_storage.save(storage.key_of(VIDEO_ID), Broken(b"xx"))
    assert storage.read(Transcript.objects.get()) == segments


def test_a_helpers_summary_is_not_undone_by_the_first_transcript(told, segments):
    services.store_summary(
        video_id=VIDEO_ID, summary="A helper's.", questions=None, made_by={"provider": "helper"}
    )
    video = store(segments)
    assert (video.summary, video.summary_state) == ("A helper's.", State.READY)


def test_each_change_leaves_an_event(told, segments):
    services.ensure_video(video_id=VIDEO_ID)
    store(segments)
    services.store_metadata(video_id=VIDEO_ID, metadata={"id": VIDEO_ID, "title": "T"})
    assert set(Event.objects.values_list("channel", "type")) == {(f"video:{VIDEO_ID}", "video.updated")}
    assert Event.objects.count() >= 2


@pytest.mark.parametrize(
    ("states", "settled"),
    [
        (("ready", "ready", "ready"), True),
        (("failed", "ready", "failed"), True),
        (("ready", "failed", "none"), True),
        (("ready", "ready", "pending"), False),
        (("pending", "ready", "ready"), False),
        (("ready", "pending", "none"), False),
        (("none", "ready", "ready"), False),
    ],
)
def test_a_video_is_settled_when_nothing_more_will_come_by_itself(states, settled):
    metadata, transcript, summary = states
    video = Video(metadata_state=metadata, transcript_state=transcript, summary_state=summary)
    assert video.is_settled == settled


def test_whatever_youtube_fails_with_has_its_place_in_the_database():
    assert {str(reason) for reason in youtube.Reason} <= set(Reason.values)
