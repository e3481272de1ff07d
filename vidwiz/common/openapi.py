"""The OpenAPI document says what every call can answer besides its result.

A view says the rest: the first line of a method's docstring is the operation's summary, what follows is its
description; its own errors stand among the `responses` of `@extend_schema`, made by `error` below.
"""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema as SpectacularAutoSchema
from drf_spectacular.plumbing import force_instance
from drf_spectacular.utils import OpenApiResponse, PolymorphicProxySerializer
from rest_framework import serializers

from vidwiz.common import errors
from vidwiz.common.negotiation import AnyAccept
from vidwiz.common.serializers import StrictMixin


class ErrorDetailSerializer(serializers.Serializer[Any]):
    code = serializers.ChoiceField(choices=sorted(set(errors.CODES.values())))
    message = serializers.CharField(help_text="For people: what happened, and what to do.")
    details = serializers.JSONField(allow_null=True)


class ErrorSerializer(serializers.Serializer[Any]):
    error = ErrorDetailSerializer()


def error(description: str) -> OpenApiResponse:
    """An error that a view answers with in cases of its own."""
    return OpenApiResponse(ErrorSerializer, description=description)


ERRORS = {
    "400": "It can't be understood, or makes no sense in the present state.",
    "401": "No credential, or one that is bad, expired or revoked.",
    "403": "Not the admin token.",
    "404": "Not there, or not yours.",
    "406": "`Accept` leaves out `application/json`.",
    "413": "The body is too large.",
    "415": "The body is not of a content type that is taken here.",
    "422": "Some fields are not valid: `details` lists each, as `{field, message, type}`.",
    "429": "Too many requests: wait `details.reset_in_seconds`.",
    "503": "The internal API is off, for want of an `ADMIN_TOKEN`; or a part of the server does not answer.",
}
DETAILS: dict[str, Any] = {
    "422": [{"field": "timestamp", "message": "Expected m:ss, mm:ss or h:mm:ss.", "type": "timestamp"}],
    "429": {"reset_in_seconds": 30},
}
HEADERS = {
    "401": {"WWW-Authenticate": {"schema": {"type": "string"}, "required": True}},
    "429": {
        "Retry-After": {"schema": {"type": "integer"}, "required": True, "description": "Seconds to wait."}
    },
}

# A YouTube address may have more around the id than a pattern should say.
_YOUTUBE = r"(https?://)?((www\.|m\.|music\.)?youtube\.com|(www\.)?youtube-nocookie\.com)"
VIDEO_ID_PATTERN = (
    rf"^([A-Za-z0-9_-]{{11}}|{_YOUTUBE}/(watch\?v=|shorts/|live/)[A-Za-z0-9_-]{{11}}"
    r"|(https?://)?youtu\.be/[A-Za-z0-9_-]{11})$"
)
VIDEO_ID: dict[str, Any] = {"type": "string", "pattern": VIDEO_ID_PATTERN, "example": "zeJD6dqJ5lo"}
VIDEO_ID_HELP = "An 11-character YouTube id, or a video's address on YouTube (in a path: percent-encoded)."
TAGS = {"auth": "accounts", "users": "accounts"}


class AutoSchema(SpectacularAutoSchema):
    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        if "requestBody" in operation:
            taken = force_instance(self.get_request_serializer())
            # The library looks for a required field, and may find none.
            if isinstance(taken, PolymorphicProxySerializer) or "minProperties" in _more(taken):
                operation["requestBody"]["required"] = True
        ref = self.resolve_serializer(ErrorSerializer, "response").ref
        for code in self._errors(operation):
            answer = {"content": {"application/json": {"schema": ref}}, "description": ERRORS[code]}
            operation["responses"].setdefault(code, answer)
        for code, answer in operation["responses"].items():
            if code >= "4":
                content = answer["content"]["application/json"]
                content["example"] = errors.body(int(code), answer["description"], DETAILS.get(code))
            if code in HEADERS:
                answer["headers"] = HEADERS[code]
        operation["responses"] = dict(sorted(operation["responses"].items()))
        return operation

    def _errors(self, operation: dict[str, Any]) -> set[str]:
        """What the operation can answer because of what it takes; 405 is for the methods that are not operations."""
        body = "requestBody" in operation
        parameters = operation.get("parameters", [])
        paths = [parameter for parameter in parameters if parameter["in"] == "path"]
        internal = any("Admin" in door for door in operation.get("security", []))
        can = {
            "400": True,  # also for the Host that nobody serves
            # DRF answers 401 where a view names a scheme to authenticate by, else 403.
            "401": bool(self.view.get_authenticate_header(self.view.request)),
            "403": internal,
            "404": bool(paths),
            "406": not issubclass(self.view.content_negotiation_class, AnyAccept),
            "413": body,
            "415": body,
            "422": body or any(p["schema"].get("type") != "integer" or p["in"] != "path" for p in parameters),
            "429": bool(self.view.throttle_classes),
            "503": internal,
        }
        return {code for code, possible in can.items() if possible}

    def get_summary(self) -> str:
        first, _, _ = super().get_description().partition("\n")
        return first.rstrip(".") or self.get_operation_id().replace("_", " ").capitalize()

    def get_description(self) -> str:  # type: ignore[override]  # the library's own signature, not DRF's
        _, _, rest = super().get_description().partition("\n")
        return rest.strip()

    def get_tags(self) -> list[str]:
        parts = self.path.split("/")[2:]
        if "notes" in parts and parts[0] != "internal":
            return ["notes"]
        return [TAGS.get(parts[0], parts[0])]

    def _resolve_path_parameters(self, variables: list[str]) -> list[dict[str, Any]]:
        parameters: list[dict[str, Any]] = super()._resolve_path_parameters(variables)
        for parameter in parameters:
            if parameter["name"] == "video_id":
                parameter |= {"schema": VIDEO_ID, "description": VIDEO_ID_HELP}
            elif parameter["schema"]["type"] == "integer":
                parameter["schema"] = {"type": "integer", "minimum": 1}
        return parameters

    def _map_basic_serializer(self, serializer: Any, direction: str) -> dict[str, Any]:
        schema: dict[str, Any] = super()._map_basic_serializer(serializer, direction)
        if isinstance(serializer, StrictMixin):
            schema["additionalProperties"] = False
        return schema | _more(serializer)

    # A body of DELETE, which the library leaves out: only where `@extend_schema` names its `request`.

    def _get_request_body(self, direction: str = "request") -> Any:
        if self.method != "DELETE" or not self.get_request_serializer():
            return super()._get_request_body(direction)
        self.method = "POST"
        try:
            return super()._get_request_body(direction)
        finally:
            self.method = "DELETE"

    def _get_serializer(self) -> Any:
        return None if self.method == "DELETE" else super()._get_serializer()


def _more(serializer: Any) -> dict[str, Any]:
    """What a serializer says of its schema in `schema_extra`, beside its fields: `minProperties` for instance."""
    return getattr(serializer, "schema_extra", {})


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
        return {
            "type": "apiKey",
            "in": "header",
            "name": "X-Guest-Session-ID",
            "description": "A secret of 16 to 128 letters, digits, `-` or `_` that the client makes up and keeps.",
        }
