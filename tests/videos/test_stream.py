"""The stream over a real server: what a client that watches a video get ready sees."""

from datetime import timedelta

import pytest
import requests
from rest_framework_simplejwt.tokens import AccessToken

from apps.videos import services
from apps.videos import stream as module
from apps.videos.models import Stage, State, Video
from tests import factories
from tests.conftest import VIDEO_ID, tokens_of


@pytest.fixture
def video(transactional_db, told):
    return services.ensure_video(video_id=VIDEO_ID, title="Seen")


def fail(stage):
    Video.objects.filter(video_id=VIDEO_ID).move(stage, frm=tuple(State), to=State.FAILED)
    services.announce(Video.objects.get(video_id=VIDEO_ID))


def test_a_video_is_followed_until_it_is_there(stream, video, segments):
    events = iter(stream(VIDEO_ID))
    name, first = next(events)
    assert (name, first["event"], first["video"]["transcript_state"]) == ("snapshot", "snapshot", "pending")
    services.store_transcript(video_id=VIDEO_ID, what=segments, language="en", source="youtube")
    name, second = next(events)
    assert (name, second["video"]["transcript_available"]) == ("update", True)
    services.store_metadata(video_id=VIDEO_ID, metadata={"title": "True"})
    name, third = next(events)
    assert (name, third["video"]["title"]) == ("update", "True")
    services.store_summary(
        video_id=VIDEO_ID, summary="Short.", questions=None, made_by={"provider": "helper"}
    )
    assert [(name, data["event"], data["video"]["summary"]) for name, data in events] == [
        ("update", "update", "Short."),
        ("done", "done", "Short."),
    ]


def test_a_video_that_is_there_is_told_and_done(stream, video):
    fail(Stage.METADATA)
    fail(Stage.TRANSCRIPT)
    assert [name for name, _ in stream(VIDEO_ID)] == ["snapshot", "done"]


def test_every_listener_hears_of_a_change(stream, video):
    streams = [iter(stream(VIDEO_ID)) for _ in range(3)]
    assert [next(events)[0] for events in streams] == ["snapshot"] * 3
    fail(Stage.METADATA)
    assert [next(events)[0] for events in streams] == ["update"] * 3


def test_another_videos_change_is_not_heard(stream, video, told):
    events = iter(stream(VIDEO_ID))
    next(events)
    services.ensure_video(video_id="aaaaaaaaaaa")
    fail(Stage.TRANSCRIPT)
    name, data = next(events)
    assert (name, data["video"]["video_id"], data["video"]["transcript_state"]) == (
        "update",
        VIDEO_ID,
        "failed",
    )


def test_a_comment_keeps_proxies_from_closing_it(stream, video, monkeypatch):
    monkeypatch.setattr(module, "HEARTBEAT_SECONDS", 0.05)
    events = iter(stream(VIDEO_ID))
    next(events)
    assert next(events) == ("", "still here")


def test_it_is_not_cached_nor_buffered_and_carries_the_request_id(stream, video):
    headers = stream(VIDEO_ID, **{"X-Guest-Session-ID": "g" * 16, "X-Request-ID": "mine-1"}).response.headers
    assert headers["Content-Type"].startswith("text/event-stream")
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Accel-Buffering"] == "no"
    assert headers["X-Request-ID"] == "mine-1"


def test_it_ends_with_the_callers_token(stream, video):
    token = AccessToken(tokens_of(factories.UserFactory()).access)
    token.set_exp(lifetime=timedelta(seconds=2))  # cut to whole seconds: 1 to 2 from now
    events = stream(VIDEO_ID, Authorization=f"Bearer {token}")
    assert [name for name, _ in events] == ["snapshot"]


def test_a_user_may_spell_the_video_as_a_url(stream, video):
    token = tokens_of(factories.UserFactory()).access
    events = iter(stream(f"https%3A%2F%2Fyoutu.be%2F{VIDEO_ID}", Authorization=f"Bearer {token}"))
    assert next(events)[0] == "snapshot"


@pytest.mark.parametrize(
    ("video_id", "headers", "status", "code"),
    [
        (VIDEO_ID, {"X-Nothing": "1"}, 401, "UNAUTHORIZED"),
        (VIDEO_ID, {"Authorization": "Bearer bad"}, 401, "UNAUTHORIZED"),
        (VIDEO_ID, {"X-Guest-Session-ID": "short"}, 401, "UNAUTHORIZED"),
        ("aaaaaaaaaaa", {"X-Guest-Session-ID": "g" * 16}, 404, "NOT_FOUND"),
        ("nonsense", {"X-Guest-Session-ID": "g" * 16}, 422, "VALIDATION_ERROR"),
    ],
)
def test_what_is_refused_is_refused_in_the_apis_shape(stream, video, video_id, headers, status, code):
    refused = stream(video_id, **headers)
    assert refused.response.status == status
    assert refused.json()["error"]["code"] == code
    assert refused.response.headers["X-Request-ID"]


def test_a_strange_host_is_refused_as_everywhere(stream, video):
    assert (
        stream(VIDEO_ID, **{"X-Guest-Session-ID": "g" * 16, "Host": "evil.example.com"}).response.status
        == 400
    )


def test_it_is_only_for_reading(server, video):
    guest = {"X-Guest-Session-ID": "g" * 16}
    response = requests.post(f"{server}/v2/videos/{VIDEO_ID}/stream", headers=guest, timeout=5)
    assert (response.status_code, response.json()["error"]["code"]) == (405, "METHOD_NOT_ALLOWED")
