"""An HTTP client that no server can hold for ever: its time-outs end a silence, this one a slow drip too."""

import time
from collections.abc import Iterator
from typing import Any

import httpx2

# A usable answer with all that surrounds it is a hundredth of this.
MAX_BYTES = 1_000_000


class Broken(Exception):
    """The body of the answer ended too soon, or never."""


class Client(httpx2.Client):
    """Reads each answer within `seconds` from its request and `MAX_BYTES`. Raises `Broken` or a
    `httpx2.TransportError`. The headers alone are bounded by the silence between two of their bytes and
    by h11's 100 kB, not by the clock."""

    def __init__(self, *, seconds: float) -> None:
        # Not redirected: the key would go along to wherever that points.
        super().__init__(timeout=seconds, follow_redirects=False, headers={"Accept-Encoding": "identity"})
        self._seconds = seconds

    def send(self, request: httpx2.Request, *, stream: bool = False, **options: Any) -> httpx2.Response:
        deadline = time.monotonic() + self._seconds
        response = super().send(request, stream=True, **options)
        body = response.stream
        assert isinstance(body, httpx2.SyncByteStream)
        response.stream = _Bounded(body, request, deadline)
        if not stream:
            try:
                response.read()
            except httpx2.TimeoutException:
                raise
            except (httpx2.TransportError, httpx2.DecodingError) as error:
                raise Broken(type(error).__name__) from None
            finally:
                response.close()
        return response


class _Bounded(httpx2.SyncByteStream):
    def __init__(self, body: httpx2.SyncByteStream, request: httpx2.Request, deadline: float) -> None:
        self._body, self._request, self._deadline = body, request, deadline

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for chunk in self._body:
            size += len(chunk)
            if time.monotonic() > self._deadline:
                raise httpx2.ReadTimeout("The whole answer took too long.", request=self._request)
            if size > MAX_BYTES:
                raise Broken("too long")
            yield chunk

    def close(self) -> None:
        self._body.close()
