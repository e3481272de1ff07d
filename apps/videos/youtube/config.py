"""What a fetch from YouTube may use: addresses, time, size, languages."""

from dataclasses import dataclass, field

ORIGIN = "https://www.youtube.com"


@dataclass(frozen=True, kw_only=True)
class YouTube:
    """How to reach YouTube.

    - `origin`: where requests for youtube.com go; another than the default is a mirror or a stand-in.
    - `proxy`: the URL of an HTTP(S) proxy, its credentials included, or "" for none. The environment's
      proxies are never used. `socks5h://` needs PySocks.
    - `timeout_seconds`: for one connection or one read; `deadline_seconds`: for all requests of a fetch
      together, however slowly the bytes come.
    - `languages`: codes, the most wanted first.
    - `max_bytes`: of one response, unpacked.
    """

    origin: str = ORIGIN
    proxy: str = field(default="", repr=False)  # may hold a password
    timeout_seconds: float = 15.0
    deadline_seconds: float = 60.0
    languages: tuple[str, ...] = ("en",)
    max_bytes: int = 20 * 1024 * 1024
