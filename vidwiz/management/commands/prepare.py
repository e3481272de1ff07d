"""Everything that must be there before VidWiz runs; does nothing where it is there already."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def is_prepared() -> bool:
    """Whether the database has all tables that this version knows."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


class Command(BaseCommand):
    help = "Migrates the database and makes the cache table."
    # The checks import every view, and whoever serves makes them anyway: a start should take a second.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        # Asked first: `migrate` itself takes half a second to find that there is nothing to do.
        if not is_prepared():
            self.stdout.write("Preparing the database ...")
            call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
        if not settings.REDIS_URL:
            call_command("createcachetable", verbosity=0)
