"""The real ASGI server in a thread of the test, and a reader of server-sent events."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import uvicorn

from vidwiz.management.commands.serve import SERVER


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = threading.Event()
        self.url = ""

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self.url = f"http://127.0.0.1:{self.servers[0].sockets[0].getsockname()[1]}"
        self.listening.set()


@contextmanager
def serving() -> Iterator[str]:
    """The address of VidWiz, served on loopback until the block ends."""
    config = uvicorn.Config(
        "vidwiz.asgi:application", port=0, log_level="warning", timeout_graceful_shutdown=1, **SERVER
    )
    server = _Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert server.listening.wait(20)
    try:
        yield server.url
    finally:
        server.should_exit = True
        thread.join(20)


class Stream:
    """An open stream; iterating gives `(event, data)`, and comments as `("", text)`."""

    def __init__(self, url: str, headers: dict[str, str]) -> None:
        parts = urlsplit(url)
        self._connection = HTTPConnection(parts.netloc, timeout=20)
        self._connection.request("GET", parts.path, headers=headers)
        self.response = self._connection.getresponse()

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        event = ""
        while line := self.response.readline().decode():
            field, _, value = line.rstrip("\n").partition(": ")
            if field == "event":
                event = value
            elif field == "data":
                yield event, json.loads(value)
            elif field == "" and value:
                yield "", value

    def json(self) -> Any:
        return json.loads(self.response.read())

    def close(self) -> None:
        self._connection.close()
