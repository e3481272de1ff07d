import copy
import pickle

import pytest
from youtube_transcript_api import (
    AgeRestricted,
    IpBlocked,
    PoTokenRequired,
    TranscriptsDisabled,
    VideoUnavailable,
)

from apps.videos.youtube import Reason, YouTubeError, reason_of


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Sign in to confirm you’re not a bot. Use --cookies for the authentication", "blocked"),
        ("Sign in to confirm you're not a bot", "blocked"),
        ("Our systems have detected unusual traffic from your computer network", "blocked"),
        ("All player responses are invalid. Your IP is likely being blocked by Youtube", "blocked"),
        ("X. YouTube is requiring a captcha challenge before playback", "blocked"),
        ("Please sign in", "blocked"),
        (str(IpBlocked("dQw4w9WgXcQ")), "blocked"),
        (str(PoTokenRequired("dQw4w9WgXcQ")), "blocked"),
        (str(TranscriptsDisabled("dQw4w9WgXcQ")), "no_captions"),
        ("No transcript was found: there are no captions.", "no_captions"),
        ("Captions are not available", "no_captions"),
        ("NoTranscriptFound", "no_captions"),
        ("No transcripts were found for any of the requested language codes: ['de']", "language_missing"),
        ("The requested language is not translatable", "language_missing"),
        ("Sign in to confirm your age. This video may be inappropriate for some users.", "age_restricted"),
        ("This video is age-restricted and only available on YouTube", "age_restricted"),
        ("AGE_VERIFICATION_REQUIRED", "age_restricted"),
        (str(AgeRestricted("dQw4w9WgXcQ")), "age_restricted"),
        ("ERROR: [youtube] dQw4w9WgXcQ: Private video. Sign in if you've been granted access", "private"),
        ("Video unavailable. This video is private", "private"),
        ("Join this channel to get access to members-only content like this video", "private"),
        ("ERROR: [youtube] dQw4w9WgXcQ: Video unavailable", "not_found"),
        ("Video unavailable. This video has been removed by the uploader", "not_found"),
        ("This video isn't available anymore", "not_found"),
        ("This video is no longer available because the account has been terminated.", "not_found"),
        (str(VideoUnavailable("dQw4w9WgXcQ")), "not_found"),
        ("This live event will begin in 3 hours.", "live"),
        ("Premieres in 25 minutes", "live"),
        ("The video is live", "live"),
        ("LIVE_STREAM_OFFLINE", "live"),
        ("Unable to download API page: HTTP Error 429: Too Many Requests", "rate_limited"),
        (
            "429 Client Error: Too Many Requests for url: https://www.youtube.com/private video",
            "rate_limited",
        ),
        ("Video unavailable. This content isn’t available, try again later.", "rate_limited"),
        ("Video unavailable. The uploader has not made this video available in your country", "unavailable"),
        ("This video is not available from your location due to geo restriction", "unavailable"),
        ("HTTP Error 500: Internal Server Error", "unavailable"),
        ("ERROR: [youtube] PrivateXYZ1: Unable to download webpage: timed out", "unavailable"),
        ("", "unavailable"),
        ("x" * 1_000_000, "unavailable"),
        ("no_captions", "no_captions"),
        (" AGE_RESTRICTED ", "age_restricted"),
    ],
    ids=lambda text: ascii(text)[:50],
)
def test_a_message_tells_its_reason(text, reason):
    assert reason_of(text) == reason


@pytest.mark.parametrize("reason", list(Reason))
def test_only_what_may_pass_is_retryable(reason):
    assert YouTubeError(reason).retryable is (reason in {"blocked", "rate_limited", "unavailable"})


def test_the_detail_is_one_bounded_line_without_credentials_or_escapes():
    error = YouTubeError(
        Reason.UNAVAILABLE, "\x1b[0;31mno way\x1b[0m\nthrough http://user:p@ss@proxy:3128/ " + "x" * 999
    )

    assert error.detail.startswith("no way through http://proxy:3128/ xxx")
    assert len(error.detail) == 300


@pytest.mark.parametrize("again", [copy.copy, lambda error: pickle.loads(pickle.dumps(error))])
def test_an_error_survives_being_handed_on(again):
    error = again(YouTubeError(Reason.RATE_LIMITED, "slow down", 7.0))

    assert (error.reason, error.detail, error.retry_after) == ("rate_limited", "slow down", 7.0)
    assert str(error) == "rate_limited: slow down"
