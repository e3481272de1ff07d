"""The worker of `make run`: waits until the database is prepared, so that all can be started together."""

import importlib
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import OperationalError, connection

from vidwiz.celery import app
from vidwiz.management.commands.prepare import is_prepared


class Command(BaseCommand):
    help = "Works on what waits in the ledger."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        while not self._is_prepared():
            time.sleep(0.2)
        connection.close()  # the processes of the pool must not inherit it
        if settings.AI_PROVIDER == "offline":
            # Before the fork: shared by the pool, and the first note does not wait for it.
            importlib.import_module("yake")
        app.worker_main(
            [
                "--quiet",
                "worker",
                "--concurrency=2",
                "--hostname=embedded@localhost",
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
