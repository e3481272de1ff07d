import json

import pytest
from django.utils import timezone

from apps.tasks import services as tasks
from apps.tasks.models import Task, TaskState
from apps.videos import services
from apps.videos.models import State, Transcript, Video
from tests import factories
from tests.conftest import VIDEO_ID

CALLS = [
    ("get", f"/v2/internal/videos/{VIDEO_ID}"),
    ("get", f"/v2/internal/videos/{VIDEO_ID}/ai-notes"),
    ("post", f"/v2/internal/videos/{VIDEO_ID}/transcript"),
    ("post", f"/v2/internal/videos/{VIDEO_ID}/metadata"),
    ("post", f"/v2/internal/videos/{VIDEO_ID}/summary"),
    ("post", "/v2/internal/tasks/1/result"),
    ("patch", "/v2/internal/notes/1"),
    ("get", "/v2/internal/metrics"),
]


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_the_internal_door_opens_to_the_admin_token_alone(anonymous, alices, guest, settings, method, path):
    settings.ADMIN_TOKEN = "right-" * 8
    wrong = {"HTTP_AUTHORIZATION": "Bearer wrong"}
    assert getattr(anonymous, method)(path).status_code == 401
    assert getattr(guest, method)(path).status_code == 401
    assert getattr(anonymous, method)(path, **wrong).status_code == 403
    assert getattr(alices, method)(path).status_code == 403
    settings.ADMIN_TOKEN = ""
    assert getattr(anonymous, method)(path, **wrong).status_code == 503


@pytest.fixture
def claimed(told, db):
    services.ensure_video(video_id=VIDEO_ID)

    def claim(kind="fetch_transcript"):
        return tasks.claim_next(kind=kind, owner="helper")

    return claim


def report(helper, task, **result):
    return helper.post(
        f"/v2/internal/tasks/{task.pk}/result", {"video_id": VIDEO_ID, "success": True} | result
    )


def test_a_helper_hands_in_a_transcript(helper, claimed, transcript_json):
    task = claimed()
    response = report(helper, task, transcript=transcript_json)
    assert response.status_code == 200
    assert response.json() == {"message": "Result accepted.", "task_id": task.pk, "status": "completed"}
    assert Video.objects.get().transcript_state == State.READY
    assert Transcript.objects.get().source == "helper"


def test_a_helper_may_say_start_and_leave_durations_out(helper, claimed):
    response = report(
        helper, claimed(), transcript=[{"text": "one", "start": 0}, {"text": "two", "start": 4.5}]
    )
    assert response.status_code == 200
    answer = helper.get(f"/v2/internal/videos/{VIDEO_ID}")
    assert answer.json()["transcript_available"] is True
    assert Transcript.objects.get().duration_seconds == 14.5


def test_a_helper_hands_in_metadata_and_only_what_is_known_is_kept(helper, claimed):
    metadata = {"id": VIDEO_ID, "title": "T", "duration": 61.4, "formats": [{"url": "x"}], "view_count": None}
    assert report(helper, claimed("fetch_metadata"), metadata=metadata).status_code == 200
    video = Video.objects.get()
    assert video.metadata == {"id": VIDEO_ID, "title": "T", "duration": 61}
    assert video.title == "T"


def test_a_failure_is_tried_again_three_times(helper, claimed):
    statuses = []
    for _ in range(4):
        Task.objects.update(due_at=timezone.now())
        task = claimed()
        statuses.append(report(helper, task, success=False, error_message="HTTP Error 429").json()["status"])
    assert statuses == ["pending", "pending", "pending", "failed"]
    video = Video.objects.get()
    assert (video.transcript_state, video.transcript_failure) == (State.FAILED, "rate_limited")


@pytest.mark.parametrize(
    "said",
    [
        {"transcript": [], "error_message": "no captions"},
        {"metadata": {}, "transcript": None},
        {"error_message": "x" * 100_000},
        {"error_message": "NUL \u0000 in it"},
        {"error_message": None},
        {"error_message": {"code": 5}},
    ],
)
def test_a_failure_is_taken_however_it_is_told(helper, claimed, said):
    response = report(helper, claimed(), success=False, **said)
    assert (response.status_code, response.json()["status"]) == (200, "pending")


def test_a_late_failure_does_not_take_the_task_from_the_worker_that_has_it_now(helper, claimed):
    task = claimed()
    Task.objects.filter(pk=task.pk).update(lease_owner="celery@host/boot/1", attempts=2)
    assert report(helper, task, success=False).status_code == 400
    assert Task.objects.get(pk=task.pk).state == TaskState.IN_PROGRESS


