"""Getting an account, getting in, and getting back in."""

import secrets
from datetime import timedelta
from typing import Any

from allauth.account.forms import UserTokenForm
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth import authenticate, password_validation
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts import google, guard, leaving, mail, sign_ins
from apps.accounts.models import LongTermToken, SignIn, User
from apps.accounts.sign_ins import Tokens
from apps.tasks import services as tasks
from vidwiz.common import errors, limits

GOOGLE = "google"  # as allauth calls the provider
FRESH = timedelta(minutes=5)  # a Google sign-in that proves who is there now


class EmailTaken(errors.Conflict):
    """This e-mail address is already registered. Sign in instead."""


class NotProven(errors.Forbidden):
    """This is not your password, or not a Google sign-in of yours of the last five minutes."""


class BadLink(errors.Invalid):
    """The link is no good: it was used before, has expired, or was copied in part."""

    def __init__(self) -> None:
        super().__init__("key", f"{type(self).__doc__} Ask for a new one.", type="key")


class BadConfirmation(errors.Invalid):
    """The link is no good: it has expired, was copied in part, or the address is confirmed already."""

    def __init__(self) -> None:
        more = "A link that sets a new password confirms the address, too."
        super().__init__("key", f"{type(self).__doc__} {more}", type="key")


class StaffStay(errors.Forbidden):
    """This is a staff account, whose deeds are on record under it. A superuser can close it."""


def register(*, email: str, name: str, password: str) -> User:
    """Raises `EmailTaken`, also when two people register the same address at the same moment."""
    user = User(email=User.objects.normalize_email(email), name=name)
    if User.objects.filter(email=user.email).exists():
        raise EmailTaken
    user.set_password(password)  # before the transaction: it takes long
    try:
        with transaction.atomic():
            user.save()
            EmailAddress.objects.create(user=user, email=user.email, primary=True)
            if settings.MAIL_CONFIGURED:
                mail.request(mail.CONFIRMATION, user)
    except IntegrityError:
        raise EmailTaken from None
    return user


def login(*, email: str, password: str, address: str) -> Tokens | None:
    """Tokens, or None. Both cost one password hash, so time tells nothing. Raises `limits.Limited`."""
    budget = guard.count(email=email, address=address)
    user = authenticate(username=email, password=password)
    if not isinstance(user, User):
        return None
    guard.forgive(budget)
    return sign_ins.begin(user=user, address=address)


def google_login(*, credential: str, address: str) -> Tokens | None:
    """None for an account that is closed, or another Google account's. Raises what `google.identify` does."""
    identity = google.identify(credential)
    try:
        user = _user_of(identity)
    except IntegrityError:
        user = _user_of(identity)  # another first login with it, at the same moment, has made the rows
    return sign_ins.begin(user=user, address=address) if user else None


@transaction.atomic
def _user_of(identity: google.Identity) -> User | None:
    """Whose this Google account is: by its own id, else by its address, which Google has confirmed; else new.

    None if the address's account has another Google account already: Google gives an address to somebody else when
    its holder leaves, and their notes don't go with it.
    """
    known = SocialAccount.objects.select_related("user").filter(provider=GOOGLE, uid=identity.subject).first()
    if known:
        return known.user
    email = identity.email
    user = User.objects.select_for_update().filter(email=email).first() or User(email=email)
    others = SocialAccount.objects.filter(user_id=user.pk, provider=GOOGLE)
    if others.exists():
        # Its own, if another first login with it came first while this one waited for the lock.
        return user if others.filter(uid=identity.subject).exists() else None
    if not EmailAddress.objects.filter(user_id=user.pk, email=email, verified=True).exists():
        # New, or registered by somebody of whom nobody knows that the address is theirs: they must be out.
        user.set_unusable_password()
        user.name = identity.name if len(identity.name) > 1 else email[:100]
        user.profile_image_url = identity.picture
        user.save()
        sign_ins.end_all(user=user, why=SignIn.End.JOIN)
        _confirm(user)
    SocialAccount.objects.create(user=user, provider=GOOGLE, uid=identity.subject)
    return user


