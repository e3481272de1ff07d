"""What was said in a video, from YouTube's captions, by way of youtube-transcript-api."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar
from xml.etree.ElementTree import ParseError

import requests
import urllib3
import youtube_transcript_api as library
from youtube_transcript_api import YouTubeTranscriptApi

from apps.videos.youtube import ids
from apps.videos.youtube.config import YouTube
from apps.videos.youtube.errors import Reason, YouTubeError, reason_of
from apps.videos.youtube.http import Session
from vidwiz.common import segments
from vidwiz.common.segments import Segment

_MAX_LANGUAGE = 35  # the longest code that BCP 47 foresees


@dataclass(frozen=True)
class Captions:
    """One track: its language code as YouTube writes it, whether a machine wrote it, and its segments."""

    language: str
    automatic: bool
    segments: list[Segment]


class Track(Protocol):
    language_code: str
    is_generated: bool


AnyTrack = TypeVar("AnyTrack", bound=Track)

# What the library lets through when YouTube's answer is not what it expects (it reads JSON and XML
# without checking them), beside what the network raises. ParseError is a SyntaxError.
_ODD_ANSWERS = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    OSError,
    ParseError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    RecursionError,
)

_REASONS: tuple[tuple[type[library.CouldNotRetrieveTranscript], Reason], ...] = (
    (library.RequestBlocked, Reason.BLOCKED),
    (library.PoTokenRequired, Reason.BLOCKED),
    (library.AgeRestricted, Reason.AGE_RESTRICTED),
    (library.TranscriptsDisabled, Reason.NO_CAPTIONS),
    (library.NoTranscriptFound, Reason.NO_CAPTIONS),
    (library.VideoUnavailable, Reason.NOT_FOUND),
    (library.InvalidVideoId, Reason.NOT_FOUND),
)


def fetch_transcript(video_id: str, youtube: YouTube) -> Captions:
    """The captions of a video in the best language there is. Raises `YouTubeError`, and nothing else.

    Takes up to three requests, four where YouTube asks for consent. May be called from any thread.
    """
    try:
        video_id = ids.video_id(video_id)
    except ids.BadVideoId as error:
        raise YouTubeError(Reason.NOT_FOUND, error.message) from error
    # The library is not thread-safe: a new session and a new client for each call.
    with Session(youtube) as session:
        try:
            return _fetch(video_id, youtube.languages, session)
        except library.YouTubeTranscriptApiException as error:
            raise _translated(error, session) from error
        except _ODD_ANSWERS as error:
            raise YouTubeError(Reason.UNAVAILABLE, session.describe(error), session.retry_after) from error


def _fetch(video_id: str, languages: Sequence[str], session: Session) -> Captions:
    tracks = list(YouTubeTranscriptApi(http_client=session).list(video_id))
    if _is_live(session):
        # A running stream may have captions, but only of the last minutes: not what was said in it.
        raise YouTubeError(Reason.LIVE, "The video is live or has not begun.")
    track = choose(tracks, languages)
    if track is None:
        raise YouTubeError(Reason.NO_CAPTIONS, "The list of tracks is empty.")
    items = track.fetch().to_raw_data()
    if not any(item["text"].strip() for item in items):
        raise YouTubeError(Reason.NO_CAPTIONS, f"The track {track.language_code!r} is empty.")
    return Captions(
        language=track.language_code[:_MAX_LANGUAGE],
        automatic=track.is_generated,
        segments=segments.read(items),
    )


def choose(tracks: Iterable[AnyTrack], languages: Sequence[str]) -> AnyTrack | None:
    """The track to take: in a wanted language, the most wanted first; else in the video's own (that of
    its automatic track, else of the first one listed). Of one language, a manual track goes before an
    automatic one, then "en" before "en-GB". None only if there is no track."""
    listed = sorted(tracks, key=lambda track: track.is_generated)
    if not listed:
        return None
    automatic = [track for track in listed if track.is_generated]
    own = (automatic or listed)[0].language_code
    for wanted in (*languages, own):
        fitting = [track for track in listed if _fits(track.language_code, wanted)]
        if fitting:
            return min(fitting, key=lambda track: (track.is_generated, not _same(track, wanted)))
    return listed[0]


def _same(track: Track, wanted: str) -> bool:
    return track.language_code.lower() == wanted.lower()


def _fits(code: str, wanted: str) -> bool:
    """ "en" and "en-GB" fit each other; "zh-Hans" and "zh-Hant" don't."""
    code, wanted = f"{code}-".lower(), f"{wanted}-".lower()
    return code.startswith(wanted) or wanted.startswith(code)


def _is_live(session: Session) -> bool:
    """Whether the latest response describes a video that is running or announced. The library keeps only
    the captions of it, and calls a stream without them one with captions disabled."""
    answer = session.last.json() if session.last is not None else None
    details = answer.get("videoDetails") if isinstance(answer, dict) else None
    return isinstance(details, dict) and bool(details.get("isLive") or details.get("isUpcoming"))


def _translated(error: library.YouTubeTranscriptApiException, session: Session) -> YouTubeError:
    cause = error.cause if isinstance(error, library.CouldNotRetrieveTranscript) else str(error)
    # After its first paragraph the library advises its reader, who is not ours.
    detail = f"{type(error).__name__}: {cause.strip().partition('This usually')[0]}"
    reason = next((reason for kind, reason in _REASONS if isinstance(error, kind)), Reason.UNAVAILABLE)
    if isinstance(error, library.VideoUnplayable):
        reason = reason_of(" ".join(map(str, [error.reason or "", *error.sub_reasons])))
    if isinstance(error, library.TranscriptsDisabled) and _is_live(session):
        reason = Reason.LIVE
    # The library calls every 429 a block of the address, even where YouTube says when to come back.
    return YouTubeError(session.refusal or reason, detail, session.retry_after)
