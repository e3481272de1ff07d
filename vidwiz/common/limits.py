"""How often somebody may do something. settings.LIMITS says how often; docs/adr/0011 why it is counted as it is.

A window begins with the first hit and lasts as long as its rate says. Each hit is counted by one atomic step, by
a script in Redis or a statement in the database, so that no two at the same moment are taken for one.
"""

import functools
import logging
import math
import time
from collections.abc import Callable
from typing import TypeVar

import limits
import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.crypto import salted_hmac
from limits.errors import StorageError
from limits.storage import RedisStorage, Storage
from limits.strategies import FixedWindowRateLimiter
from redis.backoff import NoBackoff
from redis.retry import Retry

from vidwiz.common import errors
from vidwiz.models import LimitCount

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

clock = time.time
REDIS_TIMEOUT_SECONDS = 0.5
# So long a process leaves a Redis alone that did not answer: not every request should wait for it, or log it.
SILENCE_SECONDS = 10.0
PRUNE_BATCH = 1000


class Limited(errors.DomainError):
    """Too many requests."""

    status = 429
    code = "RATE_LIMIT_EXCEEDED"

    def __init__(self, seconds: int, message: str = "") -> None:
        message = message or f"Too many requests. Try again in {seconds} s."
        super().__init__(message, details={"reset_in_seconds": seconds})
        self.headers = {"Retry-After": str(seconds)}


def hit(name: str, who: str) -> int:
    """Counts one more of the limit `name` by `who`: 0 if that is within it, else the seconds (1 or more) after
    which one is let through again. Outside of transactions: a rollback would forget it."""
    if not settings.RATE_LIMIT_ENABLED:
        return 0
    rate, key = _rate(settings.LIMITS[name]), _key(name, who)

    def count(limiter: FixedWindowRateLimiter) -> int:
        if limiter.hit(rate, key):
            return 0
        return max(1, math.ceil(limiter.get_window_stats(rate, key).reset_time - clock()))

    return _counting(count)


def clear(name: str, who: str) -> None:
    """Forgets what was counted of the limit `name` by `who`."""
    rate, key = _rate(settings.LIMITS[name]), _key(name, who)
    _counting(lambda limiter: limiter.clear(rate, key))


def prune() -> int:
    """Deletes the windows that have ended, a batch at a time. Returns how many rows went."""
    ended = LimitCount.objects.filter(window_ends__lte=clock())
    total = 0
    while keys := list(ended.values_list("pk", flat=True)[:PRUNE_BATCH]):
        total += ended.filter(pk__in=keys).delete()[0]  # asked again: one may have begun anew meanwhile
    return total


_rate = functools.cache(limits.parse)


def _key(name: str, who: str) -> str:
    # Keyed with SECRET_KEY: all addresses there are can be hashed in an hour.
    return salted_hmac(f"vidwiz.limits.{name}", who, algorithm="sha256").hexdigest()


# --- Where it is counted

_redis_left_alone_until = 0.0


def _counting(do: Callable[[FixedWindowRateLimiter], Result]) -> Result:
    """`do` with Redis' counters if there is one, and with the database's while it doesn't answer: an outage
    neither takes the API down nor opens it to whoever guesses passwords; windows only begin anew."""
    global _redis_left_alone_until
    if settings.REDIS_URL and time.monotonic() >= _redis_left_alone_until:
        try:
            return do(_in_redis(settings.REDIS_URL))
        except StorageError as error:
            _redis_left_alone_until = time.monotonic() + SILENCE_SECONDS
            logger.error(
                "Redis does not answer (%r); limits are counted in the database for %d s.",
                error.storage_error,
                SILENCE_SECONDS,
            )
    return do(_in_database)


class DatabaseStorage(Storage):
    """The counters as rows of LimitCount."""

    # One statement, so that the row's lock makes hits at the same moment take turns.
    HIT = """
        INSERT INTO vidwiz_limitcount AS kept (key, count, window_ends) VALUES (%(key)s, %(amount)s, %(ends)s)
        ON CONFLICT (key) DO UPDATE SET
            count = CASE WHEN kept.window_ends <= %(now)s THEN 0 ELSE kept.count END + excluded.count,
            window_ends = CASE WHEN kept.window_ends <= %(now)s THEN excluded.window_ends
                               ELSE kept.window_ends END
        RETURNING count
    """

    @property
    def base_exceptions(self) -> type[Exception]:
        return DatabaseError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        now = clock()
        with connection.cursor() as cursor:
            cursor.execute(self.HIT, {"key": key, "amount": amount, "now": now, "ends": now + expiry})
            return int(cursor.fetchone()[0])

    def get(self, key: str) -> int:
        kept = LimitCount.objects.filter(pk=key, window_ends__gt=clock())
        return next(iter(kept.values_list("count", flat=True)), 0)

    def get_expiry(self, key: str) -> float:
        return next(iter(LimitCount.objects.filter(pk=key).values_list("window_ends", flat=True)), clock())

    def check(self) -> bool:
        LimitCount.objects.exists()
        return True

    def reset(self) -> int:
        return LimitCount.objects.all().delete()[0]

    def clear(self, key: str) -> None:
        LimitCount.objects.filter(pk=key).delete()


class _RedisStorage(RedisStorage):
    def get_expiry(self, key: str) -> float:
        # The library asks for TTL, which Redis rounds to whole seconds, half of the time down.
        left = int(self.storage.pttl(self.prefixed_key(key)))
        return clock() + max(left, 0) / 1000


_in_database = FixedWindowRateLimiter(DatabaseStorage())


@functools.cache
def _in_redis(url: str) -> FixedWindowRateLimiter:
    pool = redis.ConnectionPool.from_url(
        url,
        socket_connect_timeout=REDIS_TIMEOUT_SECONDS,
        socket_timeout=REDIS_TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), 0),  # the client's own keeps a request for seconds
    )
    return FixedWindowRateLimiter(
        _RedisStorage(url, connection_pool=pool, key_prefix="vidwiz", wrap_exceptions=True)
    )
