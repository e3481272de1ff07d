"""POST /v2/auth/google, with Google's own library against a certificate server on loopback."""

import base64
import hashlib
import hmac
import json

import jwt
import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives import serialization

from apps.accounts import long_term_tokens
from apps.accounts.models import User
from tests import factories
from tests.conftest import tokens_of
from tests.standins.google import EXTENSION, key

pytestmark = pytest.mark.django_db


def sign_in(client, credential):
    return client.post("/v2/auth/google", {"credential": credential})


def me(client, token):
    return client.get("/v2/users/me", HTTP_AUTHORIZATION=f"Bearer {token}")


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"iss": "accounts.google.com"},
        {"aud": EXTENSION},
        {"email": "ANN@Example.com"},
        {"picture": None},
    ],
)
def test_googles_token_lets_in_and_makes_the_account(google, anonymous, claims):
    response = sign_in(anonymous, google.token(**claims))
    assert response.status_code == 200
    assert set(response.json()) == {"token", "refresh_token", "expires_in"}
    profile = me(anonymous, response.json()["token"]).json()
    assert (profile["email"], profile["name"]) == ("ann@example.com", "Ann B")
    assert profile["profile_image_url"] == claims.get("picture", "https://lh3.googleusercontent.com/a/ann")


@pytest.mark.parametrize(
    "claims",
    [
        {"signed_by": "second"},
        {"kid": "second"},
        {"iss": "https://evil.example.com"},
        {"iss": "https://accounts.google.com.evil.example.com"},
        {"iss": None},
        {"aud": "another-site.apps.googleusercontent.com"},
        {"aud": ["web.apps.googleusercontent.com"]},
        {"aud": None},
        {"exp": 1},
        {"exp": None},
        {"exp": "soon"},
        {"exp": 10**30, "iat": 10**30},
        {"iat": None},
        {"iat": -(10**30)},
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "true"},
        {"email": None},
        {"email": "no-address"},
        {"email": "a" * 300 + "@example.com"},
        {"sub": None},
        {"sub": ""},
        {"sub": 12},
        {"sub": "1" * 256},
        {"sub": "1\u0000"},
        {"sub": "\ud800"},
        {"email": "a\u0000b@example.com"},
        {"email": "a\ud800b@example.com"},
        {"email": "\ufdfa" * 200 + "@example.com"},
        {"email": "x\nBcc: a@b.c@example.com"},
    ],
    ids=str,
)
def test_what_is_not_googles_for_this_site_is_refused(google, anonymous, claims):
    response = sign_in(anonymous, google.token(**claims))
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "UNAUTHORIZED"
    assert not User.objects.exists()


def test_a_token_without_signature_or_signed_by_the_public_key_is_refused(google, anonymous):
    claims = jwt.decode(google.token(), options={"verify_signature": False})
    public = (
        key("first")
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    unsigned = jwt.encode(claims, "", algorithm="none", headers={"kid": "first"})

    def part(data):
        return base64.urlsafe_b64encode(data).rstrip(b"=")

    head = part(json.dumps({"alg": "HS256", "typ": "JWT", "kid": "first"}).encode())
    signed = head + b"." + part(json.dumps(claims).encode())
    confused = signed + b"." + part(hmac.new(public, signed, hashlib.sha256).digest())
    assert sign_in(anonymous, unsigned).status_code == 401
    assert sign_in(anonymous, confused.decode()).status_code == 401


DEEP = base64.urlsafe_b64encode(b"[" * 2900).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "credential",
    ["x", "a.b.c", "....", "é.é.é", "e30.e30.e30", "a" * 4000, f"{DEEP}.e30.e30", f"e30.{DEEP}.e30"],
)
def test_rubbish_is_refused(google, anonymous, credential):
    assert sign_in(anonymous, credential).status_code == 401


@pytest.mark.parametrize(
    "body", [{}, {"credential": ""}, {"credential": None}, {"credential": 1}, {"credential": "a" * 5000}]
)
def test_no_credential_is_said_to_be_missing(google, anonymous, body):
    assert anonymous.post("/v2/auth/google", body).status_code == 422


def test_certificates_are_fetched_once_and_kept_as_their_headers_say(google, anonymous):
    for subject in ("1", "2", "3"):
        assert (
            sign_in(anonymous, google.token(sub=subject, email=f"{subject}@example.com")).status_code == 200
        )
    assert google.asked == 1


def test_certificates_that_may_not_be_kept_are_fetched_again_and_a_new_key_is_known_at_once(
    google, anonymous
):
    google.max_age = 0
    assert sign_in(anonymous, google.token()).status_code == 200
    google.keys = ["second"]
    assert sign_in(anonymous, google.token(kid="second", signed_by="second")).status_code == 200
    assert sign_in(anonymous, google.token()).status_code == 401
    assert google.asked == 3


