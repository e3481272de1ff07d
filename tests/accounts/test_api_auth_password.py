"""A forgotten password: the mail, its link, and what a new password ends."""

import re
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.http import int_to_base36

from apps.accounts import long_term_tokens
from apps.accounts.models import User
from apps.tasks.models import Task, TaskState
from tests.accounts.conftest import PASSWORD
from tests.conftest import tokens_of
from tests.processes.running import free_port

NEW = "another-horse-battery"


def forgot(client, email="ann@example.com"):
    return client.post("/v2/auth/password/forgot", {"email": email})


def reset(client, key, password=NEW):
    return client.post("/v2/auth/password/reset", {"key": key, "password": password})


def login(client, password):
    return client.post("/v2/auth/login", {"email": "ann@example.com", "password": password}).status_code


def key_in(message):
    return re.search(r"http://localhost:8000/reset-password#key=(\S+)", message.body)[1]


@pytest.fixture
def key(anonymous, ann, work):
    """The key of a mail that Ann got."""
    forgot(anonymous)
    work()
    return key_in(mail.outbox.pop())


def test_the_answer_is_the_same_for_everybody(anonymous, ann):
    answers = [forgot(anonymous, email) for email in ("ann@example.com", "nobody@example.com", "no address")]
    assert {(answer.status_code, answer.content) for answer in answers} == {(202, answers[0].content)}


def test_asking_costs_the_same_whether_or_not_there_is_an_account(anonymous, ann):
    def statements(email):
        with CaptureQueriesContext(connection) as captured:
            forgot(anonymous, email)
        return [re.sub(r"'.*?'", "?", query["sql"]) for query in captured]

    assert statements("ann@example.com") == statements("nobody@example.com")


def test_an_address_that_nobody_has_is_not_kept(anonymous, db):
    forgot(anonymous, "nobody@example.com")
    assert "nobody@example.com" not in str(list(Task.objects.values()))


def test_the_owner_gets_a_mail_with_a_link_in_text_and_html(anonymous, ann, work):
    forgot(anonymous, "ANN@example.com ")
    work()
    (sent,) = mail.outbox
    assert sent.to == ["ann@example.com"]
    assert sent.subject == "Set a new password for VidWiz"
    (html,) = [content for content, kind in sent.alternatives if kind == "text/html"]
    assert f"reset-password#key={key_in(sent)}" in html
    assert "Ann the First" not in html + sent.body


@pytest.mark.parametrize("email", ["nobody@example.com", "bob@example.com"])
def test_nobody_else_gets_one(anonymous, ann, bob, work, email):
    User.objects.filter(pk=bob.pk).update(is_active=False)
    forgot(anonymous, email)
    work()
    assert mail.outbox == []
    assert not Task.objects.exclude(state=TaskState.COMPLETED).exists()


def test_the_link_sets_a_new_password_once(anonymous, key):
    response = reset(anonymous, key)
    assert (response.status_code, set(response.json())) == (200, {"message"})
    assert (login(anonymous, PASSWORD), login(anonymous, NEW)) == (401, 200)
    again = reset(anonymous, key, "third-horse-battery")
    assert again.status_code == 422
    assert [detail["field"] for detail in again.json()["error"]["details"]] == ["key"]
    assert login(anonymous, NEW) == 200


def test_a_new_password_ends_every_sign_in_and_leaves_phones_alone(anonymous, ann, key):
    EmailAddress.objects.create(user=ann, email=ann.email, verified=True, primary=True)
    sessions = [tokens_of(ann), tokens_of(ann)]
    phone = long_term_tokens.create(user=ann, name="Phone")
    assert reset(anonymous, key).status_code == 200
    for tokens in sessions:
        assert anonymous.get("/v2/users/me", HTTP_AUTHORIZATION=f"Bearer {tokens.access}").status_code == 401
        assert anonymous.post("/v2/auth/refresh", {"refresh_token": tokens.refresh}).status_code == 401
    assert long_term_tokens.user_of(phone) == ann


