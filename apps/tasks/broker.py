"""Telling workers that there is work. A message lost is a delay, never a loss: the ledger has the task."""

import logging
from collections.abc import Iterable

from apps.tasks.kinds import Kind

logger = logging.getLogger(__name__)

# What a worker is given less than its lease: the kill must come while nobody else can have claimed.
KILL_MARGIN_SECONDS = 10


def tell(kind: Kind, subjects: Iterable[str]) -> None:
    """One message a subject. A broker that is down is logged; the sweeper tells again when it is back."""
    from apps.tasks.tasks import perform  # the Celery task calls the services, which call this

    for subject in subjects:
        try:
            perform.apply_async(
                (kind.name, subject),
                queue=kind.queue,
                time_limit=kind.lease_seconds - KILL_MARGIN_SECONDS,
                retry=False,  # a request must not wait for a broker that is down
            )
        except Exception:
            # Each transport raises its own; none of them may fail a request whose work is safely stored.
            logger.warning(
                "The broker can't be told about %s %s; the sweeper will.", kind.name, subject, exc_info=True
            )
            return
