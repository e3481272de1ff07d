"""Connections that read against a clock, whatever the server does."""

import http.client
import io
import socket
from collections.abc import Callable
from typing import Any

# Seconds for the next operation; raises TimeoutError when there are none left.
Left = Callable[[], float]


def put_on(manager: Any, left: Left) -> None:
    """Make every connection of a urllib3 pool manager read against the clock: status line, headers, body
    and a proxy's answer alike. A time-out on the socket alone starts again with each byte, so a server
    that drips one a second would hold a worker for days."""

    class Response(http.client.HTTPResponse):
        def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
            super().__init__(sock, *args, **kwargs)
            self.fp = io.BufferedReader(_Clocked(self.fp.detach(), sock, left))

    manager.pool_classes_by_scheme = {
        scheme: type(pool.__name__, (pool,), {"ConnectionCls": _with_response(pool.ConnectionCls, Response)})
        for scheme, pool in manager.pool_classes_by_scheme.items()
    }


def _with_response(connection: type, response: type) -> type:
    return type(connection.__name__, (connection,), {"response_class": response})


class _Clocked(io.RawIOBase):
    """What a socket receives, each piece within the time that is left."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, left: Left) -> None:
        self._raw, self._sock, self._left = raw, sock, left

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._left())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()
