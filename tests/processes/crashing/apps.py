"""Kills the whole worker, as `kill -9` does, at a line that a file names; once, for the file goes first.

Installed by settings.py beside this file, in the processes that the tests start and nowhere else.
"""

import functools
import importlib
import os
import signal
from pathlib import Path

from django.apps import AppConfig

# `before` or `after` a call of the function: all the lines between which a job's state differs.
POINTS = [
    "before apps.tasks.services.claim",
    "after apps.tasks.services.claim",
    "before apps.videos.storage.read",
    "after apps.videos.storage.read",
    "before vidwiz.ai.provider",
    "before apps.notes.services.fill_note",
    "before apps.tasks.services.complete",
    "after apps.tasks.services.complete",
    "before apps.notes.services.announce",
    "after apps.notes.services.announce",
    "after apps.notes.services.fill_note",
]


class CrashingConfig(AppConfig):
    name = "tests.processes.crashing"

    def ready(self) -> None:
        wanted = Path(os.environ["CRASH_FILE"])
        for path in {point.split()[1] for point in POINTS}:
            module_name, function_name = path.rsplit(".", 1)
            module = importlib.import_module(module_name)
            original = getattr(module, function_name)

            @functools.wraps(original)
            def wrapped(*args, _original=original, _path=path, **kwargs):
                crash_if(wanted, f"before {_path}")
                result = _original(*args, **kwargs)
                crash_if(wanted, f"after {_path}")
                return result

            setattr(module, function_name, wrapped)


def crash_if(wanted: Path, point: str) -> None:
    if os.environ.get("PROCESS") != "worker" or not wanted.exists() or wanted.read_text() != point:
        return
    wanted.unlink()
    os.kill(os.getppid(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)
