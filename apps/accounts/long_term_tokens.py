"""Long-term tokens: for a phone's automation, which can't renew a session."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from apps.accounts.models import LongTermToken, User
from vidwiz.common import errors

PREFIX = "vw_"  # by which it is told from an access token, and found where it was left by mistake
MOST = 100  # that one account may have
USE_NOTED_EVERY = timedelta(minutes=1)


class NameTaken(errors.BadRequest):
    """You have a token of this name already. Give it another, or revoke that one first."""


class TooMany(errors.BadRequest):
    """You have 100 tokens, which is the most. Revoke those that you no longer use."""


class NoToken(errors.NotFound):
    """There is no such token among yours."""


@transaction.atomic
def create(*, user: User, name: str, expires_at: datetime | None = None) -> str | None:
    """The token, which is shown this once: only its digest is kept. Raises `NameTaken`, `TooMany`.

    None if the account was closed, deleted, or its password changed, since `user` was read: where somebody is put out
    of an account, their tokens go, and one that they were just making must not come after.
    """
    # Locked, so that of two at once one comes first: for this, for the name and for how many there are.
    unchanged = User.objects.filter(pk=user.pk, password=user.password, is_active=True)
    if not unchanged.select_for_update(no_key=True).exists():
        return None
    mine = LongTermToken.objects.filter(user=user)
    if mine.filter(name=name).exists():
        raise NameTaken
    if mine.count() >= MOST:
        raise TooMany
    token = PREFIX + secrets.token_urlsafe(32)
    LongTermToken.objects.create(user=user, name=name, digest=_digest(token), expires_at=expires_at)
    return token


def user_of(raw: str) -> User | None:
    """Whose token it is; None if it was revoked, has expired, or its user may not enter. One query, and once a
    minute another."""
    now = timezone.now()
    good = Q(expires_at=None) | Q(expires_at__gt=now)
    token = (
        LongTermToken.objects.select_related("user")
        .filter(good, digest=_digest(raw), user__is_active=True)
        .first()
    )
    if token is None:
        return None
    noted = token.last_used_at
    if noted is None or noted < now - USE_NOTED_EVERY:
        # By what was seen: of many at once, one writes.
        LongTermToken.objects.filter(pk=token.pk, last_used_at=noted).update(last_used_at=now)
    return token.user


def revoke(*, user: User, token_id: int | None = None) -> int:
    """Revokes one, or all; how many. Raises `NoToken` if there is none."""
    rows = LongTermToken.objects.filter(user=user)
    if token_id is not None:
        rows = rows.filter(pk=token_id)
    if not (revoked := rows.delete()[0]):
        raise NoToken
    return revoked


def _digest(raw: str) -> str:
    """256 random bits can't be guessed, so a fast hash without salt is enough, and can be looked up."""
    return hashlib.sha256(raw.encode("utf-8", "replace")).hexdigest()