def test_metadata_of_another_video_is_refused(helper, told):
    metadata = {"id": "aaaaaaaaaaa", "title": "Another"}
    response = helper.post(f"/v2/internal/videos/{VIDEO_ID}/metadata", {"metadata": metadata})
    assert response.status_code == 400
    assert not Video.objects.exists()


def test_a_null_is_as_good_as_nothing_in_a_summary(helper, told):
    questions = {"suggested_questions": ["What is a?", "What is b?", "What is c?"]}
    path = f"/v2/internal/videos/{VIDEO_ID}/summary"
    assert helper.post(path, {"summary": None, "miscellaneous_data": questions}).status_code == 200
    assert helper.post(path, {"summary": "S", "miscellaneous_data": None}).status_code == 200
    video = Video.objects.get()
    assert (video.summary, video.suggested_questions) == ("S", questions["suggested_questions"])


def test_the_second_of_two_results_is_told_to_drop_it(helper, claimed, transcript_json):
    task = claimed()
    assert report(helper, task, transcript=transcript_json).status_code == 200
    assert report(helper, task, transcript=transcript_json).status_code == 400


def test_a_result_for_a_task_that_nobody_claimed_is_refused(helper, claimed, transcript_json):
    task = Task.objects.get(kind="fetch_transcript")
    assert report(helper, task, transcript=transcript_json).status_code == 400


@pytest.mark.parametrize("task_id", [999, 2**70])
def test_a_result_for_an_unknown_task_is_not_found(helper, transcript_json, task_id):
    response = helper.post(
        f"/v2/internal/tasks/{task_id}/result",
        {"video_id": VIDEO_ID, "success": True, "transcript": transcript_json},
    )
    assert response.status_code == 404


def test_another_kind_of_work_is_not_a_helpers(helper, told, transcript_json):
    task = factories.TaskFactory(
        kind="ai_summary", subject=VIDEO_ID, state=TaskState.IN_PROGRESS, lease_expires_at=timezone.now()
    )
    assert report(helper, task, transcript=transcript_json).status_code == 404


@pytest.mark.parametrize(
    "result",
    [
        {"video_id": "aaaaaaaaaaa", "transcript": [{"text": "a", "offset": 0}]},
        {"metadata": {"title": "T"}},
        {},
        {"transcript": None},
        {"transcript": [{"text": "a", "offset": 0}], "metadata": {"title": "T"}},
    ],
)
def test_the_wrong_video_or_payload_is_a_bad_request_and_changes_nothing(helper, claimed, result):
    task = claimed()
    assert report(helper, task, **result).status_code == 400
    task.refresh_from_db()
    assert task.state == TaskState.IN_PROGRESS
    assert not Transcript.objects.exists()


BAD_TRANSCRIPTS = [
    ([], "transcript"),
    ("words", "transcript"),
    ({}, "transcript"),
    (["words"], "transcript.0"),
    ([{"offset": 0}], "transcript.0.text"),
    ([{"text": 5, "offset": 0}], "transcript.0.text"),
    ([{"text": "a"}], "transcript.0.offset"),
    ([{"text": "a", "offset": -1}], "transcript.0.offset"),
    ([{"text": "a", "offset": "1"}], "transcript.0.offset"),
    ([{"text": "a", "offset": True}], "transcript.0.offset"),
    ([{"text": "a", "offset": 1e300}], "transcript.0.offset"),
    ([{"text": "a", "offset": 0}, {"text": "b", "offset": 1, "duration": -1}], "transcript.1.duration"),
    ([{"text": " \u0000 ", "offset": 0}], "transcript"),
]


@pytest.mark.parametrize(("bad", "field"), BAD_TRANSCRIPTS)
def test_a_transcript_that_is_none_is_refused_by_field_and_nothing_is_stored(helper, told, bad, field):
    response = helper.post(f"/v2/internal/videos/{VIDEO_ID}/transcript", {"transcript": bad})
    assert response.status_code == 422
    assert response.json()["error"]["details"][0]["field"] == field
    assert not Video.objects.exists()


@pytest.mark.parametrize("bad", [bad for bad, _ in BAD_TRANSCRIPTS])
def test_a_bad_transcript_reported_as_success_leaves_the_task_in_progress(helper, claimed, bad):
    task = claimed()
    assert report(helper, task, transcript=bad).status_code == 422
    task.refresh_from_db()
    assert task.state == TaskState.IN_PROGRESS


