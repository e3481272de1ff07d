"""Telling workers that there is work. A message lost is a delay, never a loss: the ledger has the task."""

import logging
import time
from collections.abc import Iterable

from apps.tasks.kinds import Kind

logger = logging.getLogger(__name__)

# What a worker is given less than its lease: the kill must come while nobody else can have claimed.
KILL_MARGIN_SECONDS = 10

# After a failure nobody in this process tries for so long: one request found out, the others need not.
SILENCE_SECONDS = 10.0
_silent_until = 0.0


def tell(kind: Kind, subjects: Iterable[str]) -> int:
    """One message a subject, in order. Returns how many were told: fewer if the broker is down, which is logged."""
    from apps.tasks.tasks import perform  # the Celery task calls the services, which call this

    global _silent_until
    if time.monotonic() < _silent_until:
        return 0
    told = 0
    for subject in subjects:
        try:
            perform.apply_async(
                (kind.name, subject),
                queue=kind.queue,
                time_limit=kind.lease_seconds - KILL_MARGIN_SECONDS,
                retry=False,  # a request must not wait for a broker that is down
            )
        except Exception:
            _silent_until = time.monotonic() + SILENCE_SECONDS
            # Each transport raises its own; none of them may fail a request whose work is safely stored.
            logger.warning(
                "The broker can't be told about %s %s; the sweeper will.", kind.name, subject, exc_info=True
            )
            return told
        told += 1
    return told
