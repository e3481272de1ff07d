"""The real ASGI server in a thread of the test or in a process, and a reader of server-sent events."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import uvicorn

from tests.processes.running import ROOT, free_port, is_up, until
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


@contextmanager
def serving_process(folder: Path, **environment: str) -> Iterator[str]:
    """The address of VidWiz as `manage.py serve` serves it: a process of its own, its data and `log` in `folder`."""
    port = free_port()
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    own = {
        "ENVIRONMENT": "local",
        "DATA_DIR": str(folder / "data"),
        "YOUTUBE_ORIGIN": "http://127.0.0.1:9",  # nobody listens there
        "RATE_LIMIT_ENABLED": "false",
    }
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=kept | own | environment, stdout=log, stderr=log)
        try:
            until(lambda: server.poll() is not None or is_up(url))
            if server.poll() is not None:
                raise RuntimeError((folder / "log").read_text())
            yield url
        finally:
            server.terminate()
            server.wait(20)
