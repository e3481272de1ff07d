"""The doors of the API: access token, guest session, admin token. Each view names those it opens."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken

from apps.accounts.models import User
from vidwiz.common import errors

_GUEST_SESSION = re.compile(r"[A-Za-z0-9_-]{16,128}")

SIGN_IN = "Sign in to do this: send `Authorization: Bearer <access token>`."
SIGN_IN_AGAIN = "This access token is not valid or has expired. Sign in again."
BAD_GUEST = "X-Guest-Session-ID must be 16 to 128 letters, digits, - or _."


class InternalAPIOff(errors.Unavailable):
    """This server has no ADMIN_TOKEN, so its internal API is turned off."""


@dataclass(frozen=True)
class Guest:
    """Somebody without an account, known by a secret that their client made up."""

    session_id: str
    is_authenticated = True
    is_active = True
    pk = None

    def __repr__(self) -> str:
        return "Guest(…)"  # the session id is a secret and must not reach a log by way of a traceback


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
    """Raises `AuthenticationFailed` for a token that is malformed, forged, expired or whose user is gone."""
    try:
        token = AccessToken(raw.encode("utf-8", "replace"))  # type: ignore[arg-type]  # stubs lag: bytes are taken
        user = User.objects.get(pk=int(token["user_id"]), is_active=True)
    except (TokenError, User.DoesNotExist, KeyError, ValueError, TypeError, OverflowError):
        raise exceptions.AuthenticationFailed(SIGN_IN_AGAIN) from None
    return user, token


def current_user(request: Request) -> User:
    """The caller of a view whose only door is the access token."""
    assert isinstance(request.user, User)
    return request.user


def guest_by_header(headers: Mapping[str, str]) -> Guest | None:
    sent = headers.get("X-Guest-Session-ID")
    if sent is None:
        return None
    if not _GUEST_SESSION.fullmatch(sent):
        raise exceptions.AuthenticationFailed(BAD_GUEST)
    return Guest(sent)


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


class GuestAuthentication(_Bearer):
    def authenticate(self, request: Request) -> tuple[Guest, None] | None:
        guest = guest_by_header(request.headers)
        return (guest, None) if guest else None


class AdminTokenAuthentication(_Bearer):
    def authenticate(self, request: Request) -> tuple[Helper, None]:
        return check_admin_token(request.headers), None
