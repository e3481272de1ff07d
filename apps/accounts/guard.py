"""Guessing passwords is limited by account, so that many addresses don't give many guesses; and yet nobody can
lock an owner out by guessing wrongly on purpose.

Each account has one budget of failures for all addresses that it was never let in from, and a budget of its
own for each that it was. A stranger uses up the first; the owner at home has another. An owner who is on the way just
then has a link mailed: whoever sets a password by it has been let in from there.

Whether there is such an account makes no difference to any of it, but to whoever shares an address with its owner.
"""

from apps.accounts import sign_ins
from apps.accounts.models import User
from vidwiz.common import limits

LIMIT = "failed_login"
TOO_MANY = (
    "Too many wrong passwords for this account. Try again in {} s, or have a link mailed that sets a new password "
    "(/forgot-password)."
)


def count(*, email: str, address: str) -> str:
    """Counts a try before its password is looked at: of many at once, no more than the limit are.

    Returns the budget that it was counted in, for `forgive`. Raises `limits.Limited`.
    """
    email = User.objects.normalize_email(email)
    budget = _own(email, address) if sign_ins.is_known(email=email, address=address) else _shared(email)
    if wait := limits.hit(LIMIT, budget):
        raise limits.Limited(wait, TOO_MANY.format(wait))
    return budget


def forgive(budget: str) -> None:
    """The password was right: what was counted before was its owner's mistyping."""
    limits.clear(LIMIT, budget)


def let_in(*, user: User, address: str) -> None:
    """Somebody has shown otherwise that the account is theirs: from now on this address has a budget of its own."""
    sign_ins.remember(user=user, address=address)
    limits.clear(LIMIT, _own(user.email, address))


# What is typed for an e-mail address may look like the two together, so the kind comes first.


def _shared(email: str) -> str:
    return f"shared {email}"


def _own(email: str, address: str) -> str:
    return f"own {address} {email}"
