"""The worker of `make run`: waits until the database is prepared, so that all can be started together."""

import hashlib
import importlib
import socket
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, connection

from vidwiz.celery import app
from vidwiz.management.commands.prepare import is_prepared


def node_name(queues: str) -> str:
    """One that no other worker has: whoever starts under a name takes what its dead predecessor held."""
    place = hashlib.sha256(str(settings.DATA_DIR).encode()).hexdigest()[:8]
    return f"{queues.replace(',', '-')}-{place}@{socket.gethostname()}"


class Command(BaseCommand):
    help = "Works on what waits in the ledger."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--queues", default="default,fetch,ai", help="which kinds of work, comma-separated"
        )

    def handle(self, *args: Any, queues: str, **options: Any) -> None:
        while not self._is_prepared():
            time.sleep(0.2)
        connection.close()  # the processes of the pool must not inherit it
        if settings.AI_PROVIDER == "offline" and "ai" in queues:
            # Before the fork: shared by the pool, and the first note does not wait for it.
            importlib.import_module("yake")
        app.worker_main(
            [
                "--quiet",
                "worker",
                "--concurrency=2",
                f"--queues={queues}",
                f"--hostname={node_name(queues)}",
                "--loglevel=INFO",
                "--without-gossip",
                "--without-mingle",
                "--without-heartbeat",
            ]
        )

    def _is_prepared(self) -> bool:
        try:
            return is_prepared()
        except OperationalError:
            return False  # being made, or locked while it is migrated
