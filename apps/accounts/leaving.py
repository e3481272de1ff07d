"""What an account takes along when it leaves, and what has to go with it.

The apps above this one keep things of a user, too, and this one can't know them: each registers here what it keeps.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken

from apps.accounts.models import LongTermToken, SignIn, User

# A row of the export's JSON; what `rest_framework.utils.encoders.JSONEncoder` can write.
Row = dict[str, Any]
# A file of the export: its path, and what is in it.
File = tuple[str, bytes | Iterator[bytes]]


class Belongings:
    """What one app keeps of one user. An app subclasses it, and appends the class to `belongings` in its `ready()`.

    Accounts may be large: rows and files are made as they are asked for, and read from the database in pages. Each
    page is read to its end, for the next may be read in another thread, over another connection.
    """

    def __init__(self, user: User) -> None:
        self.user = user

    def files(self) -> Iterator[File]:
        """The files of the export. Each is written before the next is asked for, and all of them before the sections."""
        return iter(())

    def sections(self) -> dict[str, Row | Iterable[Row]]:
        """What stands in the export's JSON under each name: an object, or rows of a list."""
        return {}

    def forget(self) -> None:
        """What has to be done when the account goes, beyond the rows that its foreign keys take along.

        In the transaction in which it goes, with the user's row locked: nothing slow, no network.
        """


class Account(Belongings):
    """The account itself, and what lets into it: names and dates, never a token or its digest."""

    def sections(self) -> dict[str, Row | Iterable[Row]]:
        # Here: workers load this module, too, and can do without the 13 MB that serializers take.
        from apps.accounts.serializers import UserSerializer

        more = {"ai_language": self.user.ai_language or None, "last_login": self.user.last_login}
        return {
            "account": dict(UserSerializer(self.user).data) | more,
            "email_addresses": self._rows(EmailAddress, "email", "verified"),
            "google_accounts": self._rows(SocialAccount, "uid", "date_joined", "last_login"),
            "sign_ins": self._rows(
                SignIn, "created_at", "refreshed_at", "expires_at", "ended_at", "ended_by"
            ),
            "long_term_tokens": self._rows(
                LongTermToken, "id", "name", "created_at", "last_used_at", "expires_at"
            ),
        }

    def _rows(self, model: type[Model], *fields: str) -> Iterator[Row]:
        """A few hundred at most: no pages."""
        yield from list(model._default_manager.filter(user=self.user).order_by("pk").values(*fields))

    def forget(self) -> None:
        # Of refresh tokens that were spent: the library would keep them, without their user.
        OutstandingToken.objects.filter(user=self.user).delete()
        # What staff did to an account is kept, the e-mail address that it was done to is not.
        done = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(User), object_id=str(self.user.pk)
        )
        done.update(object_repr=f"user {self.user.pk}, deleted")


belongings: list[type[Belongings]] = [Account]


@transaction.atomic
def delete_account(*, user: User) -> None:
    """Takes away the account and all that is its own. What everybody shares of videos stays.

    Whoever asks must have made sure that it is the owner who wants this. Done twice, or by two at once, it is done once.
    """
    # Locked first: a note that is being stored right now is either seen below, or finds no user when it commits.
    locked = User.objects.select_for_update().filter(pk=user.pk).first()
    if locked is None:
        return
    for keeps in belongings:
        keeps(locked).forget()
    locked.delete()
