"""YouTube ids and addresses: the one place that reads them."""

import re
from urllib.parse import parse_qsl

MAX_LENGTH = 2048

_ID = re.compile(r"[A-Za-z0-9_-]{11}")
# ASCII is not a nicety: without it the long s and the Kelvin sign would pass as "s" and "k". One
# slash is enough, because some proxies merge the slashes of an address that stands in a path.
_URL = re.compile(
    r"(?:(?P<scheme>https?):/{1,2})?(?P<host>[a-z0-9.-]+)(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/[^?#]*)(?:\?(?P<query>[^#]*))?(?:#.*)?",
    re.ASCII | re.IGNORECASE,
)
_VIDEO_PATH = re.compile(r"/(?P<kind>shorts|live|embed|v)/(?P<id>[^/]+)/?")
_SHORT_PATH = re.compile(r"/(?P<id>[^/]+)/?")

_SHORT_HOSTS = frozenset({"youtu.be", "www.youtu.be"})
_HOSTS = frozenset(
    {
        "youtube.com",
        "www.youtube.com",
        "m.youtube.com",
        "music.youtube.com",
        "youtube-nocookie.com",
        "www.youtube-nocookie.com",
    }
)
_DEFAULT_PORTS = {"http": ("80",), "https": ("443",), "": ("80", "443")}
# Both have eleven letters, and neither is a video: the embedded players of a playlist and of a channel.
_NOT_EMBEDDED_VIDEOS = frozenset({"videoseries", "live_stream"})


class BadVideoId(ValueError):
    """This is not an 11-character YouTube id or the address of a YouTube video."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def video_id(text: str) -> str:
    """The 11-character id in an id or a YouTube URL, with or without its scheme.

    A URL's path must be decoded already; only its query is decoded here. Raises `BadVideoId`.
    """
    if len(text) > MAX_LENGTH:
        raise BadVideoId(f"A video id or address has at most {MAX_LENGTH} characters.")
    if _ID.fullmatch(text):
        return text
    # Letters of any script may stand in a parameter that is not read (`ab_channel=`), but nothing unseen.
    if not text.isprintable():
        raise BadVideoId("The address holds characters that can't be seen.")
    url = _URL.fullmatch(text)
    if url is None:
        raise BadVideoId("Expected an 11-character YouTube id or the address of a YouTube video.")
    host, scheme = url["host"].lower(), (url["scheme"] or "").lower()
    if host not in _HOSTS and host not in _SHORT_HOSTS:
        raise BadVideoId("That address is not on YouTube.")
    if url["port"] and url["port"] not in _DEFAULT_PORTS[scheme]:
        raise BadVideoId("That address is not on YouTube's port.")
    found = _from_path(host, url["path"], url["query"] or "")
    if not _ID.fullmatch(found):
        raise BadVideoId("That YouTube address does not lead to one video.")
    return found


def _from_path(host: str, path: str, query: str) -> str:
    if host in _SHORT_HOSTS:
        short = _SHORT_PATH.fullmatch(path)
        return short["id"] if short else ""
    if path in ("/watch", "/watch/"):
        return next((value for key, value in parse_qsl(query) if key == "v"), "")
    video = _VIDEO_PATH.fullmatch(path)
    if video is None or (video["kind"] == "embed" and video["id"] in _NOT_EMBEDDED_VIDEOS):
        return ""
    return video["id"]
