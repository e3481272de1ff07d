import unicodedata
from typing import Any, ClassVar

import idna
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower


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
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


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
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_is_lower_case")
        ]

    def __str__(self) -> str:
        return self.email
