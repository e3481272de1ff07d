"""The OpenAPI document says what every call can answer besides its result."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema as SpectacularAutoSchema
from rest_framework import serializers


class ErrorDetailSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    message = serializers.CharField()
    details = serializers.JSONField(allow_null=True)


class ErrorSerializer(serializers.Serializer[Any]):
    error = ErrorDetailSerializer()


ALWAYS = {"400", "401", "404", "406", "422", "503"}
FOR_BODIES = {"413", "415"}


class AutoSchema(SpectacularAutoSchema):
    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        codes = set(ALWAYS)
        if "requestBody" in operation:
            codes |= FOR_BODIES
        if self.path.startswith("/v2/internal/"):
            codes.add("403")
        if self.view.throttle_classes:
            codes.add("429")
        if self.path == "/v2/auth/register":
            codes.add("409")
        error = self.resolve_serializer(ErrorSerializer, "response")
        for code in sorted(codes):
            operation["responses"].setdefault(
                code, {"content": {"application/json": {"schema": error.ref}}, "description": "Error"}
            )
        operation["responses"] = dict(sorted(operation["responses"].items()))
        return operation


def _bearer(target: str, name_: str, description: str) -> None:
    class Extension(OpenApiAuthenticationExtension):
        target_class = target
        name = name_

        def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
            return {"type": "http", "scheme": "bearer", "description": description}


_bearer("apps.accounts.authentication.JWTAuthentication", "JWT", "The access token that signing in gives.")
_bearer(
    "apps.accounts.authentication.LongTermTokenAuthentication",
    "LongTerm",
    "A long-term token of yours: `vw_…`.",
)
_bearer("apps.accounts.authentication.AdminTokenAuthentication", "Admin", "This server's ADMIN_TOKEN.")


class GuestScheme(OpenApiAuthenticationExtension):
    target_class = "apps.accounts.authentication.GuestAuthentication"
    name = "Guest"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "header", "name": "X-Guest-Session-ID"}