def forgot_password(*, email: str) -> None:
    """Has a link mailed, if there is such an account. The same queries either way, so time tells nothing."""
    email = User.objects.normalize_email(email)
    if limits.hit("mailed_link", email):
        return  # as silently: whoever fills a stranger's mailbox learns no more than anybody
    nobody = f"nobody-{secrets.token_hex(8)}"
    found = User.objects.filter(email=email, is_active=True).values_list("pk", flat=True).first()
    subject = str(found) if found else nobody
    tasks.enqueue(kind=mail.PASSWORD_RESET, subjects=[subject])


def reset_password(*, key: str, password: str, address: str) -> None:
    """Sets a new password by the key out of a mail, and ends every sign-in.

    Raises `BadLink`, and `Invalid` for a password that is too weak.
    """
    uid, _, token = key.partition("-")
    form = UserTokenForm({"uidb36": uid, "key": token})
    if not uid or not form.is_valid():  # the form asks whose it is even if nobody is named
        raise BadLink
    user = form.reset_user
    was = user.password
    check_password_strength(password, user)
    user.set_password(password)  # before the transaction: it takes long
    with transaction.atomic():
        # The key dies with the password that it was made for; of two with the same one comes first.
        if not User.objects.select_for_update().filter(pk=user.pk, password=was, is_active=True).exists():
            raise BadLink
        user.save(update_fields=["password"])  # and passwords.EndSignIns is told
        _confirm(user)  # whoever has the mail has the address
        mail.request(mail.PASSWORD_CHANGED, user)
    guard.let_in(user=user, address=address)  # after it: limits may be counted over the network


def check_password_strength(password: str, user: User) -> None:
    try:
        password_validation.validate_password(password, user)
    except ValidationError as error:
        raise errors.Invalid("password", " ".join(error.messages), type="password") from None


def _confirm(user: User) -> None:
    """The address has turned out to be that of whoever acts now. If nobody knew before, the account may have been
    made by somebody else, whose long-term tokens must not outlive that."""
    mine = EmailAddress.objects.filter(user=user, email=user.email)
    if not mine.filter(verified=True).exists():
        LongTermToken.objects.filter(user=user).delete()
        EmailAddress.objects.filter(user=user).delete()
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)


def confirm_email(*, key: str) -> None:
    """Raises `BadConfirmation`. Once confirmed, an account's password outlives its joining a Google account."""
    confirmation = EmailConfirmationHMAC.from_key(key)
    if confirmation is None:
        raise BadConfirmation
    unconfirmed = EmailAddress.objects.filter(pk=confirmation.email_address.pk, verified=False)
    if not unconfirmed.update(verified=True):
        raise BadConfirmation  # at the same moment, or its account is gone


def delete_account(
    *, user: User, address: str, password: str | None = None, credential: str | None = None
) -> None:
    """Deletes the account if whoever holds its access token also has its password, or has just signed in with Google.

    Raises `StaffStay`, `NotProven`, `limits.Limited`, and what `google.identify` does but for `NotGoogles`.
    """
    if user.is_staff:
        raise StaffStay
    if password is not None:
        budget = guard.count(email=user.email, address=address)
        if not user.check_password(password):
            raise NotProven
        guard.forgive(budget)
    elif not _has_just_signed_in(user, credential or ""):
        raise NotProven
    leaving.delete_account(user=user)


def _has_just_signed_in(user: User, credential: str) -> bool:
    try:
        identity = google.identify(credential)
    except google.NotGoogles:
        return False
    fresh = identity.issued_at > timezone.now() - FRESH
    return fresh and SocialAccount.objects.filter(user=user, provider=GOOGLE, uid=identity.subject).exists()


def update_profile(*, user: User, changes: dict[str, Any]) -> User:
    if changes:
        for field, value in changes.items():
            setattr(user, field, value)
        user.save(update_fields=list(changes))
    return user
