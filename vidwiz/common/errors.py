"""One shape for every error: `{"error": {"code", "message", "details"}}`. docs/errors.md lists the codes.

A domain exception stands beside the function that raises it, derives from one of these, and its
docstring is what the caller reads. error_answers.py makes responses of them.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.db import OperationalError
from psycopg_pool import PoolTimeout


class DomainError(Exception):
    """The request can't be carried out."""

    status: int = HTTPStatus.BAD_REQUEST
    code = "BAD_REQUEST"
    headers: Mapping[str, str] = {}

    def __init__(self, message: str = "", *, details: Any = None) -> None:
        self.message = message or (type(self).__doc__ or "").strip().splitlines()[0]
        self.details = details
        super().__init__(self.message)


class BadRequest(DomainError):
    """This request makes no sense in the current state."""


class Forbidden(DomainError):
    """This is not allowed."""

    status = HTTPStatus.FORBIDDEN
    code = "FORBIDDEN"


class NotFound(DomainError):
    """Not found."""

    status = HTTPStatus.NOT_FOUND
    code = "NOT_FOUND"


class Conflict(DomainError):
    """This conflicts with what is already there."""

    status = HTTPStatus.CONFLICT
    code = "CONFLICT"


class Invalid(DomainError):
    """Some fields are not valid."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "VALIDATION_ERROR"

    def __init__(self, field: str, message: str, *, type: str = "invalid") -> None:
        super().__init__(details=[{"field": field, "message": message, "type": type}])


class Unavailable(DomainError):
    """A part of the service does not answer right now. Try again in a minute."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "SERVICE_UNAVAILABLE"


class Misrouted(Unavailable):
    """Another process of this server answers here: docs/architecture.md lists the paths to route to the ASGI server."""


def is_overload(error: OperationalError) -> bool:
    """Whether the database could not be asked for want of a connection: more callers at once than DB_POOL_SIZE."""
    return isinstance(error.__cause__, PoolTimeout)


CODES = {
    400: "BAD_REQUEST",
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    406: "NOT_ACCEPTABLE",
    409: "CONFLICT",
    413: "PAYLOAD_TOO_LARGE",
    415: "UNSUPPORTED_MEDIA_TYPE",
    422: "VALIDATION_ERROR",
    429: "RATE_LIMIT_EXCEEDED",
    500: "INTERNAL_ERROR",
    503: "SERVICE_UNAVAILABLE",
}
MESSAGES = {
    400: "The request could not be understood.",
    403: "This is not allowed.",
    404: "Not found.",
    413: "The request body is too large.",
    503: "The server is busy. Try again in a few seconds.",
    500: "Something went wrong on our side. It has been logged; try again.",
}


def body(status_code: int, message: str = "", details: Any = None) -> dict[str, Any]:
    code = CODES.get(status_code, "BAD_REQUEST" if status_code < 500 else "INTERNAL_ERROR")
    return {
        "error": {"code": code, "message": message or MESSAGES.get(status_code, code), "details": details}
    }
