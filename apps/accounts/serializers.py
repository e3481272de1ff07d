from typing import Any

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from rest_framework import serializers

from apps.accounts.models import User


class RegisterSerializer(serializers.Serializer[Any]):
    email = serializers.EmailField(max_length=254)
    name = serializers.CharField(min_length=2, max_length=100)
    password = serializers.CharField(max_length=128, trim_whitespace=False, write_only=True)

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
    email = serializers.CharField(max_length=254)
    password = serializers.CharField(max_length=128, trim_whitespace=False, write_only=True)


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
    name = serializers.CharField(min_length=2, max_length=100, required=False)
    ai_notes_enabled = serializers.BooleanField(required=False)

    class Meta:
        model = User
        fields = ("name", "ai_notes_enabled")
