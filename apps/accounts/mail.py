"""Mails, each a piece of work: a mail server that is down delays them, and nobody waits for one."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from smtplib import SMTPException

from allauth.account.adapter import get_adapter
from allauth.account.forms import ResetPasswordForm
from allauth.account.models import EmailAddress

from apps.accounts.models import User
from apps.tasks import kinds
from apps.tasks import services as tasks
from apps.tasks.kinds import Kind, WorkFailed
from apps.tasks.models import Task

PASSWORD_RESET = "mail_password_reset"  # noqa: S105 - kinds of work
PASSWORD_CHANGED = "mail_password_changed"  # noqa: S105
CONFIRMATION = "mail_confirmation"

LEASE_SECONDS = 120
ATTEMPTS = 8  # over about two hours


def request(kind: str, user: User) -> None:
    """In the transaction that makes it necessary. Twice while it waits is once."""
    tasks.enqueue(kind=kind, subjects=[str(user.pk)])


def _send_password_reset(user: User) -> None:
    """The key is made only here, so that it is in nothing but the mail."""
    form = ResetPasswordForm({"email": user.email})
    form.is_valid()
    form.save(request=None)


def _send_password_changed(user: User) -> None:
    get_adapter().send_mail("account/email/password_changed", user.email, {"user": user})


def _send_confirmation(user: User) -> None:
    address = EmailAddress.objects.filter(user=user, email=user.email, verified=False).first()
    if address:
        address.send_confirmation(signup=True)


def _perform(send: Callable[[User], None], task: Task) -> None:
    user = User.objects.filter(pk=task.subject, is_active=True).first() if task.subject.isdecimal() else None
    if user:
        try:
            send(user)
        except (SMTPException, OSError) as error:
            # Not its text: a refusal names the address, which is not to be read in the ledger and the log.
            why = f"{type(error).__name__} {getattr(error, 'smtp_code', '')}".strip()
            raise WorkFailed("mail", why, retryable=True) from None
    tasks.complete(task)


def _on_failure(task: Task, failure: WorkFailed, retry_at: datetime | None) -> None:
    """Nothing of the user's says that a mail is awaited; the task itself says why it did not go."""


def register() -> None:
    for name, send in (
        (PASSWORD_RESET, _send_password_reset),
        (PASSWORD_CHANGED, _send_password_changed),
        (CONFIRMATION, _send_confirmation),
    ):
        kinds.register(Kind(name, "default", LEASE_SECONDS, partial(_perform, send), _on_failure, ATTEMPTS))
