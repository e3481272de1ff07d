"""Limits counted in a real Redis, and what happens without it."""

import logging
import socket
import time

import pytest

from tests.common.test_limits import sign_in_at_once
from vidwiz.common import limits
from vidwiz.models import LimitCount


@pytest.fixture(autouse=True)
def _limited(settings, monkeypatch):
    settings.RATE_LIMIT_ENABLED = True
    settings.LIMITS = settings.LIMITS | {"login": "20/minute"}
    monkeypatch.setattr(limits, "_redis_left_alone_until", 0.0)


@pytest.fixture
def redis(redis_server, settings):
    """A client of the Redis that VidWiz uses, which is empty."""
    settings.REDIS_URL = redis_server.url
    with redis_server.client() as client:
        client.flushall()
        yield client


def hits(count):
    """Of so many sign-ins by Alice, how many are let through."""
    return [limits.hit("login", "alice") for _ in range(count)].count(0)


def test_of_a_hundred_at_once_exactly_twenty_get_through(transactional_db, redis):
    statuses = sign_in_at_once(100)
    assert (statuses.count(401), statuses.count(429)) == (20, 80)
    assert not LimitCount.objects.exists()


@pytest.mark.parametrize(("left_ms", "told"), [(60_000, 60), (5_400, 6), (400, 1)])
def test_the_time_to_wait_is_never_told_too_short(redis, left_ms, told):
    assert hits(21) == 20
    (key,) = redis.keys()
    redis.pexpire(key, left_ms)
    assert limits.hit("login", "alice") == told


def test_a_window_begins_with_the_first_hit_and_ends(redis):
    hits(1)
    (key,) = redis.keys()
    assert redis.pttl(key) == pytest.approx(60_000, abs=2_000)
    redis.pexpire(key, 30_000)
    hits(1)
    assert redis.pttl(key) <= 30_000
    hits(19)
    assert hits(1) == 0
    redis.pexpire(key, 0)
    assert hits(21) == 20


def test_what_is_cleared_begins_anew(redis):
    hits(21)
    limits.clear("login", "alice")
    assert hits(21) == 20


def test_it_is_not_told_who_it_counts(redis):
    hits(1)
    (key,) = redis.keys()
    assert b"alice" not in key


@pytest.fixture
def mute():
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"redis://127.0.0.1:{listening.getsockname()[1]}"


@pytest.mark.django_db
def test_while_redis_is_down_the_database_counts_and_the_log_says_so_once(settings, caplog):
    settings.REDIS_URL = "redis://127.0.0.1:9"  # nobody listens
    with caplog.at_level(logging.ERROR):
        assert hits(25) == 20
    (line,) = caplog.messages
    assert "Redis" in line


@pytest.mark.django_db
def test_a_redis_that_hangs_is_waited_for_once_and_not_for_long(settings, mute):
    settings.REDIS_URL = mute
    began = time.monotonic()
    assert hits(25) == 20
    assert time.monotonic() - began < 3


@pytest.mark.django_db
def test_when_redis_is_back_it_counts_again(redis, redis_server, monkeypatch):
    assert hits(21) == 20
    with redis_server.away():
        assert hits(21) == 20
        assert LimitCount.objects.count() == 1
    monkeypatch.setattr(limits, "_redis_left_alone_until", 0.0)
    assert hits(5) == 5
    (key,) = redis.keys()
    assert int(redis.get(key)) == 5
