"""The doors of the API: access token, long-term token, guest session, admin token. Each view names those it opens."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework_simplejwt.tokens import AccessToken

from apps.accounts import long_term_tokens, sign_ins
from apps.accounts.models import User
from vidwiz.common import errors

_GUEST_SESSION = re.compile(r"[A-Za-z0-9_-]{16,128}")

SIGN_IN = "Sign in to do this: send `Authorization: Bearer <access token>`."
SIGN_IN_AGAIN = "This access token is not valid or has expired. Sign in again."
NOT_WITH_LONG_TERM = "A long-term token only makes notes. Sign in to do this."
REVOKED = "This long-term token was revoked or has expired. Make a new one."
BAD_GUEST = "X-Guest-Session-ID must be 16 to 128 letters, digits, - or _."


class InternalAPIOff(errors.Unavailable):
    """This server has no ADMIN_TOKEN, so its internal API is turned off."""


@dataclass(frozen=True)
class Guest:
    """Somebody without an account, known by the digest of a secret that their client made up.

    The secret itself is forgotten at the door, so that it is in no row, no log line and no traceback.
    """

    digest: str  # SHA-256, 64 hexadecimal digits
    is_authenticated = True
    is_active = True
    pk = None


@dataclass(frozen=True)
class Helper:
    """A trusted worker on another machine."""

    is_authenticated = True
    is_active = True
    pk = None


def bearer(headers: Mapping[str, str]) -> str | None:
    """The token of `Authorization: Bearer <token>`; None without one or with another scheme."""
    scheme, _, token = headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def user_by_token(raw: str) -> tuple[User, AccessToken]:
    """Raises `AuthenticationFailed` for any but a good access token."""
    if raw.startswith(long_term_tokens.PREFIX):
        raise exceptions.AuthenticationFailed(NOT_WITH_LONG_TERM)
    found = sign_ins.user_by_access_token(raw)
    if found is None:
        raise exceptions.AuthenticationFailed(SIGN_IN_AGAIN)
    return found


def current_user(request: Request) -> User:
    """The caller of a view that only users may enter."""
    assert isinstance(request.user, User)
    return request.user


def guest_by_header(headers: Mapping[str, str]) -> Guest | None:
    sent = headers.get("X-Guest-Session-ID")
    if sent is None:
        return None
    if not _GUEST_SESSION.fullmatch(sent):
        raise exceptions.AuthenticationFailed(BAD_GUEST)
    return Guest(hashlib.sha256(sent.encode()).hexdigest())


def check_admin_token(headers: Mapping[str, str]) -> Helper:
    if not settings.ADMIN_TOKEN:
        raise InternalAPIOff
    sent = bearer(headers)
    if sent is None:
        raise exceptions.NotAuthenticated("Send `Authorization: Bearer <ADMIN_TOKEN>`.")
    if not hmac.compare_digest(sent.encode(), settings.ADMIN_TOKEN.encode()):
        raise exceptions.PermissionDenied("This is not the admin token.")
    return Helper()


class _Bearer(BaseAuthentication):
    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class JWTAuthentication(_Bearer):
    def authenticate(self, request: Request) -> tuple[User, AccessToken] | None:
        raw = bearer(request.headers)
        return user_by_token(raw) if raw else None


class LongTermTokenAuthentication(_Bearer):
    """To be named before JWTAuthentication, which refuses these tokens."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        raw = bearer(request.headers)
        if not raw or not raw.startswith(long_term_tokens.PREFIX):
            return None
        user = long_term_tokens.user_of(raw)
        if user is None:
            raise exceptions.AuthenticationFailed(REVOKED)
        return user, None


class GuestAuthentication(_Bearer):
    def authenticate(self, request: Request) -> tuple[Guest, None] | None:
        guest = guest_by_header(request.headers)
        return (guest, None) if guest else None


class AdminTokenAuthentication(_Bearer):
    def authenticate(self, request: Request) -> tuple[Helper, None]:
        return check_admin_token(request.headers), None