def test_nuls_surrogates_holes_and_overlaps_are_lived_with(helper, told):
    sent = [
        {"text": "late", "offset": 4000.0, "duration": 9},
        {"text": "NUL\u0000 and \ud800 surrogate", "offset": 1.0, "duration": 100.0},
        {"text": "overlap", "offset": 2.0},
    ]
    body = json.dumps({"transcript": sent})
    response = helper.post(
        f"/v2/internal/videos/{VIDEO_ID}/transcript", body, content_type="application/json"
    )
    assert response.status_code == 200
    from apps.videos import storage

    assert [segment.text for segment in storage.read(Transcript.objects.get())] == [
        "NUL and  surrogate",
        "overlap",
        "late",
    ]


def test_twelve_hours_in_50_000_segments_are_taken(helper, told):
    sent = [
        {"text": f"words number {n} of a very long talk", "offset": n * 0.864, "duration": 0.864}
        for n in range(50_000)
    ]
    response = helper.post(f"/v2/internal/videos/{VIDEO_ID}/transcript", {"transcript": sent})
    assert response.status_code == 200
    assert Transcript.objects.get().segment_count == 50_000


def test_more_segments_than_can_be_kept_are_refused(helper, told):
    sent = [{"text": "a", "offset": 0}] * 100_001
    response = helper.post(f"/v2/internal/videos/{VIDEO_ID}/transcript", {"transcript": sent})
    assert response.status_code == 422


def test_metadata_makes_a_new_video_whose_transcript_is_fetched(helper, told):
    response = helper.post(
        f"/v2/internal/videos/{VIDEO_ID}/metadata", {"metadata": {"title": "T", "id": VIDEO_ID}}
    )
    assert response.status_code == 200
    assert response.json()["title"] == "T"
    live = Task.objects.filter(state=TaskState.PENDING).values_list("kind", flat=True)
    assert list(live) == ["fetch_transcript"]


@pytest.mark.parametrize("metadata", [None, [], "T", {}, {"title": 5}, {"duration": "long"}, {"unknown": 1}])
def test_metadata_that_is_none_is_refused(helper, told, metadata):
    response = helper.post(f"/v2/internal/videos/{VIDEO_ID}/metadata", {"metadata": metadata})
    assert response.status_code == 422
    assert not Video.objects.exists()


def test_a_summary_with_questions_is_stored_and_its_task_called_off(helper, told, segments):
    services.store_transcript(video_id=VIDEO_ID, what=segments, language="en", source="youtube")
    questions = ["What is a ledger?", "Who claims an entry?", "What does the sweeper do?"]
    response = helper.post(
        f"/v2/internal/videos/{VIDEO_ID}/summary",
        {"summary": "It is about ledgers.", "miscellaneous_data": {"suggested_questions": questions}},
    )
    assert response.status_code == 200
    assert (response.json()["summary"], response.json()["suggested_questions"]) == (
        "It is about ledgers.",
        questions,
    )
    assert response.json()["summary_state"] == "ready"
    assert not Task.objects.filter(kind="ai_summary", state=TaskState.PENDING).exists()


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"summary": ""},
        {"summary": "x" * 10_001},
        {"miscellaneous_data": {"suggested_questions": ["a", "b"]}},
        {"miscellaneous_data": {"suggested_questions": ["a", "b", "B"]}},
        {"miscellaneous_data": {"suggested_questions": ["a", "b", "x" * 501]}},
        {"miscellaneous_data": {}},
    ],
)
def test_a_summary_that_is_none_is_refused(helper, told, sent):
    assert helper.post(f"/v2/internal/videos/{VIDEO_ID}/summary", sent).status_code == 422
    assert not Video.objects.exists()


def test_an_unknown_video_is_not_found(helper):
    assert helper.get(f"/v2/internal/videos/{VIDEO_ID}").status_code == 404


def test_metrics_count_what_waits(helper, told):
    services.ensure_video(video_id=VIDEO_ID)
    response = helper.get("/v2/internal/metrics", HTTP_ACCEPT="application/openmetrics-text")
    assert response.status_code == 200
    text = response.content.decode()
    assert 'vidwiz_tasks{kind="fetch_transcript",state="pending"} 1.0' in text
    assert 'vidwiz_tasks{kind="ai_note",state="pending"} 0.0' in text
