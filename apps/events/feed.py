"""Tells the streams of this process that something changed on their channel.

One reader a process, and only while somebody listens: it asks the database for events after the last
one it saw, so a change made by a worker in another process arrives within POLL_SECONDS. Nobody loses
an event by being slow: a listener is only woken, and reads the state of things for itself.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from django.db import Error
from django.db.models import Q

from apps.events.models import Event
from vidwiz.common.asyncapi import in_database

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.2
BATCH = 1000
# Ids are given out before the commit, so a smaller one can become visible after a greater one. A gap
# is asked for again for this long; by then its transaction was either committed or rolled back.
GAP_SECONDS = 30.0


class Feed:
    def __init__(self) -> None:
        self._listeners: dict[str, set[asyncio.Event]] = {}
        self._reader: asyncio.Task[None] | None = None
        self._started = asyncio.Event()

    @asynccontextmanager
    async def listen(self, channel: str) -> AsyncIterator[asyncio.Event]:
        """An event that is set whenever something changes on `channel` from now on; the listener clears it."""
        wake = asyncio.Event()
        self._listeners.setdefault(channel, set()).add(wake)
        if self._reader is None or self._reader.done():
            self._started = asyncio.Event()
            self._reader = asyncio.create_task(self._read())
        try:
            await self._started.wait()
            yield wake
        finally:
            listening = self._listeners[channel]
            listening.discard(wake)
            if not listening:
                del self._listeners[channel]

    async def _read(self) -> None:
        last = -1  # not known yet
        gaps: dict[int, float] = {}  # id: when it is given up
        while self._listeners:
            try:
                if last < 0:
                    last, missing = await in_database(_newest)
                    gaps = dict.fromkeys(missing, time.monotonic() + GAP_SECONDS)
                    self._started.set()
                rows = await in_database(_after, last, list(gaps))
            except Error:
                # The database may be restarting. Listeners stay, and are all woken when it is back.
                logger.exception("The event feed can't read the database; trying again.")
                last, gaps = -1, {}
                await asyncio.sleep(1)
                self._wake(list(self._listeners))
                continue
            now = time.monotonic()
            seen = [event_id for event_id, _ in rows]
            newest = max([last, *seen])
            if newest - last <= 2 * BATCH:  # more is a sequence that was moved, not transactions in flight
                gaps |= dict.fromkeys(set(range(last + 1, newest)) - set(seen), now + GAP_SECONDS)
            gaps = {gap: until for gap, until in gaps.items() if gap not in seen and until > now}
            last = newest
            self._wake([channel for _, channel in rows])
            if len(rows) < BATCH:
                await asyncio.sleep(POLL_SECONDS)

    def _wake(self, channels: list[str]) -> None:
        for channel in channels:
            for wake in self._listeners.get(channel, ()):
                wake.set()


def _newest() -> tuple[int, set[int]]:
    """The newest id, and those shortly before it that are not there: their transactions may not have ended."""
    ids = list(Event.objects.order_by("-id").values_list("id", flat=True)[:BATCH])
    if not ids:
        return 0, set()
    return ids[0], set(range(max(1, ids[0] - BATCH), ids[0])) - set(ids)


def _after(last: int, gaps: list[int]) -> list[tuple[int, str]]:
    which = Q(id__gt=last) | Q(id__in=gaps) if gaps else Q(id__gt=last)
    return list(Event.objects.filter(which).order_by("id").values_list("id", "channel")[:BATCH])


feed = Feed()
