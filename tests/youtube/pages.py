"""The pages and answers of YouTube that tests/standins/youtube.py serves."""

import gzip
import json
from dataclasses import dataclass
from html import escape
from typing import Any

CHANNEL_ID = "UCuAXFkgsw1L7xaCfnd5JJOw"
CAPTCHA = '<html><form><div class="g-recaptcha" data-sitekey="k"></div></form></html>'
CONSENT = (
    '<html><form action="https://consent.youtube.com/s" method="POST">'
    '<input type="hidden" name="v" value="cb.1"></form></html>'
)
BAD_TRACKS = {"playerCaptionsTracklistRenderer": {"captionTracks": [{"languageCode": ["en"], "name": "?"}]}}


@dataclass(frozen=True)
class Track:
    """Captions in one language. `segments` are (text, offset, duration) in seconds; `xml` replaces the whole
    answer; `token` makes its address one that asks for a PO token."""

    language: str = "en"
    automatic: bool = False
    segments: tuple[tuple[str, float, float], ...] = (
        ("Hello & welcome", 0.0, 1.5),
        ("to the second line", 1.5, 2.25),
        ("and the last one", 60.0, 3.0),
    )
    xml: str | None = None
    token: bool = False


@dataclass(frozen=True)
class Video:
    """`status`, `reason` and `subreason` are what YouTube says about playing it; a `title` of "" makes it a
    video about which nothing is told; `tracks` None one with captions disabled."""

    title: str = "A talk about tides"
    channel: str = "The Tide Channel"
    description: str = "Why there are two tides a day.\n0:00 Start"
    seconds: int = 212
    views: int = 12_345
    likes: int = 678
    tracks: tuple[Track, ...] | None = (Track(), Track("en", automatic=True))
    status: str = "OK"
    reason: str = ""
    subreason: str = ""
    live: bool = False
    upcoming: bool = False
    shows_id: str = ""  # answers with the trailer of this id


MISSING = Video(title="", tracks=None, status="ERROR", reason="This video is unavailable")


def to_json(value: Any) -> str:
    return json.dumps(value)


def read_json(body: bytes) -> dict[str, Any]:
    try:
        read = json.loads(body)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def watch(video_id: str, video: Video) -> str:
    title = escape(video.title, quote=True)
    metas = f'<meta property="og:title" content="{title}">' if video.title else ""
    context = {"client": {"clientName": "WEB", "clientVersion": "2.20260101.00.00", "hl": "en"}}
    return (
        f"<!doctype html><html><head>{metas}<title>{title} - YouTube</title>"
        '<script>var ytcfg={};ytcfg.set=function(){};ytcfg.set({"INNERTUBE_API_KEY": "AIzaFakeKey", '
        f'"INNERTUBE_CONTEXT": {to_json(context)}}});</script></head><body>'
        f"<script>var ytInitialPlayerResponse = {to_json(_web_player(video_id, video))};</script>"
        f"<script>var ytInitialData = {to_json(initial_data(video))};</script></body></html>"
    )


def initial_data(video: Video) -> dict[str, Any]:
    if not video.title:
        return {"contents": {"twoColumnWatchNextResults": {}}}
    likes = {
        "buttonViewModel": {"accessibilityText": f"like this video along with {video.likes:,} other people"}
    }
    button: dict[str, Any] = {"defaultButtonViewModel": likes}
    for name in (
        "toggleButtonViewModel",
        "toggleButtonViewModel",
        "likeButtonViewModel",
        "likeButtonViewModel",
    ):
        button = {name: button}
    buttons = {"menuRenderer": {"topLevelButtons": [{"segmentedLikeDislikeButtonViewModel": button}]}}
    primary = {"title": {"runs": [{"text": video.title}]}, "videoActions": buttons}
    owner = {"videoOwnerRenderer": {"title": {"runs": [{"text": video.channel}]}}}
    contents = [{"videoPrimaryInfoRenderer": primary}, {"videoSecondaryInfoRenderer": {"owner": owner}}]
    results = {"results": {"results": {"contents": contents}}}
    return {"contents": {"twoColumnWatchNextResults": results}}


def player(video_id: str, video: Video) -> str:
    return to_json(_player(video_id, video))


def _web_player(video_id: str, video: Video) -> dict[str, Any]:
    """The watch page holds an answer too, and only that one tells the date."""
    facts = {"uploadDate": "2024-01-02T00:00:00-08:00", "ownerChannelName": video.channel}
    told = {"microformat": {"playerMicroformatRenderer": facts}} if video.title else {}
    return _player(video_id, video) | told


def _player(video_id: str, video: Video) -> dict[str, Any]:
    status: dict[str, Any] = {"status": video.status}
    if video.reason:
        status["reason"] = video.reason
    screen: dict[str, Any] = {}
    if video.subreason:
        screen["playerErrorMessageRenderer"] = {
            "reason": {"simpleText": video.reason},
            "subreason": {"runs": [{"text": video.subreason}]},
        }
    if video.shows_id:
        screen["playerLegacyDesktopYpcTrailerRenderer"] = {"trailerVideoId": video.shows_id}
    answer: dict[str, Any] = {"responseContext": {}, "playabilityStatus": status | {"errorScreen": screen}}
    if video.title:
        answer["videoDetails"] = {
            "videoId": video_id,
            "title": video.title,
            "lengthSeconds": str(video.seconds),
            "channelId": CHANNEL_ID,
            "author": video.channel,
            "shortDescription": video.description,
            "viewCount": str(video.views),
            "isLiveContent": video.live or video.upcoming,
            "isLive": video.live,
            "isUpcoming": video.upcoming,
            "thumbnail": {"thumbnails": [{"url": f"https://i.ytimg.com/vi/{video_id}/hqdefault.jpg"}]},
        }
    if video.tracks is not None:
        tracks = [_track(video_id, number, track) for number, track in enumerate(video.tracks)]
        answer["captions"] = {"playerCaptionsTracklistRenderer": {"captionTracks": tracks}}
    return answer


def _track(video_id: str, number: int, track: Track) -> dict[str, Any]:
    name = f"{track.language}{' (auto-generated)' if track.automatic else ''}"
    token = "&exp=xpe" if track.token else ""
    return {
        # YouTube writes its own address here, whichever way the request came in.
        "baseUrl": f"https://www.youtube.com/api/timedtext?v={video_id}&n={number}{token}&lang={track.language}",
        "name": {"runs": [{"text": name}]},
        "vssId": f"{'a' if track.automatic else ''}.{track.language}",
        "languageCode": track.language,
        "isTranslatable": True,
    } | ({"kind": "asr"} if track.automatic else {})


def timedtext(track: Track) -> str:
    """YouTube escapes the words twice: once as HTML, once as XML."""
    if track.xml is not None:
        return track.xml
    texts = (
        f'<text start="{offset}" dur="{duration}">{escape(escape(text))}</text>'
        for text, offset, duration in track.segments
    )
    return f'<?xml version="1.0" encoding="utf-8" ?><transcript>{"".join(texts)}</transcript>'


def zipped(size: int) -> bytes:
    return gzip.compress(b"x" * size, 9)
