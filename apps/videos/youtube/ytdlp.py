"""yt-dlp, kept on a short lead: no files, no plugins, no output, and the same way out as the captions.

Import it only where it is needed: yt-dlp is slow to import, and replaces `requests.adapters.select_proxy`
and urllib3's percent-encoding for the whole process.
"""

import io
import re
from typing import Any

import requests
import urllib3
import yt_dlp.globals  # type: ignore[import-untyped]
from yt_dlp import YoutubeDL
from yt_dlp.networking import Request, Response  # type: ignore[import-untyped]
from yt_dlp.networking.exceptions import HTTPError, TransportError  # type: ignore[import-untyped]
from yt_dlp.utils import YoutubeDLError  # type: ignore[import-untyped]

from apps.videos.youtube.config import YouTube
from apps.videos.youtube.errors import Reason, YouTubeError, reason_of
from apps.videos.youtube.http import Session

# Plugins are code from the user's configuration folders.
yt_dlp.globals.plugin_dirs.value = []

_MAX_NOTES = 20
# What yt-dlp tells somebody who sits before it.
_ADVICE = re.compile(
    r"ERROR: |[;.]? *please report this issue on .*? yt-dlp -U|\s*Use --cookies.*?cookies\b", re.S
)

_OPTIONS: dict[str, Any] = {
    "quiet": True,
    "skip_download": True,
    "noplaylist": True,
    "cachedir": False,
    "usenetrc": False,
    "geo_bypass": False,  # it would send made-up addresses
    # The ledger of work retries; a retry in here would only hold the worker.
    "retries": 0,
    "extractor_retries": 0,
    # The title of a video that can't be played is still its title.
    "ignore_no_formats_error": True,
    "js_runtimes": {},
    "extractor_args": {
        "youtube": {
            # The client whose answer is complete without running YouTube's JavaScript. The watch page
            # stays: only there are the date and the likes.
            "player_client": ["android_vr"],
            "player_skip": ["configs", "js"],
            "skip": ["hls", "dash", "translated_subs"],
        }
    },
}

# yt-dlp wraps most of what goes wrong, but not what an unexpected shape of YouTube's JSON leads to.
_ODD_ANSWERS = (
    YoutubeDLError,
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    RecursionError,
)


def extract(video_id: str, youtube: YouTube) -> dict[str, Any]:
    """yt-dlp's unprocessed info dict of a video, with at least `id` and `title`. Raises `YouTubeError`.

    Everything it asks for goes through one `Session`, so time and size are bounded as they are there.
    """
    notes = _Notes()
    with Session(youtube) as session:
        try:
            with _Downloader(session, {**_OPTIONS, "logger": notes}) as downloader:
                info = downloader.extract_info(
                    f"https://www.youtube.com/watch?v={video_id}",
                    download=False,
                    process=False,
                    ie_key="Youtube",
                )
        except _ODD_ANSWERS as error:
            raise _translated(session.describe(error), notes, session) from error
        # A film that must be paid for answers with its trailer, which is another video.
        if not isinstance(info, dict) or info.get("id") != video_id or not info.get("title"):
            raise _translated("", notes, session)
        return info


def _translated(message: str, notes: "_Notes", session: Session) -> YouTubeError:
    # The error may be no more than "Failed to extract any player response": the warnings before say why.
    told = _ADVICE.sub("", "; ".join(filter(None, [message, *notes.lines])))
    reason = reason_of(message)
    if reason == Reason.UNAVAILABLE:
        reason = reason_of(told)
    return YouTubeError(session.refusal or reason, told or "No title.", session.retry_after)


class _Notes:
    """The logger that yt-dlp talks to: keeps what it warned of, prints nothing."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def debug(self, message: str) -> None:
        pass

    info = debug

    def warning(self, message: str, **_: Any) -> None:
        if len(self.lines) < _MAX_NOTES:
            self.lines.append(message[:1_000])

    # An error is raised as well, with the same words.
    error = stdout = stderr = debug


class _Downloader(YoutubeDL):
    def __init__(self, session: Session, options: dict[str, Any]) -> None:
        # One extractor of 1,800 is wanted: the others take longer to list than the fetch.
        super().__init__(options, auto_init=False)
        self.get_info_extractor("Youtube")
        self._session = session
        session.cookies = self.cookiejar

    def urlopen(self, req: Any) -> Response:
        request = Request(req) if isinstance(req, str) else req
        try:
            got = self._session.request(
                request.method,
                request.url,
                data=request.data,
                headers={**self.params["http_headers"], **request.headers},
            )
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise TransportError(msg=self._session.describe(error), cause=error) from error
        response = Response(io.BytesIO(got.content), got.url, got.headers, got.status_code, got.reason)
        if not 200 <= got.status_code < 300:
            raise HTTPError(response)
        return response
