"""Sign-ins: the access and refresh tokens of one, and its end.

An access token is good while its sign-in is; a refresh token is good once. Both are signed, so nothing of
them is kept but which refresh tokens are spent (simplejwt's blacklist, without their text).
"""

import logging
from typing import NamedTuple, TypeVar

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac
from rest_framework_simplejwt import tokens
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

from apps.accounts.models import SignIn, User

logger = logging.getLogger(__name__)

BATCH = 500
MOST = 200  # sign-ins that one account may have, ended ones of the last weeks included


class Tokens(NamedTuple):
    access: str
    refresh: str
    expires_in: int  # seconds, of the access token


class RefreshToken(tokens.RefreshToken):
    def check_blacklist(self) -> None:
        """Nothing: `_spend` asks, at the same moment at which it is spent."""


_Token = TypeVar("_Token", bound=tokens.Token)


@transaction.atomic
def begin(*, user: User, address: str) -> Tokens | None:
    """The first tokens of a new sign-in from a client's `address`.

    None if the account was closed, or its password changed, since `user` was read: what ended all sign-ins must not
    be outlived by one whose password was checked just before.
    """
    unchanged = User.objects.filter(pk=user.pk, password=user.password, is_active=True)
    if not unchanged.update(last_login=timezone.now()):
        return None
    sign_in = SignIn.objects.create(
        user=user,
        address=address_digest(address),
        expires_at=timezone.now() + RefreshToken.lifetime,
    )
    oldest = (
        SignIn.objects.filter(user=user).order_by("-pk").values_list("pk", flat=True)[MOST : MOST + BATCH]
    )
    if too_many := list(oldest):
        SignIn.objects.filter(pk__in=too_many).delete()
    return _tokens(sign_in)


def _tokens(sign_in: SignIn) -> Tokens:
    user = sign_in.user
    refresh, access = RefreshToken(), tokens.AccessToken()
    for token in (refresh, access):
        token["user_id"] = user.pk
        token["sign_in"] = sign_in.pk
    access["email"] = user.email
    access["name"] = user.name
    access["profile_image_url"] = user.profile_image_url or None
    return Tokens(str(access), str(refresh), int(access.lifetime.total_seconds()))


def remember(*, user: User, address: str) -> None:
    """Notes that the account's owner was let in from there, by a link in a mail or on the staff pages."""
    now = timezone.now()
    SignIn.objects.create(
        user=user,
        address=address_digest(address),
        expires_at=now + RefreshToken.lifetime,
        ended_at=now,
        ended_by=SignIn.End.NO_TOKENS,
    )


def refresh(raw: str) -> Tokens | None:
    """New tokens for a refresh token, which is then spent. None if it is no good; if it has been spent before, the
    whole sign-in ends with that."""
    token = _authentic(RefreshToken, raw)
    if token is None:
        return None
    with transaction.atomic():
        # The user is locked before their sign-ins, as where all of these end: the other way round is a deadlock.
        # So one that is being ended is seen to be, and of two with the same token one comes first.
        User.objects.select_for_update(no_key=True).filter(pk=token["user_id"]).first()
        sign_in = _living(token)
        if sign_in is None:
            return None
        if not _spend(token, sign_in.user):
            logger.warning(
                "A refresh token came twice: sign-in %s of user %s ends.", sign_in.pk, sign_in.user_id
            )
            _end(SignIn.objects.filter(pk=sign_in.pk), SignIn.End.REUSE)
            return None
        sign_in.refreshed_at = timezone.now()
        sign_in.expires_at = sign_in.refreshed_at + RefreshToken.lifetime
        sign_in.save(update_fields=["refreshed_at", "expires_at"])
        return _tokens(sign_in)


def _spend(token: RefreshToken, user: User) -> bool:
    """Whether it was not spent before. By unique constraints, so it holds for any two at once."""
    spent, _ = OutstandingToken.objects.get_or_create(
        jti=token["jti"],
        defaults={
            "user": user,
            "token": "",  # the library would keep it as it is; what is stored of a token is never the token
            "created_at": token.current_time,
            "expires_at": timezone.now() + RefreshToken.lifetime,
        },
    )
    return BlacklistedToken.objects.get_or_create(token=spent)[1]


def end(raw: str) -> bool:
    """Logs out: the sign-in of this refresh token ends, its access tokens too. False if it is not one of ours."""
    token = _authentic(RefreshToken, raw)
    if token is None:
        return False
    _end(SignIn.objects.filter(pk=token["sign_in"]), SignIn.End.LOGOUT)
    return True


def end_all(*, user: User, why: SignIn.End) -> None:
    _end(SignIn.objects.filter(user=user), why)


def _end(sign_ins: QuerySet[SignIn], why: SignIn.End) -> None:
    sign_ins.filter(ended_at=None).update(ended_at=timezone.now(), ended_by=why)


def user_by_access_token(raw: str) -> tuple[User, tokens.AccessToken] | None:
    """One query. None for a token that is forged or expired, whose sign-in has ended, or whose user may not enter."""
    token = _authentic(tokens.AccessToken, raw)
    sign_in = _living(token) if token else None
    return (sign_in.user, token) if sign_in and token else None


def _living(token: tokens.Token) -> SignIn | None:
    """The sign-in that a token belongs to, with its user, if it goes on."""
    going_on = SignIn.objects.select_related("user").filter(ended_at=None, user__is_active=True)
    sign_in = going_on.filter(pk=token["sign_in"]).first()
    return sign_in if sign_in and sign_in.user_id == token["user_id"] else None


def _authentic(kind: type[_Token], raw: str) -> _Token | None:
    """The token, if it was signed here, is of this kind, has not expired, and says whose it is."""
    try:
        token = kind(raw.encode("utf-8", "replace"))  # type: ignore[arg-type]  # stubs lag: bytes are taken
    except (TokenError, ValueError, TypeError, OverflowError, OSError):
        return None  # the latter: an expiry that is no date
    named = all(isinstance(token.get(claim), int) for claim in ("user_id", "sign_in"))
    return token if named else None


def is_known(*, email: str, address: str) -> bool:
    """Whether the account with this e-mail address was let in from there within JWT_REFRESH_DAYS."""
    return SignIn.objects.filter(user__email=email, address=address_digest(address)).exists()


def address_digest(address: str) -> str:
    return salted_hmac("accounts.address", address, algorithm="sha256").hexdigest()


def prune() -> None:
    """Deletes what has expired, a batch at a time."""
    for rows in (
        SignIn.objects.filter(expires_at__lt=timezone.now()),
        OutstandingToken.objects.order_by().filter(expires_at__lt=timezone.now()),
    ):
        while ids := list(rows.values_list("pk", flat=True)[:BATCH]):
            rows.model.objects.filter(pk__in=ids).delete()
