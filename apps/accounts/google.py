"""Google's ID tokens: whether one is Google's, for this site, and whose it is."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

import requests
from cachecontrol import CacheControl
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from google.auth.exceptions import GoogleAuthError, TransportError
from google.auth.transport.requests import Request
from google.oauth2 import id_token

from apps.accounts.models import User
from vidwiz.common import errors

ISSUERS = {"https://accounts.google.com", "accounts.google.com"}  # Google documents both
CLOCK_SKEW_SECONDS = 10
TIMEOUT_SECONDS = 5


class NotSetUp(errors.Unavailable):
    """This server has no GOOGLE_CLIENT_ID, so nobody can sign in with Google. Use your password."""


class Unreachable(errors.Unavailable):
    """Google's certificates can't be had right now, so nobody can sign in with Google. Try again in a minute."""


class NotGoogles(Exception):
    """This is not a token that Google gave out for this site, or it has expired."""


class Identity(NamedTuple):
    subject: str  # Google's own id of the account, which stays when its address changes
    email: str  # in the spelling in which it is kept
    name: str
    picture: str
    issued_at: datetime


def identify(credential: str) -> Identity:
    """Who an ID token is about. Raises `NotGoogles`, `NotSetUp`, `Unreachable`.

    https://developers.google.com/identity/gsi/web/guides/verify-google-id-token
    """
    if not settings.GOOGLE_CLIENT_ID:
        raise NotSetUp
    try:
        claims = id_token.verify_token(
            credential,
            _transport(),
            audience=settings.GOOGLE_CLIENT_ID,
            certs_url=settings.GOOGLE_CERTS_URL,
            clock_skew_in_seconds=CLOCK_SKEW_SECONDS,
        )
        return _identity(claims)
    except (TransportError, requests.RequestException) as error:
        raise Unreachable from error
    except (GoogleAuthError, ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        # Claims of the wrong type among them: whatever it is, it is not what Google makes.
        raise NotGoogles from error


def _identity(claims: Any) -> Identity:
    if claims["iss"] not in ISSUERS or claims.get("email_verified") is not True:
        raise NotGoogles
    subject, email = claims["sub"], claims["email"]
    if not (isinstance(subject, str) and re.fullmatch(r"[!-~]{1,255}", subject)):  # as Google promises
        raise NotGoogles
    if not isinstance(email, str):
        raise NotGoogles
    email = User.objects.normalize_email(email)
    if len(email) > 254:
        raise NotGoogles
    try:
        validate_email(email)
    except ValidationError as error:
        raise NotGoogles from error
    name, picture = claims.get("name"), claims.get("picture")
    return Identity(
        subject,
        email,
        # A name of odd characters is none; the address stands in for it.
        name.strip()[:100] if isinstance(name, str) and name.strip().isprintable() else "",
        picture if isinstance(picture, str) and re.fullmatch(r"https://[!-~]{1,490}", picture) else "",
        datetime.fromtimestamp(claims["iat"], UTC),
    )


class _Transport(Request):
    """The library's own waits for two minutes."""

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = TIMEOUT_SECONDS,
        **kwargs: Any,
    ) -> Any:
        return super().__call__(url, method, body, headers, timeout, **kwargs)


@cache
def _transport() -> Request:
    """Keeps the certificates in this process for as long as their headers allow."""
    session = requests.Session()
    session.trust_env = False
    return _Transport(CacheControl(session))
