"""Everything that must be there before the servers start; does nothing where it is there already."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection


class Command(BaseCommand):
    help = "Migrates the database, makes the cache table, and says where VidWiz will be."

    # The checks import every view; the server makes them anyway, and a start should take a second.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--announce", metavar="HOST:PORT", help="print the address, and how to make a staff user"
        )

    def handle(self, *args: Any, announce: str | None = None, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=1 if self._is_new() else 0, skip_checks=True)
        if not settings.REDIS_URL:
            call_command("createcachetable", verbosity=0)
        if announce:
            host, port = announce.rsplit(":", 1)
            shown = "localhost" if host in {"127.0.0.1", "0.0.0.0", "::1", "::"} else host  # noqa: S104
            self.stdout.write(
                f"\n  VidWiz   http://{shown}:{port}"
                + (
                    f"\n  API      http://{shown}:{port}/v2/docs"
                    if settings.ENVIRONMENT != "production"
                    else ""
                )
                + f"\n  Staff    http://{shown}:{port}/admin/   (make a staff user: make staff)"
                + f"\n  Data     {settings.DATA_DIR}"
                + "\n  Ctrl-C ends all of it.\n"
            )

    def _is_new(self) -> bool:
        return not connection.introspection.table_names()
