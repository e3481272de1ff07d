from datetime import datetime
from typing import Any

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.accounts.models import LongTermToken, User
from vidwiz.common.serializers import BoolField, StrictMixin, StringField

MAX_EMAIL = 254
MAX_TOKEN = 4096
MAX_PASSWORD = 1000  # hashing does not mind; a body of megabytes would be read before it


@extend_schema_field({"type": "string", "format": "email", "maxLength": MAX_EMAIL})
class NewEmailField(StringField):
    """As it will be kept. A longer text may be short enough in that spelling."""


class RegisterSerializer(serializers.Serializer[Any]):
    email = NewEmailField(max_length=1000)
    name = StringField(min_length=2, max_length=100)
    password = StringField(max_length=MAX_PASSWORD, trim_whitespace=False, write_only=True)

    def validate_email(self, email: str) -> str:
        email = User.objects.normalize_email(email)
        if not email.isascii():
            # Mail servers rarely take them, and ſ, ı and their like pass for other letters.
            raise serializers.ValidationError("Only ASCII letters may stand before the @.", code="email")
        if len(email) > MAX_EMAIL:
            raise serializers.ValidationError(f"At most {MAX_EMAIL} characters.", code="max_length")
        validate_email(email)
        return email

    def validate_password(self, password: str) -> str:
        # Compared with what else was sent, which may not be valid itself: all that is wrong is said at once.
        email, name = (str(self.initial_data.get(other, "")) for other in ("email", "name"))
        try:
            password_validation.validate_password(password, User(email=email.lower(), name=name))
        except ValidationError as error:
            raise serializers.ValidationError(
                [serializers.ErrorDetail(m, code="password") for m in error.messages]
            ) from None
        return password


class LoginSerializer(serializers.Serializer[Any]):
    email = StringField(max_length=MAX_EMAIL)
    password = StringField(max_length=MAX_PASSWORD, trim_whitespace=False, write_only=True)


class MessageSerializer(serializers.Serializer[Any]):
    message = serializers.CharField()


class GoogleSerializer(serializers.Serializer[Any]):
    credential = StringField(max_length=MAX_TOKEN, help_text="The ID token that Google's button gives.")


class RefreshSerializer(serializers.Serializer[Any]):
    refresh_token = StringField(max_length=MAX_TOKEN)


class ForgotSerializer(serializers.Serializer[Any]):
    email = StringField(max_length=MAX_EMAIL)


class ResetSerializer(serializers.Serializer[Any]):
    key = StringField(max_length=200, help_text="What stands after `#key=` in the link of the mail.")
    password = StringField(max_length=MAX_PASSWORD, trim_whitespace=False, write_only=True)


class ConfirmSerializer(serializers.Serializer[Any]):
    key = StringField(max_length=200, help_text="What stands after `#key=` in the link of the mail.")


class TokensSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(source="access", help_text="The access token.")
    refresh_token = serializers.CharField(
        source="refresh", help_text="Good once, for the next two; keep it secret."
    )
    expires_in = serializers.IntegerField(help_text="Seconds until the access token expires.")


class LongTermTokenSerializer(serializers.ModelSerializer[LongTermToken]):
    class Meta:
        model = LongTermToken
        fields = ("id", "name", "created_at", "last_used_at", "expires_at")


class LongTermTokenCreateSerializer(StrictMixin, serializers.Serializer[Any]):
    name = StringField(max_length=100, default="default")
    expires_at = serializers.DateTimeField(
        required=False, allow_null=True, default=None, help_text="Never, if left out."
    )

    def validate_expires_at(self, at: datetime | None) -> datetime | None:
        if at and at <= timezone.now():
            raise serializers.ValidationError("This is in the past.", code="past")
        return at


class NewLongTermTokenSerializer(serializers.Serializer[Any]):
    message = serializers.CharField()
    token = serializers.CharField(help_text="Shown this once.")


class OwnerSerializer(StrictMixin, serializers.Serializer[Any]):
    """What proves that the owner is there, not only somebody with their access token."""

    schema_extra = {"minProperties": 1, "maxProperties": 1}

    password = StringField(max_length=MAX_PASSWORD, trim_whitespace=False, required=False, write_only=True)
    credential = StringField(
        max_length=MAX_TOKEN,
        required=False,
        help_text="A Google ID token of the last five minutes, for an account that signs in with Google.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs) != 1:
            raise serializers.ValidationError(
                {"password": ["Send your password, or a fresh Google `credential`."]}, code="required"
            )
        return attrs


class UserSerializer(serializers.ModelSerializer[User]):
    profile_image_url = serializers.SerializerMethodField()
    token_exists = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = (
            "id", "email", "name", "profile_image_url", "ai_notes_enabled", "token_exists", "created_at",
        )  # fmt: skip

    def get_profile_image_url(self, user: User) -> str | None:
        return user.profile_image_url or None

    def get_token_exists(self, user: User) -> bool:
        return user.long_term_tokens.exists()


class UserUpdateSerializer(serializers.ModelSerializer[User]):
    name = StringField(min_length=2, max_length=100, required=False)
    ai_notes_enabled = BoolField(required=False)

    class Meta:
        model = User
        fields = ("name", "ai_notes_enabled")
