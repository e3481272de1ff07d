"""Guessing passwords: limited by account and by address, and no way to lock an owner out."""

import threading

import pytest
from django.core import mail
from django.db import connection
from rest_framework.test import APIClient

from apps.accounts.models import User
from tests import factories
from tests.accounts.conftest import PASSWORD

HOME, CAFE = "198.51.100.7", "192.0.2.33"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _limits(settings):
    settings.RATE_LIMIT_ENABLED = True
    settings.LIMITS = settings.LIMITS | {"login": "1000/minute", "address": "1000/minute"}


def login(address, password=PASSWORD, email="ann@example.com"):
    body = {"email": email, "password": password}
    return APIClient(REMOTE_ADDR=address).post("/v2/auth/login", body)


def guess(times, address="203.0.113.{}", email="ann@example.com"):
    """Wrong passwords, each from another address unless it is given; the statuses."""
    return [login(address.format(n), f"guess {n}", email).status_code for n in range(times)]


def test_many_addresses_together_have_twenty_guesses_at_an_account(ann):
    assert guess(22) == [401] * 20 + [429] * 2


def test_then_even_the_right_password_is_not_looked_at_and_it_is_said_when(ann):
    guess(20)
    response = login(CAFE)
    assert response.status_code == 429
    assert 1 <= int(response["Retry-After"]) <= 3600
    assert "/forgot-password" in response.json()["error"]["message"]
    assert response.json()["error"]["details"]["reset_in_seconds"] == int(response["Retry-After"])


def test_an_owner_gets_in_from_where_they_were_let_in_before_whatever_strangers_do(ann):
    assert login(HOME).status_code == 200
    guess(30)
    assert login(HOME).status_code == 200
    assert login(CAFE).status_code == 429


def test_an_address_that_was_let_in_has_its_own_twenty_guesses(ann):
    login(HOME)
    assert guess(21, HOME) == [401] * 20 + [429]
    assert guess(1) == [401]


def test_the_right_password_forgives_mistyping(ann):
    for _ in range(3):
        assert guess(19, HOME) == [401] * 19
        assert login(HOME).status_code == 200


def test_an_owner_on_the_way_gets_in_by_a_mailed_link(ann, work):
    guess(20)
    client = APIClient(REMOTE_ADDR=CAFE)
    client.post("/v2/auth/password/forgot", {"email": "ann@example.com"})
    work()
    key = mail.outbox[0].body.partition("#key=")[2].split()[0]
    assert (
        client.post("/v2/auth/password/reset", {"key": key, "password": "new-horse-battery"}).status_code
        == 200
    )
    guess(20)
    assert login(CAFE, "new-horse-battery").status_code == 200


def test_other_accounts_are_not_concerned(ann):
    factories.UserFactory(email="bob@example.com")
    guess(22)
    assert guess(1, email="bob@example.com") == [401]


def test_an_account_that_does_not_exist_is_limited_just_the_same(ann):
    assert guess(22, email="nobody@example.com") == guess(22)


def test_one_spelling_more_of_an_address_is_no_guess_more(ann):
    guess(20)
    assert guess(1, email=" ANN@Example.com ") == [429]


def test_one_address_may_not_try_many_accounts(ann, settings):
    settings.LIMITS = settings.LIMITS | {"login": "20/minute"}
    answers = [login(HOME, "x", f"user{n}@example.com").status_code for n in range(21)]
    assert answers == [401] * 20 + [429]


def test_a_forged_header_is_not_another_address(ann):
    client = APIClient()
    answers = [
        client.post(
            "/v2/auth/login",
            {"email": "ann@example.com", "password": "x"},
            HTTP_X_FORWARDED_FOR=f"198.51.100.{n}",
        ).status_code
        for n in range(21)
    ]
    assert answers == [401] * 20 + [429]


def test_the_staff_pages_are_no_way_round(ann, client):
    User.objects.update(is_staff=True)
    for n in range(20):
        client.post("/admin/login/", {"username": "ann@example.com", "password": f"guess {n}"})
    page = client.post("/admin/login/", {"username": "ann@example.com", "password": PASSWORD})
    assert page.status_code == 200
    assert "Too many wrong passwords" in page.text
    assert login(CAFE).status_code == 429


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "empty", [{"password": ""}, {"username": ""}, {"username": "", "password": ""}, None]
)
def test_a_staff_login_without_a_password_forgives_nothing(ann, client, empty):
    guess(20)
    sent = {} if empty is None else {"username": "ann@example.com", "password": "x"} | empty
    assert client.post("/admin/login/", sent).status_code == 200
    assert guess(1) == [429]


def test_an_address_typed_as_an_account_uses_up_nobodys_budget(ann):
    login(HOME)
    for account in (f"ann@example.com {HOME}", f"own {HOME} ann@example.com", "shared ann@example.com"):
        guess(20, email=account)
    assert login(HOME).status_code == 200
    assert login(CAFE).status_code == 200


def test_staff_who_were_let_in_stay_let_in(ann, client):
    User.objects.update(is_staff=True)
    credentials = {"username": "ann@example.com", "password": PASSWORD}
    assert client.post("/admin/login/", credentials).status_code == 302
    client.logout()
    guess(20)
    assert client.post("/admin/login/", credentials).status_code == 302


def test_deleting_the_account_is_no_way_to_guess_its_password(ann):
    token = login(HOME).json()["token"]
    client = APIClient(HTTP_AUTHORIZATION=f"Bearer {token}", REMOTE_ADDR=HOME)
    answers = [client.delete("/v2/users/me", {"password": f"guess {n}"}).status_code for n in range(21)]
    assert answers == [403] * 20 + [429]
    assert User.objects.filter(pk=ann.pk).exists()


def test_a_stranger_can_not_fill_a_mailbox(ann, work):
    for _ in range(20):
        assert APIClient(REMOTE_ADDR=CAFE).post(
            "/v2/auth/password/forgot", {"email": "ann@example.com"}
        ).status_code in {202, 429}
        work()
    assert len(mail.outbox) == 5


@pytest.mark.django_db(transaction=True)
def test_of_many_guesses_at_once_no_more_than_twenty_are_looked_at(ann):
    barrier = threading.Barrier(40)
    answers = []

    def go(n):
        barrier.wait(30)
        answers.append(login(f"203.0.113.{n}", "wrong").status_code)
        connection.close()

    threads = [threading.Thread(target=go, args=(n,)) for n in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answers) == [401] * 20 + [429] * 20
