"""Confirming an e-mail address, where mail is configured."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from apps.accounts.models import User
from apps.tasks.models import Task, TaskState

NEW = {"email": "Ann@Example.com", "name": "http://spam.example.com", "password": "correct-horse-battery"}


@pytest.fixture
def link(anonymous, settings, work):
    """The key of the mail that registering sent."""
    settings.MAIL_CONFIGURED = True
    assert anonymous.post("/v2/auth/register", NEW).status_code == 201
    work()
    return re.search(r"http://localhost:8000/confirm-email#key=(\S+)", mail.outbox[0].body)[1]


def confirm(client, key):
    return client.post("/v2/auth/email/confirm", {"key": key})


def is_confirmed():
    return EmailAddress.objects.get(email="ann@example.com").verified


def test_registering_sends_a_link_that_confirms(anonymous, link):
    assert mail.outbox[0].to == ["ann@example.com"]
    assert not is_confirmed()
    assert confirm(anonymous, link).status_code == 200
    assert is_confirmed()


def test_the_mail_has_nothing_in_it_that_whoever_registered_wrote(link):
    """They may have given anybody's address."""
    (sent,) = mail.outbox
    assert "spam" not in sent.body + sent.subject + sent.alternatives[0][0]


def test_one_can_sign_in_without(anonymous, link):
    login = {"email": NEW["email"], "password": NEW["password"]}
    assert anonymous.post("/v2/auth/login", login).status_code == 200


def test_without_a_mail_server_nothing_is_sent(anonymous, db, work):
    anonymous.post("/v2/auth/register", NEW)
    work()
    assert mail.outbox == []
    assert not is_confirmed()


def test_a_link_works_once(anonymous, link):
    confirm(anonymous, link)
    response = confirm(anonymous, link)
    assert response.status_code == 422
    assert [detail["field"] for detail in response.json()["error"]["details"]] == ["key"]


@pytest.mark.parametrize("key", ["", "x", "MQ:1abc:def", "é", None, 1, "a" * 201])
def test_a_key_that_nobody_made_is_refused(anonymous, link, key):
    assert confirm(anonymous, key).status_code == 422
    assert not is_confirmed()


def test_a_link_ends(anonymous, link, settings):
    settings.ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = -1
    assert confirm(anonymous, link).status_code == 422


def test_an_account_that_is_gone_gets_no_mail(anonymous, settings, work):
    settings.MAIL_CONFIGURED = True
    anonymous.post("/v2/auth/register", NEW)
    User.objects.all().delete()
    work()
    assert mail.outbox == []
    assert Task.objects.get().state == TaskState.COMPLETED
