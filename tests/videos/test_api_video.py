import json

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.tasks.models import Task
from apps.videos import services, storage
from apps.videos.models import State, Transcript, Video
from tests import factories
from tests.conftest import VIDEO_ID


@pytest.fixture
def video(db, segments, told):
    services.store_transcript(
        video_id=VIDEO_ID, what=segments, language="en", source=Transcript.Source.YOUTUBE
    )
    return Video.objects.get()


def test_a_video_is_given_as_the_contract_says(alices, video):
    response = alices.get(f"/v2/videos/{VIDEO_ID}")
    assert response.status_code == 200
    answer = response.json()
    assert answer == {
        "id": video.pk,
        "video_id": VIDEO_ID,
        "title": None,
        "metadata": None,
        "transcript_available": True,
        "summary": None,
        "suggested_questions": None,
        "created_at": answer["created_at"],
        "updated_at": answer["updated_at"],
        "metadata_state": "pending",
        "transcript_state": "ready",
        "summary_state": "pending",
        "failure": None,
        "transcript": {"language": "en", "source": "youtube", "private": False},
    }
    assert answer["updated_at"].endswith("Z")


def test_a_video_costs_three_queries(alices, video):
    with CaptureQueriesContext(connection) as queries:
        alices.get(f"/v2/videos/{VIDEO_ID}")
    assert len(queries) == 3  # the user, the video, its transcript's row


@pytest.mark.parametrize(
    "spelled",
    [
        VIDEO_ID,
        f"https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3D{VIDEO_ID}%26list%3DPL1",
        f"https%3A%2F%2Fyoutu.be%2F{VIDEO_ID}",
        f"youtube.com%2Fshorts%2F{VIDEO_ID}",
        f"https:%2F%2Fm.youtube.com%2Flive%2F{VIDEO_ID}%3Fsi%3Dx",
    ],
)
@pytest.mark.parametrize("path", ["/v2/videos/{}", "/v2/videos/{}/transcript", "/v2/videos/{}/notes"])
def test_an_id_may_be_any_spelling_of_a_youtube_url(alices, video, spelled, path):
    assert alices.get(path.format(spelled)).status_code == 200


@pytest.mark.parametrize(
    "spelled",
    [
        "short",
        "https%3A%2F%2Fnotyoutube.com%2Fwatch%3Fv%3DdQw4w9WgXcQ",
        "playlist%3Flist%3DPL1",
        "%00",
        "é" * 11,
    ],
)
@pytest.mark.parametrize("path", ["/v2/videos/{}", "/v2/videos/{}/transcript", "/v2/videos/{}/notes"])
def test_anything_else_is_refused(alices, spelled, path):
    response = alices.get(path.format(spelled))
    assert response.status_code == 422
    assert response.json()["error"]["details"][0]["field"] == "video_id"


def test_an_unknown_video_is_not_found(alices):
    response = alices.get(f"/v2/videos/{VIDEO_ID}")
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "NOT_FOUND"


def test_guests_may_look_and_nobody_else(guest, anonymous, video):
    assert guest.get(f"/v2/videos/{VIDEO_ID}").status_code == 200
    assert guest.get(f"/v2/videos/{VIDEO_ID}/transcript").status_code == 200
    assert anonymous.get(f"/v2/videos/{VIDEO_ID}").status_code == 401
    assert anonymous.get(f"/v2/videos/{VIDEO_ID}/transcript").status_code == 401


@pytest.mark.parametrize("session", ["short", "x" * 129, "with space 0123456789", "ünïcode-session-0123"])
def test_a_guest_session_must_have_the_shape_of_one(anonymous, video, session):
    response = anonymous.get(f"/v2/videos/{VIDEO_ID}", HTTP_X_GUEST_SESSION_ID=session)
    assert response.status_code == 401


def test_the_transcript_is_given_in_seconds(alices, video, transcript_json):
    answer = alices.get(f"/v2/videos/{VIDEO_ID}/transcript").json()
    assert answer == {
        "video_id": VIDEO_ID,
        "language": "en",
        "source": "youtube",
        "private": False,
        "segments": transcript_json,
    }


def test_no_transcript_yet_is_not_found(alices, db):
    factories.VideoFactory(video_id=VIDEO_ID)
    assert alices.get(f"/v2/videos/{VIDEO_ID}/transcript").status_code == 404


def test_a_transcript_that_vanished_from_storage_is_fetched_again(alices, video, told):
    default_storage.delete(storage.key_of(VIDEO_ID))
    response = alices.get(f"/v2/videos/{VIDEO_ID}/transcript")
    assert response.status_code == 404
    assert "fetched again" in response.json()["error"]["message"]
    video.refresh_from_db()
    assert video.transcript_state == State.PENDING
    assert Task.objects.filter(kind="fetch_transcript", state="pending").count() == 1


def test_a_transcript_cut_short_in_storage_counts_as_vanished(alices, video):
    path = default_storage.path(storage.key_of(VIDEO_ID))
    whole = open(path, "rb").read()
    open(path, "wb").write(whole[: len(whole) // 2])
    assert alices.get(f"/v2/videos/{VIDEO_ID}/transcript").status_code == 404
    video.refresh_from_db()
    assert video.transcript_state == State.PENDING


def test_storage_that_does_not_answer_is_503_and_changes_nothing(alices, video, monkeypatch):
    def down(*args, **kwargs):
        raise OSError("Input/output error")

    monkeypatch.setattr(default_storage, "open", down)
    response = alices.get(f"/v2/videos/{VIDEO_ID}/transcript")
    assert response.status_code == 503
    assert response.json()["error"]["code"] == "SERVICE_UNAVAILABLE"
    video.refresh_from_db()
    assert video.transcript_state == State.READY


@pytest.mark.parametrize(
    ("failed", "told_stage", "told_reason"),
    [
        ({"transcript_state": "failed", "transcript_failure": "no_captions"}, "transcript", "no_captions"),
        ({"metadata_state": "failed", "metadata_failure": "not_found"}, "metadata", "not_found"),
        (
            {
                "metadata_failure": "not_found",
                "summary_failure": "ai_failed",
                "transcript_failure": "blocked",
            },
            "transcript",
            "blocked",
        ),
    ],
)
def test_a_failure_says_what_to_do_next(alices, failed, told_stage, told_reason):
    factories.VideoFactory(video_id=VIDEO_ID, **failed)
    failure = alices.get(f"/v2/videos/{VIDEO_ID}").json()["failure"]
    assert (failure["stage"], failure["reason"], failure["retry_at"]) == (told_stage, told_reason, None)
    assert len(failure["message"]) > 20


def test_under_a_server_without_streams_the_stream_says_where_it_is(alices, video):
    response = alices.get(f"/v2/videos/{VIDEO_ID}/stream")
    assert response.status_code == 503
    assert "ASGI" in json.dumps(response.json())
