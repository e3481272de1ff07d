import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from apps.videos.youtube import Captions, YouTubeError, fetch_transcript
from tests.standins.youtube import Fault, Track, Video
from tests.youtube.conftest import VIDEO_ID
from vidwiz.common.segments import Segment


def failure(video_id, youtube) -> YouTubeError:
    with pytest.raises(YouTubeError) as raised:
        fetch_transcript(video_id, youtube)
    return raised.value


def test_the_captions_come_as_segments_in_seconds(fake, youtube):
    assert fetch_transcript(VIDEO_ID, youtube) == Captions(
        language="en",
        automatic=False,
        segments=[
            Segment("Hello & welcome", 0.0, 1.5),
            Segment("to the second line", 1.5, 2.25),
            Segment("and the last one", 60.0, 3.0),
        ],
    )
    assert [seen.target.partition("?")[0] for seen in fake.requests] == [
        "/watch",
        "/youtubei/v1/player",
        "/api/timedtext",
    ]


def test_the_best_track_is_fetched_and_no_other(fake, youtube):
    fake.videos[VIDEO_ID] = Video(tracks=(Track("fr"), Track("en-GB", automatic=True)))

    captions = fetch_transcript(VIDEO_ID, youtube)

    assert (captions.language, captions.automatic) == ("en-GB", True)
    assert fake.requests[-1].target.endswith("n=1&lang=en-GB")
    assert len(fake.requests) == 3


def test_braces_and_markup_in_what_was_said_stay_and_formatting_goes(fake, youtube):
    text = "&lt;i&gt;if&lt;/i&gt; {x} &amp;amp; 3 &amp;lt; 4"
    xml = f"<transcript><text start='1' dur='2'>{text}</text></transcript>"
    fake.videos[VIDEO_ID] = Video(tracks=(Track(xml=xml),))

    assert [segment.text for segment in fetch_transcript(VIDEO_ID, youtube).segments] == ["if {x} & 3 < 4"]


def test_a_consent_page_is_passed(fake, youtube):
    fake.faults[VIDEO_ID] = Fault("consent")

    assert fetch_transcript(VIDEO_ID, youtube).language == "en"
    assert "CONSENT=YES+cb.1" in fake.requests[1].cookie


@pytest.mark.parametrize(
    ("video", "reason"),
    [
        (Video(tracks=None), "no_captions"),
        (Video(tracks=()), "no_captions"),
        (Video(tracks=(Track(segments=()),)), "no_captions"),
        (Video(tracks=(Track(segments=(("  ", 0, 1),)),)), "no_captions"),
        (Video(tracks=(Track(token=True),)), "blocked"),
        (Video(status="LOGIN_REQUIRED", reason="Sign in to confirm you’re not a bot"), "blocked"),
        (Video(status="LOGIN_REQUIRED", reason="Sign in to confirm you're not a bot"), "blocked"),
        (
            Video(status="LOGIN_REQUIRED", reason="This video may be inappropriate for some users."),
            "age_restricted",
        ),
        (Video(status="LOGIN_REQUIRED", reason="Sign in to confirm your age"), "age_restricted"),
        (Video(status="LOGIN_REQUIRED", reason="This video is private"), "private"),
        (Video(status="ERROR", reason="This video is unavailable"), "not_found"),
        (
            Video(status="ERROR", reason="Video unavailable", subreason="Removed by the uploader"),
            "not_found",
        ),
        (Video(status="LIVE_STREAM_OFFLINE", reason="This live event will begin in 2 hours."), "live"),
        (Video(live=True), "live"),
        (Video(live=True, tracks=None), "live"),
        (Video(upcoming=True, tracks=None), "live"),
        (
            Video(
                status="ERROR",
                reason="Video unavailable",
                subreason="This content isn't available, try again later.",
            ),
            "rate_limited",
        ),
        (
            Video(status="UNPLAYABLE", reason="Video unavailable", subreason="Not available in your country"),
            "unavailable",
        ),
        (Video(status="UNPLAYABLE"), "unavailable"),
        (Video(tracks=(Track(xml="<transcript><text dur='1'>x</text></transcript>"),)), "unavailable"),
        (Video(tracks=(Track(xml="<transcript><text start='nan'>x</text></transcript>"),)), "unavailable"),
        (Video(tracks=(Track(xml="<transcript><text start='x'>x</text></transcript>"),)), "unavailable"),
        (Video(tracks=(Track(xml="<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),)), "unavailable"),
    ],
)
def test_each_refusal_has_its_reason(fake, youtube, video, reason):
    fake.videos[VIDEO_ID] = video

    assert failure(VIDEO_ID, youtube).reason == reason


@pytest.mark.parametrize(
    ("fault", "reason", "retry_after"),
    [
        (Fault("status", status=429, headers={"Retry-After": "7"}), "rate_limited", 7.0),
        (Fault("status", at="player", status=429), "rate_limited", None),
        (Fault("status", at="timedtext", status=429), "rate_limited", None),
        (Fault("status", status=503, headers={"Retry-After": "9"}), "unavailable", 9.0),
        (Fault("status", status=500), "unavailable", None),
        (Fault("status", at="player", status=403), "unavailable", None),
        (Fault("captcha"), "blocked", None),
        (Fault("sorry"), "blocked", None),
        (Fault("astray"), "unavailable", None),
        (Fault("consent_forever"), "unavailable", None),
        (Fault("garbage"), "unavailable", None),
        (Fault("garbage", at="player"), "unavailable", None),
        (Fault("garbage", at="timedtext"), "unavailable", None),
        (Fault("empty", at="player"), "unavailable", None),
        (Fault("empty", at="timedtext"), "unavailable", None),
        (Fault("list", at="player"), "unavailable", None),
        (Fault("deep", at="player"), "unavailable", None),
        (Fault("bad_tracks", at="player"), "unavailable", None),
        (Fault("cut"), "unavailable", None),
        (Fault("huge"), "unavailable", None),
        (Fault("zipped", at="timedtext"), "unavailable", None),
    ],
    ids=str,
)
def test_each_fault_has_its_reason(fake, youtube, fault, reason, retry_after):
    fake.faults[VIDEO_ID] = fault

    error = failure(VIDEO_ID, youtube)

    assert (error.reason, error.retryable, error.retry_after) == (reason, True, retry_after)
    assert error.detail


@pytest.mark.parametrize("at", ["watch", "player", "timedtext"])
@pytest.mark.parametrize("kind", ["hang", "drip", "drip_chunk", "drip_header"])
def test_a_server_that_takes_its_time_does_not_hold_the_worker(fake, hasty, kind, at):
    fake.faults[VIDEO_ID] = Fault(kind, at=at)
    began = time.monotonic()

    error = failure(VIDEO_ID, hasty)

    assert error.reason == "unavailable"
    assert time.monotonic() - began < 5


def test_nobody_there_is_unavailable(fake, youtube):
    fake.close()

    assert failure(VIDEO_ID, youtube).reason == "unavailable"


def test_what_is_no_id_is_not_asked_for(fake, youtube):
    assert failure("../../etc", youtube).reason == "not_found"
    assert fake.requests == []


def test_many_threads_may_fetch_at_once(fake, youtube):
    fake.videos |= {
        f"video00000{n}": Video(tracks=(Track("en", segments=((str(n), 0, 1),)),)) for n in range(8)
    }

    def fetch(n: int) -> str:
        return fetch_transcript(f"video00000{n}", youtube).segments[0].text

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(fetch, range(8))) == [str(n) for n in range(8)]
