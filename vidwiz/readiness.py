"""Whether the parts that this server stands on answer, each asked for a bounded time."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait

from django.core.files.storage import default_storage
from django.db import connection

from vidwiz.celery import app

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 3


def _database() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        connection.close()  # this thread's own


def _broker() -> None:
    with app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=0, timeout=TIMEOUT_SECONDS)
        # Some transports connect only when they are used; looking at a queue makes them.
        app.amqp.queues[app.conf.task_default_queue].bind(broker.channel()).queue_declare()


def _storage() -> None:
    default_storage.exists("transcripts/ready")


PARTS: dict[str, Callable[[], None]] = {"database": _database, "broker": _broker, "storage": _storage}


def check() -> dict[str, bool]:
    """`{"database": True, "broker": False, ...}` within TIMEOUT_SECONDS: what hangs counts as down."""
    pool = ThreadPoolExecutor(len(PARTS), thread_name_prefix="ready")
    asked = {name: pool.submit(ask) for name, ask in PARTS.items()}
    done, _ = wait(asked.values(), timeout=TIMEOUT_SECONDS)
    pool.shutdown(wait=False)
    up = {}
    for name, future in asked.items():
        error = future.exception() if future in done else TimeoutError()
        if error:
            logger.error("Not ready: %s: %r", name, error)
        up[name] = error is None
    return up
