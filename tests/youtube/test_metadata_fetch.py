import time

import pytest

from apps.videos.youtube import YouTubeError, fetch_metadata
from tests.standins.youtube import Fault, Video
from tests.youtube.conftest import VIDEO_ID
from tests.youtube.pages import CHANNEL_ID, MISSING

BOT = "Sign in to confirm you’re not a bot"


def failure(video_id, youtube) -> YouTubeError:
    with pytest.raises(YouTubeError) as raised:
        fetch_metadata(video_id, youtube)
    return raised.value


def test_everything_the_contract_names_is_found_with_two_requests(fake, youtube):
    assert fetch_metadata(VIDEO_ID, youtube) == {
        "id": VIDEO_ID,
        "title": "A talk about tides",
        "uploader": "The Tide Channel",
        "channel": "The Tide Channel",
        "channel_url": f"https://www.youtube.com/channel/{CHANNEL_ID}",
        "upload_date": "20240102",
        "duration": 212,
        "duration_string": "3:32",
        "view_count": 12_345,
        "like_count": 678,
        "description": "Why there are two tides a day.\n0:00 Start",
        "thumbnail": f"https://i.ytimg.com/vi/{VIDEO_ID}/hqdefault.jpg",
    }
    assert [seen.client for seen in fake.requests] == ["", "ANDROID_VR"]


def test_nothing_is_printed_and_nothing_is_kept(fake, youtube, capfd, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    fake.videos[VIDEO_ID] = MISSING

    failure(VIDEO_ID, youtube)

    assert capfd.readouterr() == ("", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "video",
    [
        Video(status="LOGIN_REQUIRED", reason="Sign in to confirm your age"),
        Video(status="LIVE_STREAM_OFFLINE", reason="Premieres in 2 hours", upcoming=True),
        Video(live=True),
        Video(tracks=None),
        Video(status="LOGIN_REQUIRED", reason=BOT),
    ],
)
def test_a_video_that_cannot_be_played_still_has_its_title(fake, youtube, video):
    fake.videos[VIDEO_ID] = video

    assert fetch_metadata(VIDEO_ID, youtube)["title"] == "A talk about tides"


@pytest.mark.parametrize(
    "fault", [Fault("status", status=429), Fault("captcha"), Fault("empty"), Fault("huge")]
)
def test_without_the_watch_page_less_is_known(fake, youtube, fault):
    fake.faults[VIDEO_ID] = fault

    found = fetch_metadata(VIDEO_ID, youtube)

    assert found["title"] == "A talk about tides"
    assert "upload_date" not in found


@pytest.mark.parametrize(
    ("status", "reason", "subreason", "expected"),
    [
        ("ERROR", "This video is unavailable", "", "not_found"),
        ("ERROR", "Video unavailable", "This video has been removed by the uploader", "not_found"),
        ("LOGIN_REQUIRED", "Private video", "", "private"),
        ("LOGIN_REQUIRED", "Sign in to confirm your age", "", "age_restricted"),
        ("LOGIN_REQUIRED", BOT, "", "blocked"),
        ("LIVE_STREAM_OFFLINE", "This live event will begin in 2 hours.", "", "live"),
        ("ERROR", "Video unavailable", "This content isn't available, try again later.", "rate_limited"),
        (
            "UNPLAYABLE",
            "Video unavailable",
            "The uploader has not made this video available in your country",
            "unavailable",
        ),
        ("UNPLAYABLE", "", "", "unavailable"),
    ],
)
def test_each_refusal_has_its_reason(fake, youtube, status, reason, subreason, expected):
    fake.videos[VIDEO_ID] = Video(title="", status=status, reason=reason, subreason=subreason)

    assert failure(VIDEO_ID, youtube).reason == expected


@pytest.mark.parametrize(
    ("fault", "reason", "retry_after"),
    [
        (Fault("status", at="player", status=429, headers={"Retry-After": "7"}), "rate_limited", 7.0),
        (Fault("sorry", at="player"), "blocked", None),
        (Fault("status", at="player", status=500), "unavailable", None),
        (Fault("status", at="player", status=403), "unavailable", None),
        (Fault("list", at="player"), "unavailable", None),
        (Fault("deep", at="player"), "unavailable", None),
        (Fault("garbage", at="player"), "unavailable", None),
        (Fault("huge", at="player"), "unavailable", None),
    ],
    ids=str,
)
def test_each_fault_of_a_video_without_a_page_has_its_reason(fake, youtube, fault, reason, retry_after):
    fake.videos[VIDEO_ID] = Video(title="")
    fake.faults[VIDEO_ID] = fault

    error = failure(VIDEO_ID, youtube)

    assert (error.reason, error.retry_after) == (reason, retry_after)


@pytest.mark.parametrize("at", ["watch", "player"])
@pytest.mark.parametrize("kind", ["drip", "drip_chunk", "drip_header"])
def test_a_server_that_takes_its_time_does_not_hold_the_worker(fake, hasty, kind, at):
    fake.videos[VIDEO_ID] = Video(title="")
    fake.faults[VIDEO_ID] = Fault(kind, at=at)
    began = time.monotonic()

    assert failure(VIDEO_ID, hasty).reason == "unavailable"
    assert time.monotonic() - began < 5


def test_a_trailer_is_not_taken_for_its_film(fake, youtube):
    fake.videos[VIDEO_ID] = Video(
        status="UNPLAYABLE", reason="This video requires payment to watch.", shows_id="trailer0000"
    )

    assert failure(VIDEO_ID, youtube).reason == "unavailable"


def test_what_is_no_id_is_not_asked_for(fake, youtube):
    assert failure("https://evil.com/", youtube).reason == "not_found"
    assert fake.requests == []
