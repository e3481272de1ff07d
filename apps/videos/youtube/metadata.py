"""What is publicly known about a video: the eleven fields of the API's `metadata` object."""

import math
import re
from collections.abc import Mapping
from typing import Any

from apps.videos.youtube import ids
from apps.videos.youtube.config import YouTube
from apps.videos.youtube.errors import Reason, YouTubeError

Metadata = dict[str, str | int]

_MAX_INTEGER = 2**63 - 1  # what a database column holds
_LONGEST = {"title": 500, "description": 10_000}
_LONGEST_OTHER = 2_000
_URLS = frozenset({"channel_url", "thumbnail"})
_INTEGERS = frozenset({"duration", "view_count", "like_count"})
FIELDS = (
    "id",
    "title",
    "uploader",
    "channel",
    "channel_url",
    "upload_date",
    "duration",
    "duration_string",
    "view_count",
    "like_count",
    "description",
    "thumbnail",
)

# NUL is refused by PostgreSQL, a lone surrogate by every encoder.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_WEB_URL = re.compile(r"https?://[^\s/?#\"'<>\\][^\s\"'<>\\]*", re.IGNORECASE)


class BadMetadata(ValueError):
    """A known field has a value that it can't have: `field` says which, `message` what was expected."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}" if field else message)
        self.field, self.message = field, message


def public_metadata(raw: Mapping[str, Any]) -> Metadata:
    """The known fields of an info dict that a stranger sent, checked and bounded.

    Fields that are missing or null are left out, and so are addresses that are not http(s); text is cut
    (title 500, description 10,000, others 2,000 characters); `duration` is in whole seconds. Raises
    `BadMetadata` for a known field of the wrong type.
    """
    if not isinstance(raw, Mapping):
        raise BadMetadata("", "Expected an object.")
    known = {field: raw[field] for field in FIELDS if raw.get(field) is not None}
    checked = {
        field: _integer(field, value) if field in _INTEGERS else _text(field, value)
        for field, value in known.items()
    }
    return {field: value for field, value in checked.items() if value is not None}


def _integer(field: str, value: Any) -> int:
    if field == "duration" and isinstance(value, float) and math.isfinite(value) and value >= 0:
        value = round(value)
    # bool is an int to Python, but not a count.
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MAX_INTEGER:
        raise BadMetadata(field, "Expected a whole number, zero or more.")
    return value


def _text(field: str, value: Any) -> str | None:
    if not isinstance(value, str):
        raise BadMetadata(field, "Expected text.")
    text = _UNSTORABLE.sub("", value)
    longest = _LONGEST.get(field, _LONGEST_OTHER)
    if field in _URLS:
        # Half an address leads elsewhere, and one of another kind (javascript:) would end up in a link.
        return text if len(text) <= longest and _WEB_URL.fullmatch(text) else None
    return text.strip()[:longest] or None


def fetch_metadata(video_id: str, youtube: YouTube) -> Metadata:
    """What YouTube tells about a video, the unknown left out; at least its `id` and `title`. Raises
    `YouTubeError`, and nothing else.

    A video that can't be played here (age-restricted, announced) often still tells its title: that is
    no failure. Takes two requests, rarely four. May be called from any thread.
    """
    try:
        video_id = ids.video_id(video_id)
    except ids.BadVideoId as error:
        raise YouTubeError(Reason.NOT_FOUND, error.message) from error
    # yt-dlp takes most of a second to import, and changes requests and urllib3 while it does.
    from apps.videos.youtube import ytdlp

    info = ytdlp.extract(video_id, youtube)
    try:
        found = public_metadata(info)
    except BadMetadata as error:
        raise YouTubeError(Reason.UNAVAILABLE, f"BadMetadata: {error}") from error
    if "duration" in found:
        # yt-dlp writes this itself only while it picks formats, which is not asked of it.
        found["duration_string"] = duration_string(int(found["duration"]))
    return {field: found[field] for field in FIELDS if field in found}


def duration_string(seconds: int) -> str:
    """As yt-dlp writes it: "42", "3:05", "1:02:03"."""
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}:{minutes:02}:{seconds:02}"
    return f"{minutes}:{seconds:02}" if minutes else f"{seconds}"
