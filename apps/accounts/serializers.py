from typing import Any

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from rest_framework import serializers

from apps.accounts.models import User
from vidwiz.common.serializers import BoolField, StringField

MAX_EMAIL = 254
MAX_PASSWORD = 1000  # hashing does not mind; a body of megabytes would be read before it


class RegisterSerializer(serializers.Serializer[Any]):
    email = StringField(max_length=1000)
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

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        # The validators compare the password with what else is known, so they need all of it.
        try:
            password_validation.validate_password(
                attrs["password"], User(email=attrs["email"], name=attrs["name"])
            )
        except ValidationError as error:
            raise serializers.ValidationError(
                {"password": [serializers.ErrorDetail(m, code="password") for m in error.messages]}
            ) from None
        return attrs


class LoginSerializer(serializers.Serializer[Any]):
    email = StringField(max_length=MAX_EMAIL)
    password = StringField(max_length=MAX_PASSWORD, trim_whitespace=False, write_only=True)


class MessageSerializer(serializers.Serializer[Any]):
    message = serializers.CharField()


class TokenSerializer(serializers.Serializer[Any]):
    token = serializers.CharField()
    expires_in = serializers.IntegerField(help_text="Seconds until the token expires.")


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
        return False  # long-term tokens can't be made yet, so nobody has one


class UserUpdateSerializer(serializers.ModelSerializer[User]):
    name = StringField(min_length=2, max_length=100, required=False)
    ai_notes_enabled = BoolField(required=False)

    class Meta:
        model = User
        fields = ("name", "ai_notes_enabled")
