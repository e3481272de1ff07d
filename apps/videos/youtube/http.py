"""One way out to YouTube, for whichever library asks: bounded in time and size, and redirectable."""

import math
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from apps.videos.youtube import clock
from apps.videos.youtube.config import ORIGIN, YouTube
from apps.videos.youtube.errors import Reason

_PIECE = 64 * 1024
_LONGEST_WAIT_SECONDS = 24 * 3600.0
# google.com is where YouTube sends those it takes for robots ("/sorry/").
_DOMAINS = ("youtube.com", "google.com")


class TooSlow(requests.Timeout):
    """The deadline of the whole fetch has passed."""


class TooLarge(requests.RequestException):
    """The response has more bytes than are read."""


class NotYouTube(requests.exceptions.InvalidURL):
    """The address, or one it leads to, is not YouTube's."""


class Session(requests.Session):
    """A session for one fetch, whose clock starts now. `last` is the latest response, whatever its status.

    Raises what requests raises, `TooSlow`, `TooLarge` and `NotYouTube` among it. Not bounded: the look-up
    of a host's name (the resolver has its own time-out), and each of the addresses found gets its own
    time to connect.
    """

    def __init__(self, youtube: YouTube) -> None:
        super().__init__()
        # The environment's proxies, certificates and .netrc must not decide where a fetch goes.
        self.trust_env = False
        self.max_redirects = 5
        if youtube.proxy:
            self.proxies = {"http": youtube.proxy, "https": youtube.proxy}
        self.last: requests.Response | None = None
        self.adapters.clear()
        adapter = _Adapter(youtube)
        self.mount("https://", adapter)
        self.mount("http://", adapter)
        self.hooks["response"] = [self._remember]

    def _remember(self, response: requests.Response, **_: Any) -> None:
        self.last = response

    @property
    def refusal(self) -> Reason | None:
        """What YouTube means if the latest response is a refusal (429): a captcha stands for "not you",
        nothing else for "not so fast"."""
        if self.last is None or self.last.status_code != 429:
            return None
        captcha = "/sorry/" in (self.last.url or "") or b"recaptcha" in self.last.content
        return Reason.BLOCKED if captcha else Reason.RATE_LIMITED

    def describe(self, error: BaseException) -> str:
        """The error in words, without the proxy's address: it may hold a password, even a malformed one."""
        text = f"{type(error).__name__}: {error}"
        return text.replace(self.proxies["http"], "the proxy") if self.proxies else text

    @property
    def retry_after(self) -> float | None:
        """Seconds for which the latest response asks to wait."""
        return None if self.last is None else retry_after_seconds(self.last.headers)


def retry_after_seconds(headers: Mapping[str, str]) -> float | None:
    """Seconds in `Retry-After` (a number or a date; at most a day), or None without a sane one."""
    value = headers.get("Retry-After", "").strip()
    try:
        seconds = float(value)
    except ValueError:
        try:
            date = parsedate_to_datetime(value)
        except ValueError:
            return None
        # A date in "-0000" comes without a zone.
        seconds = (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
        seconds -= datetime.now(UTC).timestamp()
    return min(max(seconds, 0.0), _LONGEST_WAIT_SECONDS) if math.isfinite(seconds) else None


class _Adapter(HTTPAdapter):
    def __init__(self, youtube: YouTube) -> None:
        self._youtube = youtube
        self._ends_at = time.monotonic() + youtube.deadline_seconds
        super().__init__()

    def _left(self) -> float:
        """Seconds for the next operation."""
        left = self._ends_at - time.monotonic()
        if left <= 0:
            # As an OSError it passes through urllib3 as the time-out it is.
            raise TimeoutError(f"More than {self._youtube.deadline_seconds:g} s in all.")
        return min(left, self._youtube.timeout_seconds)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        clock.put_on(self.poolmanager, self._left)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        known = proxy in self.proxy_manager
        manager = super().proxy_manager_for(proxy, **kwargs)
        if not known:
            clock.put_on(manager, self._left)
        return manager

    def send(self, request: requests.PreparedRequest, *_: Any, **kwargs: Any) -> requests.Response:
        sent = request.copy()
        sent.url = self._address(request.url or "")
        try:
            kwargs |= {"stream": True, "timeout": (self._left(), self._left())}
            response = super().send(sent, **kwargs)
            # Redirects, cookies and callers go by the address that was asked for, not by the mirror's.
            response.request, response.url = request, request.url or ""
            response._content = self._body(response)
            response._content_consumed = True  # type: ignore[attr-defined]
        except (TimeoutError, requests.Timeout, requests.ConnectionError) as error:
            if time.monotonic() < self._ends_at:
                raise
            message = f"No whole answer within {self._youtube.deadline_seconds:g} s."
            raise TooSlow(message, request=request) from error
        return response

    def _address(self, url: str) -> str:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if not any(host == domain or host.endswith(f".{domain}") for domain in _DOMAINS):
            raise NotYouTube(f"Refused to ask {host[:100]!r}.")
        origin = self._youtube.origin.rstrip("/")
        if origin != ORIGIN:
            return f"{origin}{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        if parts.scheme != "https":
            raise NotYouTube("Refused to ask YouTube without TLS.")
        return url

    def _body(self, response: requests.Response) -> bytes:
        body = bytearray()
        for piece in response.iter_content(_PIECE):
            body += piece
            if len(body) > self._youtube.max_bytes:
                response.close()
                raise TooLarge(f"More than {self._youtube.max_bytes} bytes.", request=response.request)
        return bytes(body)
