"""What an export costs a server: its time, and by how much the peak of the server's memory grows.

`python -m bench.export`: a real uvicorn on SQLite in a folder of its own, one for each account.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import requests

# Notes and videos of each account.
ACCOUNTS = [(500, 10), (50_000, 1), (50_000, 2_000), (50_000, 50_000)]
WORDS = "What was said about ledgers and claims at this moment, and why it is worth keeping, number {}."


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="vidwiz-bench-") as folder:
        os.environ |= {
            "ENVIRONMENT": "local",
            "DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "vidwiz.settings",
        }
        tokens = fill()
        say(
            f"{'notes':>6} {'videos':>6} {'seconds':>8} {'first byte':>10} {'zip':>9} {'peak RSS':>9} {'grown by':>9}"
        )
        for (notes, videos), token in zip(ACCOUNTS, tokens[1:], strict=True):
            with server() as (url, pid):
                download(url, tokens[0])  # what is loaded once, for whichever account
                before = peak_kib(pid)
                took, first, size = download(url, token)
                after = peak_kib(pid)
                say(
                    f"{notes:>6} {videos:>6} {took:>8.2f} {first:>9.2f}s {size / 2**20:>5.1f} MiB"
                    f" {after / 1024:>5.0f} MiB {(after - before) / 1024:>5.1f} MiB"
                )


def fill() -> list[str]:
    """The accounts, with a small one before them; returns an access token for each."""
    import django

    django.setup()
    from django.core.management import call_command

    from apps.accounts import sign_ins
    from apps.accounts.models import User
    from apps.notes.models import Note
    from apps.videos.models import Video

    call_command("prepare")
    tokens = []
    for number, (notes, videos) in enumerate([(10, 1), *ACCOUNTS]):
        user = User.objects.create(email=f"user{number}@example.com", name="Somebody")
        metadata = {"channel": "A channel", "description": "What it is about. " * 50}
        on = Video.objects.bulk_create(
            (
                Video(video_id=f"{number}{n:010}", title=f"Video {n} about ledgers", metadata=metadata)
                for n in range(videos)
            ),
            batch_size=1000,
        )
        Note.objects.bulk_create(
            (
                Note(
                    user=user,
                    video=on[n % videos],
                    timestamp=f"{n % 3600 // 60}:{n % 60:02}",
                    timestamp_seconds=n % 3600,
                    text=WORDS.format(n),
                )
                for n in range(notes)
            ),
            batch_size=1000,
        )
        begun = sign_ins.begin(user=user, address="127.0.0.1")
        assert begun
        tokens.append(begun.access)
    return tokens


class server:
    def __enter__(self) -> tuple[str, int]:
        command = [
            sys.executable,
            "-m",
            "uvicorn",
            "vidwiz.asgi:application",
            "--port",
            "0",
            "--no-access-log",
        ]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr or ():
            if found := re.search(r"running on (http://\S+)", line):
                return found[1], self.process.pid
        raise SystemExit("The server did not start.")

    def __exit__(self, *exc: object) -> None:
        self.process.terminate()
        self.process.wait()


def download(url: str, token: str) -> tuple[float, float, int]:
    """Seconds until its end and until its first byte, and how many bytes it was."""
    began = time.monotonic()
    headers = {"Authorization": f"Bearer {token}"}
    first, size = 0.0, 0
    with requests.get(f"{url}/v2/users/me/export", headers=headers, stream=True, timeout=600) as response:
        response.raise_for_status()
        for chunk in response.iter_content(64 * 1024):
            first = first or time.monotonic() - began
            size += len(chunk)
    return time.monotonic() - began, first, size


def peak_kib(pid: int) -> int:
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1])


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
