"""Who may make which call of the contract's "Accounts": its owner, a stranger, a guest, and somebody with nothing."""

import logging

import pytest
from rest_framework.test import APIClient

from apps.accounts import authentication, long_term_tokens
from apps.accounts.models import LongTermToken, User
from tests.conftest import tokens_of

GUEST_ID = "guest-session-0123456789"
PASSWORD = "correct-horse-battery"

# Of one's own: (method, path, body, status for its owner)
OWN = [
    ("get", "/v2/auth/tokens", None, 200),
    ("post", "/v2/auth/tokens", {"name": "Tablet"}, 200),
    ("delete", "/v2/auth/tokens", None, 200),
    ("delete", "/v2/auth/tokens/{token}", None, 200),
    ("get", "/v2/users/me", None, 200),
    ("patch", "/v2/users/me", {"name": "Renamed"}, 200),
    ("delete", "/v2/users/me", {"password": PASSWORD}, 200),
]
# Open to everybody, whoever they are: what lets in, or doesn't, is in the body.
OPEN = [
    ("/v2/auth/register", {"email": "new@example.com", "name": "New", "password": PASSWORD}, 201),
    ("/v2/auth/login", {"email": "alice@example.com", "password": PASSWORD}, 200),
    ("/v2/auth/login", {"email": "alice@example.com", "password": "wrong"}, 401),
    ("/v2/auth/google", {"credential": "not Google's"}, 401),
    ("/v2/auth/refresh", {"refresh_token": "not ours"}, 401),
    ("/v2/auth/logout", {"refresh_token": "not ours"}, 401),
    ("/v2/auth/password/forgot", {"email": "alice@example.com"}, 202),
    ("/v2/auth/password/reset", {"key": "1-not-ours", "password": PASSWORD}, 422),
    ("/v2/auth/email/confirm", {"key": "not ours"}, 422),
]


@pytest.fixture
def alice(alice):
    alice.set_password(PASSWORD)
    alice.save()
    return alice


@pytest.fixture
def call(alice):
    LongTermToken.objects.filter(user=alice).delete()
    long_term_tokens.create(user=alice, name="Phone")
    token = LongTermToken.objects.get(user=alice).pk

    def do(client, method, path, body):
        return getattr(client, method)(path.format(token=token), body, format="json")

    return do


@pytest.mark.parametrize(("method", "path", "body", "status"), OWN)
def test_the_owner_may(alices, call, method, path, body, status):
    assert call(alices, method, path, body).status_code == status


@pytest.mark.parametrize(("method", "path", "body", "status"), OWN)
def test_a_guest_may_not(guest, call, method, path, body, status):
    assert call(guest, method, path, body).status_code == 401


@pytest.mark.parametrize(("method", "path", "body", "status"), OWN)
def test_somebody_without_anything_may_not(anonymous, call, method, path, body, status):
    response = call(anonymous, method, path, body)
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(("method", "path", "body", "status"), OWN)
def test_a_helper_may_not(helper, call, method, path, body, status):
    assert call(helper, method, path, body).status_code == 401


@pytest.mark.parametrize(("method", "path", "body", "status"), OWN)
def test_a_stranger_does_nothing_to_the_owner(alice, alices, bobs, call, method, path, body, status):
    def hers():
        return alices.get("/v2/users/me").json(), alices.get("/v2/auth/tokens").json()

    before = hers()
    call(bobs, method, path, body)
    assert hers() == before
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


@pytest.mark.parametrize("who", ["alices", "bobs", "guest", "anonymous", "helper"])
@pytest.mark.parametrize(("path", "body", "status"), OPEN)
def test_the_open_calls_answer_everybody_alike(request, alice, settings, who, path, body, status):
    client = request.getfixturevalue(who)
    settings.GOOGLE_CLIENT_ID = ["web.apps.googleusercontent.com"]
    settings.GOOGLE_CERTS_URL = "http://127.0.0.1:9/certs"
    expected = 503 if "google" in path else status
    assert client.post(path, body).status_code == expected


def test_staff_can_not_take_their_record_along(alice, alices):
    User.objects.filter(pk=alice.pk).update(is_staff=True)
    assert alices.delete("/v2/users/me", {"password": PASSWORD}).status_code == 403
    assert User.objects.filter(pk=alice.pk).exists()


def test_a_bad_credential_does_not_hinder_an_open_call(alice):
    client = APIClient(HTTP_AUTHORIZATION="Bearer expired", HTTP_X_GUEST_SESSION_ID="bad")
    assert client.post("/v2/auth/login", {"email": alice.email, "password": PASSWORD}).status_code == 200


# --- Guests


@pytest.mark.parametrize(
    "sent", ["short", "a" * 129, "has space in the middle", "semi;colon-0123456789", "é" * 20, ""]
)
def test_a_guests_id_is_checked_for_shape(sent):
    assert authentication.guest_by_header({}) is None
    with pytest.raises(authentication.exceptions.AuthenticationFailed):
        authentication.guest_by_header({"X-Guest-Session-ID": sent})


def test_of_a_guests_id_only_the_digest_goes_on():
    guest = authentication.guest_by_header({"X-Guest-Session-ID": GUEST_ID})
    assert guest
    assert GUEST_ID not in repr(guest) + str(vars(guest))
    assert len(guest.digest) == 64
    assert guest == authentication.guest_by_header({"X-Guest-Session-ID": GUEST_ID})


def test_no_credential_is_ever_in_a_log_line(alice, guest, caplog, settings, monkeypatch):
    """Not even where the server fails, which is where tracebacks are written."""
    caplog.set_level(logging.DEBUG)
    tokens = tokens_of(alice)
    phone = long_term_tokens.create(user=alice, name="Phone")
    client = APIClient(raise_request_exception=False)
    monkeypatch.setattr("apps.videos.views.video_or_404", lambda *_: 1 / 0)
    for headers in (
        {"HTTP_X_GUEST_SESSION_ID": GUEST_ID},
        {"HTTP_AUTHORIZATION": f"Bearer {tokens.access}"},
    ):
        assert client.get("/v2/videos/dQw4w9WgXcQ", **headers).status_code == 500
    client.get("/v2/users/me", HTTP_AUTHORIZATION=f"Bearer {phone}")
    client.post("/v2/auth/login", {"email": alice.email, "password": PASSWORD})
    client.post("/v2/auth/refresh", {"refresh_token": tokens.refresh})
    client.post("/v2/auth/refresh", {"refresh_token": tokens.refresh})
    assert "came twice" in caplog.text
    for secret in (GUEST_ID, tokens.access, tokens.refresh, phone, PASSWORD):
        assert secret not in caplog.text