def test_if_nobody_knew_whose_address_it_is_phones_are_out_too(anonymous, ann, key):
    """Somebody may have registered it in advance, and made a token that would stay."""
    EmailAddress.objects.create(user=ann, email=ann.email, primary=True)
    phone = long_term_tokens.create(user=ann, name="Phone")
    assert reset(anonymous, key).status_code == 200
    assert long_term_tokens.user_of(phone) is None


def test_the_owner_is_told_of_the_change(anonymous, key, work):
    reset(anonymous, key)
    work()
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["ann@example.com"], "Your VidWiz password was changed")


def test_whoever_has_the_mail_has_the_address(anonymous, ann, key):
    reset(anonymous, key)
    assert EmailAddress.objects.get(user=ann).verified


@pytest.mark.parametrize(
    "key", ["", "x", "1-", "-x", "1-abc-def", "zzzzzzzzzzzzzzzz-abc-def", "1-é", "a" * 201, None, 5]
)
def test_a_key_that_nobody_made_is_refused(anonymous, ann, key):
    response = reset(anonymous, key)
    assert response.status_code == 422
    assert [detail["field"] for detail in response.json()["error"]["details"]] == ["key"]
    assert login(anonymous, PASSWORD) == 200


def test_a_key_is_good_for_an_hour(anonymous, key, settings):
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert reset(anonymous, key).status_code == 422


def test_somebody_elses_key_does_not_fit(anonymous, key, bob):
    _, _, token = key.partition("-")
    assert reset(anonymous, f"{int_to_base36(bob.pk)}-{token}").status_code == 422


@pytest.mark.parametrize("weak", ["short", "12345678901234", "ann@example.com", "", None, "x" * 1001])
def test_a_weak_password_is_refused_and_the_key_stays_good(anonymous, key, weak):
    response = reset(anonymous, key, weak)
    assert response.status_code == 422
    assert [detail["field"] for detail in response.json()["error"]["details"]] == ["password"]
    assert reset(anonymous, key).status_code == 200


def test_a_closed_account_is_not_opened_by_a_link(anonymous, key):
    User.objects.update(is_active=False)
    assert reset(anonymous, key).status_code == 422


def test_an_account_that_signs_in_with_google_may_set_a_password(anonymous, ann, work):
    ann.set_unusable_password()
    ann.save()
    forgot(anonymous)
    work()
    assert reset(anonymous, key_in(mail.outbox[0])).status_code == 200
    assert login(anonymous, NEW) == 200


def test_a_mail_server_that_is_down_delays_the_mail(anonymous, ann, work, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    forgot(anonymous)
    (task,) = work()
    assert (task.state, task.attempts) == (TaskState.PENDING, 1)
    assert "mail" in task.last_error


def test_a_refused_address_is_in_no_log_and_no_task(anonymous, ann, work, settings, caplog):
    class Full:
        async def handle_RCPT(self, server, session, envelope, address, options):
            return f"452 {address} has no room"

    controller = Controller(Full(), hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = controller.hostname, controller.port
        forgot(anonymous)
        (task,) = work()
    finally:
        controller.stop()
    assert "SMTPRecipientsRefused" in task.last_error
    ours = [record.getMessage() for record in caplog.records if record.name != "mail.log"]  # the stand-in's
    assert "ann@example.com" not in task.last_error + " ".join(ours)


def test_mails_go_over_smtp(anonymous, ann, work, settings):
    class Inbox:
        received: list[bytes] = []

        async def handle_DATA(self, server, session, envelope):
            self.received.append(envelope.content)
            return "250 OK"

    controller = Controller(Inbox(), hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = controller.hostname, controller.port
        forgot(anonymous)
        work()
    finally:
        controller.stop()
    (received,) = Inbox.received
    message = message_from_bytes(received, policy=policy.default)
    assert message["To"] == "ann@example.com"
    text, html = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))
    key = re.search(r"#key=(\S+)", text)[1]
    assert f"#key={key}" in html
    assert reset(anonymous, key).status_code == 200
