"""The rules of counting, and many at the same moment; on whichever database the tests run on."""

import pytest
import requests
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.notes.test_concurrency import at_once
from tests.serving import serving
from vidwiz.celery import app
from vidwiz.common import limits
from vidwiz.models import LimitCount


@pytest.mark.django_db
def test_as_many_as_the_rate_says_are_let_through(rates):
    rates(login="3/minute")
    assert [limits.hit("login", "alice") > 0 for _ in range(5)] == [False, False, False, True, True]


@pytest.mark.django_db
def test_everybody_and_every_limit_is_counted_apart(rates):
    rates(login="1/minute", register="1/minute")
    assert limits.hit("login", "alice") == 0
    assert limits.hit("login", "bob") == 0
    assert limits.hit("register", "alice") == 0
    assert limits.hit("login", "alice") > 0


@pytest.mark.django_db
def test_the_window_begins_with_the_first_hit(rates, clock):
    rates(login="2/minute")
    limits.hit("login", "alice")
    clock.now += 59.5
    assert limits.hit("login", "alice") == 0
    assert limits.hit("login", "alice") == 1
    clock.now += 0.5
    assert limits.hit("login", "alice") == 0
    clock.now += 59.5
    assert limits.hit("login", "alice") == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("later", "told"), [(0, 60), (0.001, 60), (0.5, 60), (1, 59), (17.3, 43), (59, 1), (59.999, 1)]
)
def test_after_the_seconds_that_were_told_one_is_let_through(rates, clock, later, told):
    rates(login="1/minute")
    limits.hit("login", "alice")
    clock.now += later
    assert limits.hit("login", "alice") == told
    clock.now += told
    assert limits.hit("login", "alice") == 0


@pytest.mark.django_db
def test_trying_on_while_limited_makes_nobody_wait_for_longer(rates, clock):
    rates(login="1/minute")
    limits.hit("login", "alice")
    for _ in range(3):
        clock.now += 15
        limits.hit("login", "alice")
    assert limits.hit("login", "alice") == 15


@pytest.mark.django_db
def test_what_is_cleared_begins_anew(rates):
    rates(login="1/minute")
    limits.hit("login", "alice")
    limits.hit("login", "bob")
    limits.clear("login", "alice")
    assert limits.hit("login", "alice") == 0
    assert limits.hit("login", "bob") > 0


@pytest.mark.django_db
def test_turned_off_nothing_is_limited_or_counted(settings, rates):
    rates(login="1/minute")
    settings.RATE_LIMIT_ENABLED = False
    assert [limits.hit("login", "alice") for _ in range(3)] == [0, 0, 0]
    assert not LimitCount.objects.exists()


@pytest.mark.django_db
def test_who_it_was_is_not_kept(rates):
    limits.hit("forgot", "alice@example.com")
    limits.hit("login", "192.0.2.1")
    keys = " ".join(LimitCount.objects.values_list("key", flat=True))
    assert "alice" not in keys
    assert "192.0.2" not in keys


@pytest.mark.django_db
def test_being_let_through_costs_one_query(rates):
    limits.hit("login", "alice")
    with CaptureQueriesContext(connection) as queries:
        limits.hit("login", "alice")
        limits.hit("login", "bob")
    assert len(queries) == 2


@pytest.mark.django_db
def test_windows_that_ended_are_deleted_batch_by_batch(rates, clock, monkeypatch):
    monkeypatch.setattr(limits, "PRUNE_BATCH", 2)
    rates(login="1/minute", register="1/hour")
    for n in range(5):
        limits.hit("login", f"user {n}")
    limits.hit("register", "alice")
    clock.now += 60
    app.loader.import_default_modules()
    app.tasks["limits.prune"]()
    assert LimitCount.objects.count() == 1
    assert limits.hit("register", "alice") > 0


def test_the_clock_starts_only_what_there_is():
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)


def sign_in_at_once(count):
    """The statuses of so many sign-ins at the same moment, over a real server."""
    nobody = {"email": "nobody@example.com", "password": "wrong"}
    with serving() as url:
        answers = at_once(
            lambda n: requests.post(f"{url}/v2/auth/login", json=nobody, timeout=60), count=count
        )
    return [answer.status_code for answer in answers]


def test_of_a_hundred_at_once_exactly_twenty_get_through(transactional_db, rates):
    rates(login="20/minute")
    statuses = sign_in_at_once(100)
    assert (statuses.count(401), statuses.count(429)) == (20, 80)


def test_of_a_hundred_at_once_in_a_window_that_has_ended_exactly_twenty_get_through(
    transactional_db, rates, clock
):
    rates(login="20/minute")
    sign_in_at_once(25)
    clock.now += 60
    statuses = sign_in_at_once(100)
    assert (statuses.count(401), statuses.count(429)) == (20, 80)
