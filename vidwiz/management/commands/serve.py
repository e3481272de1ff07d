"""The web server of `make run`: API, staff pages and streams in one process."""

from typing import Any

import uvicorn
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

# How uvicorn is to be run wherever it is, also by hand (docs/architecture.md).
SERVER: dict[str, Any] = {
    "http": "h11",  # bounds the headers of a request, at 64 KiB; its default parser takes any amount into memory
    "proxy_headers": False,  # TRUSTED_PROXY_COUNT says which are believed, not where they come from
}


class Command(BaseCommand):
    help = "Prepares the database, then serves all of VidWiz from this process."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        call_command("prepare")
        shown = "localhost" if host in {"127.0.0.1", "0.0.0.0", "::1", "::"} else host  # noqa: S104
        docs = "" if settings.ENVIRONMENT == "production" else f"\n  API      http://{shown}:{port}/v2/docs"
        self.stdout.write(
            f"\n  VidWiz   http://{shown}:{port}{docs}"
            f"\n  Staff    http://{shown}:{port}/admin/   (make a staff user: make staff)"
            f"\n  Data     {settings.DATA_DIR}"
            "\n  Ctrl-C ends all of it.\n"
        )
        self.stdout.flush()
        uvicorn.run(
            "vidwiz.asgi:application",
            host=host,
            port=port,
            log_level="warning",
            **SERVER,
            timeout_graceful_shutdown=1,  # an open stream must not hold up the end
        )
