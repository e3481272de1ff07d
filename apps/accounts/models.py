import unicodedata
from typing import Any, ClassVar

import idna
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone


class UserManager(BaseUserManager["User"]):
    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """The one spelling in which an address is kept: lower case, compatible characters unified, the
        domain as it is in DNS. So nobody registers twice, or as somebody else, by what looks the same."""
        local, at, domain = unicodedata.normalize("NFKC", email or "").strip().rpartition("@")
        try:
            domain = idna.encode(domain.lower(), uts46=True).decode() if domain else ""
        except idna.IDNAError:
            domain = domain.lower()  # no domain at all; validation says so
        return f"{local.lower()}{at}{domain}"

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=self.normalize_email(username))

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.create_user(email, password, is_staff=True, is_superuser=True, **fields)
        # Whoever runs commands here need not confirm anything: signing in with Google keeps this password.
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=100)
    profile_image_url = models.URLField(max_length=500, blank=True)
    ai_notes_enabled = models.BooleanField(default=True)
    ai_language = models.CharField(
        max_length=35,
        blank=True,
        help_text="BCP-47 tag of the language that AI notes are written in; blank: that of the video.",
    )
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [
            # With `unique` above: unique whatever the case, even for rows that nobody normalised.
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_is_lower_case")
        ]

    def __str__(self) -> str:
        return self.email

    def check_password(self, raw_password: str | None) -> bool:
        """Also renews an old hash; only if it is still the one that fits, for the password may be changed meanwhile."""

        def renew(password: str) -> None:
            renewed = make_password(password)
            if User.objects.filter(pk=self.pk, password=self.password).update(password=renewed):
                self.password = renewed

        return check_password(raw_password, self.password, renew)

    def set_unusable_password(self) -> None:
        super().set_unusable_password()
        self._password = ""  # so that `save` tells those who are told of each change


class SignIn(models.Model):
    """From one login to its logout: the tokens that follow from each other, on one device. What "everywhere"
    means when it ends, and where its owner has been let in from."""

    class End(models.TextChoices):
        LOGOUT = "logout"
        REUSE = "reuse"  # a refresh token came twice: one of the two has stolen it
        PASSWORD = "password"  # noqa: S105 - changed
        STAFF = "staff"  # closed the account
        NO_TOKENS = "no_tokens"  # let in without any: by a mailed link, or on the staff pages
        JOIN = "join"  # Google says that the address is somebody else's than who registered it

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    address = models.CharField(max_length=64)  # HMAC of the client's, which nobody needs to read
    created_at = models.DateTimeField(auto_now_add=True)
    refreshed_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()  # with the newest refresh token
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=16, choices=End.choices, blank=True)

    class Meta:
        indexes = [
            # whether an owner has been let in from an address; all of an owner's that are to be ended
            models.Index(fields=["user", "address"], name="sign_in_from"),
            models.Index(fields=["expires_at"], name="sign_in_expiry"),  # pruning
        ]

    def __str__(self) -> str:
        return f"Sign-in {self.pk}"


class LongTermToken(models.Model):
    """What a phone's automation signs in with, to make notes and nothing else. The token itself is nowhere."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="long_term_tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)  # SHA-256
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)  # to the minute

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="one_token_a_user_and_name")]

    def __str__(self) -> str:
        return self.name
