"""Getting an account and getting in."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.models import update_last_login
from django.db import IntegrityError, transaction
from rest_framework_simplejwt.tokens import AccessToken

from apps.accounts.models import User
from vidwiz.common import errors


class EmailTaken(errors.Conflict):
    """This e-mail address is already registered. Sign in instead."""


def register(*, email: str, name: str, password: str) -> User:
    """Raises `EmailTaken`, also when two people register the same address at the same moment."""
    if User.objects.filter(email=User.objects.normalize_email(email)).exists():
        raise EmailTaken
    try:
        with transaction.atomic():
            return User.objects.create_user(email, password, name=name)
    except IntegrityError:
        raise EmailTaken from None


def login(*, email: str, password: str) -> str | None:
    """An access token, or None. Both answers cost one password hash, so time tells nothing."""
    user = authenticate(username=email, password=password)
    if not isinstance(user, User):
        return None
    update_last_login(User, user)
    return access_token(user)


def access_token(user: User) -> str:
    token = AccessToken()
    token["user_id"] = user.pk
    token["email"] = user.email
    token["name"] = user.name
    token["profile_image_url"] = user.profile_image_url or None
    return str(token)


def token_lifetime() -> timedelta:
    return timedelta(hours=settings.JWT_EXPIRY_HOURS)


def update_profile(*, user: User, changes: dict[str, Any]) -> User:
    if changes:
        for field, value in changes.items():
            setattr(user, field, value)
        user.save(update_fields=list(changes))
    return user
