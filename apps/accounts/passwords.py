"""How passwords are kept, what ends when one changes, and the keys that set a new one."""

from django.contrib.auth import hashers
from django.contrib.auth.tokens import PasswordResetTokenGenerator

from apps.accounts import sign_ins
from apps.accounts.models import SignIn, User


class Argon2id(hashers.Argon2PasswordHasher):
    """With the parameters that OWASP's Password Storage Cheat Sheet gives: 19 MiB, two passes, one lane.

    Django's own take 100 MiB and eight threads for each login, which is a way to stop a small server.
    """

    memory_cost = 19 * 1024  # KiB
    time_cost = 2
    parallelism = 1


class EndSignIns:
    """In AUTH_PASSWORD_VALIDATORS, because those are told of every change, wherever it is made: by the API, on
    the staff pages or by `manage.py changepassword`; but not when a login renews an old hash."""

    def validate(self, password: str, user: User | None = None) -> None:
        pass

    def get_help_text(self) -> str:
        return ""

    def password_changed(self, password: str, user: User | None = None) -> None:
        if user and user.pk:
            sign_ins.end_all(user=user, why=SignIn.End.PASSWORD)


class ResetKeys(PasswordResetTokenGenerator):
    """Good until the password or the address changes. Django's own die at each login, too: whoever has a stolen
    password could keep its owner from ever setting a new one by signing in again and again."""

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{user.pk} {user.password} {user.email} {timestamp}"