@pytest.mark.parametrize(
    ("status", "body", "answer"),
    [(500, b"", 503), (404, b"{}", 503), (200, b"<html>", 401), (200, b"[]", 401)],
)
def test_when_googles_server_gives_no_certificates_nobody_is_let_in(google, anonymous, status, body, answer):
    google.status, google.body = status, body
    assert sign_in(anonymous, google.token()).status_code == answer
    assert not User.objects.exists()


def test_when_google_can_not_be_reached_it_is_said_and_mends_itself(google, anonymous, settings):
    settings.GOOGLE_CERTS_URL = "http://127.0.0.1:9/certs"
    response = sign_in(anonymous, google.token())
    assert response.status_code == 503
    assert "Google" in response.json()["error"]["message"]
    settings.GOOGLE_CERTS_URL = google.url
    assert sign_in(anonymous, google.token()).status_code == 200


def test_a_server_without_client_ids_says_so(google, anonymous, settings):
    settings.GOOGLE_CLIENT_ID = []
    response = sign_in(anonymous, google.token())
    assert response.status_code == 503
    assert google.asked == 0


def test_the_same_google_account_is_the_same_user_when_its_address_changes(google, anonymous):
    sign_in(anonymous, google.token())
    sign_in(anonymous, google.token(email="ann.new@example.com"))
    assert User.objects.get().email == "ann@example.com"


@pytest.mark.parametrize("name", ["A\ud800B", "A\u0000B", "A\nB", "\u202eB", "", " ", "x", None])
def test_a_name_that_is_none_is_replaced_by_the_address(google, anonymous, name):
    token = sign_in(anonymous, google.token(name=name)).json()["token"]
    assert me(anonymous, token).json()["name"] == "ann@example.com"


def test_an_address_that_google_gave_to_somebody_else_does_not_open_the_account_of_its_former_holder(
    google, anonymous
):
    sign_in(anonymous, google.token(sub="1"))
    assert sign_in(anonymous, google.token(sub="2")).status_code == 401
    assert sign_in(anonymous, google.token(sub="1")).status_code == 200


def test_another_google_account_is_another_user(google, anonymous):
    sign_in(anonymous, google.token())
    sign_in(anonymous, google.token(sub="2", email="bob@example.com"))
    assert User.objects.count() == 2


PASSWORD = "correct-horse-battery"


@pytest.fixture
def ann(db, settings):
    """Registered with Ann's address and a password, by whomever."""
    user = factories.UserFactory(email="ann@example.com", name="Not Ann at all")
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, primary=True)
    return user


def password_fits(client):
    return (
        client.post("/v2/auth/login", {"email": "ann@example.com", "password": PASSWORD}).status_code == 200
    )


def test_joining_an_account_whose_address_was_confirmed_keeps_its_password(google, anonymous, ann):
    EmailAddress.objects.update(verified=True)
    session = tokens_of(ann)
    phone = long_term_tokens.create(user=ann, name="Phone")
    assert me(anonymous, sign_in(anonymous, google.token()).json()["token"]).json()["id"] == ann.pk
    assert password_fits(anonymous)
    assert me(anonymous, session.access).status_code == 200
    assert long_term_tokens.user_of(phone) == ann


def test_joining_an_account_that_was_not_confirmed_puts_everybody_else_out(google, anonymous, ann):
    assert password_fits(anonymous)
    squatter = tokens_of(ann)
    phone = long_term_tokens.create(user=ann, name="Phone")
    profile = me(anonymous, sign_in(anonymous, google.token()).json()["token"]).json()
    assert (profile["id"], profile["name"], profile["token_exists"]) == (ann.pk, "Ann B", False)
    assert not password_fits(anonymous)
    assert me(anonymous, squatter.access).status_code == 401
    assert anonymous.post("/v2/auth/refresh", {"refresh_token": squatter.refresh}).status_code == 401
    assert long_term_tokens.user_of(phone) is None


def test_a_second_sign_in_after_joining_puts_nobody_out(google, anonymous, ann):
    first = sign_in(anonymous, google.token()).json()["token"]
    sign_in(anonymous, google.token())
    assert me(anonymous, first).status_code == 200


def test_an_account_made_by_google_has_no_password_to_guess(google, anonymous):
    sign_in(anonymous, google.token())
    assert anonymous.post("/v2/auth/login", {"email": "ann@example.com", "password": ""}).status_code == 422
    assert anonymous.post("/v2/auth/login", {"email": "ann@example.com", "password": "!"}).status_code == 401
    assert not User.objects.get().has_usable_password()


def test_a_closed_account_stays_closed(google, anonymous, ann):
    User.objects.update(is_active=False)
    assert sign_in(anonymous, google.token()).status_code == 401
    assert not SocialAccount.objects.filter(user__is_active=True).exists()


def test_a_superuser_made_on_this_machine_keeps_their_password(google, anonymous):
    User.objects.create_superuser("ann@example.com", PASSWORD, name="Ann")
    assert sign_in(anonymous, google.token()).status_code == 200
    assert password_fits(anonymous)
