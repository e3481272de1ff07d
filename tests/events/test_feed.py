import asyncio
from datetime import timedelta

import pytest
from channels.db import database_sync_to_async
from django.utils import timezone

from apps.events import feed as module
from apps.events import services
from apps.events.feed import Feed
from apps.events.models import Event

pytestmark = pytest.mark.django_db(transaction=True)


async def record(channel, **fields):
    await database_sync_to_async(Event.objects.create)(channel=channel, type="changed", **fields)


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(module, "POLL_SECONDS", 0.01)


@pytest.mark.asyncio
async def test_a_listener_is_woken_by_its_channel_alone():
    feed = Feed()
    async with feed.listen("a") as a, feed.listen("b") as b:
        await record("a")
        await asyncio.wait_for(a.wait(), 5)
        assert not b.is_set()


@pytest.mark.asyncio
async def test_what_happened_before_is_not_told():
    await record("a")
    feed = Feed()
    async with feed.listen("a") as a, feed.listen("b") as b:
        await record("b")
        await asyncio.wait_for(b.wait(), 5)
        assert not a.is_set()


@pytest.mark.asyncio
async def test_an_event_that_becomes_visible_after_a_later_one_is_told():
    feed = Feed()
    async with feed.listen("late") as late, feed.listen("early") as early:
        await record("early", id=1_001)
        await asyncio.wait_for(early.wait(), 5)
        await record("early", id=1_003)
        early.clear()
        await asyncio.wait_for(early.wait(), 5)
        await record("late", id=1_002)  # its transaction began before 1,003's and ended after it
        await asyncio.wait_for(late.wait(), 5)


@pytest.mark.asyncio
async def test_a_database_that_was_away_wakes_everybody_when_it_is_back(monkeypatch):
    from django.db import OperationalError

    feed, after, failed = Feed(), module._after, []

    def down_once(*args):
        if not failed:
            failed.append(True)
            raise OperationalError("the server is restarting")
        return after(*args)

    async with feed.listen("a") as a:
        monkeypatch.setattr(module, "_after", down_once)
        await asyncio.wait_for(a.wait(), 10)
    assert failed


@pytest.mark.asyncio
async def test_nobody_listening_costs_nothing():
    feed = Feed()
    async with feed.listen("a"):
        pass
    await asyncio.wait_for(feed._reader, 5)
    assert feed._listeners == {}
    async with feed.listen("a") as a:
        await record("a")
        await asyncio.wait_for(a.wait(), 5)


def test_old_events_are_pruned():
    services.record(channel="a", type="old")
    Event.objects.update(created_at=timezone.now() - timedelta(days=2))
    services.record(channel="a", type="new")
    services.prune()
    assert list(Event.objects.values_list("type", flat=True)) == ["new"]
