"""VidWiz as `make run` starts it: the real supervisor and the real processes, in a folder of their own."""

import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).resolve().parents[2]
VIDEO_ID = "dQw4w9WgXcQ"


def until(true: Callable[[], Any], seconds: float = 30) -> Any:
    """What `true()` answers as soon as it is true; looks again twenty times a second."""
    tick, end = threading.Event(), time.monotonic() + seconds
    while not (answer := true()):
        assert time.monotonic() < end, f"not within {seconds} s"
        tick.wait(0.05)
    return answer


def free_port() -> int:
    """Below the ports that systems give to whoever asks for any: nobody takes it until it is listened on."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port


def is_up(url: str) -> bool:
    try:
        return requests.get(f"{url}/health", timeout=1).ok
    except requests.ConnectionError:
        return False


class Running:
    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
            "VENV": sys.prefix,
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "DATA_DIR": str(folder / "data"),
            "YOUTUBE_ORIGIN": "http://127.0.0.1:9",  # nobody listens: what is wanted is handed in
            "RATE_LIMIT_ENABLED": "false",
            "CRASH_FILE": str(folder / "crash"),
            **environment,
        }
        self.log = folder / "log"

    def start(self) -> None:
        (self.folder / "data").mkdir(exist_ok=True)
        with self.log.open("a") as log:
            self.supervisor = subprocess.Popen(
                [f"{sys.prefix}/bin/supervisord", "-c", "supervisord.conf"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        until(lambda: is_up(self.url))

    def processes(self, program: str = "") -> dict[int, str]:
        """The processes that the supervisor's are, children included, by pid: their command lines."""
        found = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    environment = (entry / "environ").read_bytes().split(b"\0")
                    command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                except (FileNotFoundError, ProcessLookupError, PermissionError):
                    continue
                if f"DATA_DIR={self.environment['DATA_DIR']}".encode() in environment and program in command:
                    found[int(entry.name)] = command
        return found

    def kill_everything(self) -> None:
        for pid in self.processes():
            os.kill(pid, signal.SIGKILL)
        self.supervisor.wait(10)
        until(lambda: not self.processes())

    def stop(self) -> float:
        """Ends it by SIGTERM; returns how many seconds that took."""
        began = time.monotonic()
        if self.supervisor.poll() is None:
            self.supervisor.send_signal(signal.SIGTERM)
            self.supervisor.wait(20)
        return time.monotonic() - began

    # --- as a client

    def sign_in(self) -> None:
        person = {"email": "ann@example.com", "name": "Ann", "password": "correct-horse-battery"}
        requests.post(f"{self.url}/v2/auth/register", json=person, timeout=10).raise_for_status()
        token = requests.post(f"{self.url}/v2/auth/login", json=person, timeout=10).json()["token"]
        self.user = {"Authorization": f"Bearer {token}"}
        self.admin = {"Authorization": f"Bearer {(self.folder / 'data' / 'admin_token').read_text()}"}

    def catch(self, timestamp: str) -> int:
        path = f"{self.url}/v2/videos/{VIDEO_ID}/notes"
        answer = requests.post(path, json={"timestamp": timestamp}, headers=self.user, timeout=10)
        answer.raise_for_status()
        return int(answer.json()["id"])

    def notes(self) -> dict[int, dict[str, Any]]:
        path = f"{self.url}/v2/videos/{VIDEO_ID}/notes"
        return {note["id"]: note for note in requests.get(path, headers=self.user, timeout=10).json()}

    def video(self) -> dict[str, Any]:
        return dict(requests.get(f"{self.url}/v2/videos/{VIDEO_ID}", headers=self.user, timeout=10).json())

    def hand_in(self, transcript: list[dict[str, Any]]) -> None:
        path = f"{self.url}/v2/internal/videos/{VIDEO_ID}/transcript"
        requests.post(
            path, json={"transcript": transcript}, headers=self.admin, timeout=10
        ).raise_for_status()

    # --- as somebody who looks into the database

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(self.folder / "data" / "vidwiz.sqlite3", timeout=20)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def times_filled(self, note_id: int) -> int:
        sql = "SELECT count(*) FROM events_event WHERE type = 'note.updated' AND json_extract(payload, '$.id') = ?"
        return int(self.rows(sql, note_id)[0][0])
