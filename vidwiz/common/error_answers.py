"""Exceptions to responses, in the one shape of errors.py: DRF's handler, and Django's own error pages."""

import math
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from vidwiz.common import throttling
from vidwiz.common.errors import MESSAGES, DomainError, Invalid, body, is_overload
from vidwiz.common.limits import Limited


def field_details(detail: Any, path: str = "") -> list[dict[str, str]]:
    """DRF's nested error detail as a flat list of `{field, message, type}`, with dotted paths."""
    if isinstance(detail, dict):
        return [
            row
            for key, value in detail.items()
            for row in field_details(
                value, path if key == "non_field_errors" else f"{path}.{key}" if path else str(key)
            )
        ]
    if isinstance(detail, list):
        rows: list[dict[str, str]] = []
        for index, value in enumerate(detail):
            # A list of messages belongs to one field; a list of dicts is one of items, told by their index.
            below = f"{path}.{index}" if isinstance(value, dict | list) else path
            rows += field_details(value, below)
        return rows
    return [{"field": path or "body", "message": str(detail), "type": getattr(detail, "code", "invalid")}]


def handle(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. What it does not know stays an exception and becomes a 500."""
    if isinstance(exc, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        exc = throttling.limited_at_the_door(context["request"], context["view"]) or exc
    if isinstance(exc, exceptions.Throttled):
        exc = Limited(max(1, math.ceil(getattr(exc, "wait", None) or 1)))
    if isinstance(exc, DomainError):
        answer = {"error": {"code": exc.code, "message": exc.message, "details": exc.details}}
        return Response(answer, status=exc.status, headers=dict(exc.headers))
    if isinstance(exc, OperationalError) and is_overload(exc):
        return Response(body(503), status=503)
    if _caller_is_gone(exc, context):
        exc = exceptions.AuthenticationFailed("This account has been deleted.")
        exc.auth_header = context["view"].get_authenticate_header(context["request"])  # type: ignore[attr-defined]
    response = exception_handler(exc, context)
    if response is None:
        return None
    details: Any = None
    message = ""
    if isinstance(exc, exceptions.ValidationError):
        response.status_code = Invalid.status
        message, details = Invalid.__doc__ or "", field_details(exc.detail)
    elif isinstance(exc, exceptions.APIException):
        message = str(exc.detail)
    elif isinstance(exc, Http404 | PermissionDenied):
        message = MESSAGES[response.status_code]
    response.data = body(response.status_code, message, details)
    return response


def _caller_is_gone(exc: Exception, context: dict[str, Any]) -> bool:
    """Whether this is what the database says to a caller whose account was deleted during the request."""
    # A row that refers to no user, or none to update; nothing else that a database may fail with.
    if not isinstance(exc, IntegrityError) and type(exc) is not DatabaseError:
        return False
    user = context["request"].user
    users = get_user_model()
    return isinstance(user, users) and not users.objects.filter(pk=user.pk).exists()


# --- Django's own error pages, for what fails before or outside DRF


def _page(request: HttpRequest, status_code: int) -> HttpResponse:
    if request.path.startswith("/v2"):
        return JsonResponse(body(status_code), status=status_code)
    return HttpResponse(
        f"{status_code} {body(status_code)['error']['message']}\n",
        status=status_code,
        content_type="text/plain",
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Not Django's own page, whose styles stand in it."""
    return HttpResponse(
        "403 This form was too old, or came from elsewhere. Go back, load the page again and send it once more.\n",
        status=403,
        content_type="text/plain",
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return _page(request, 500)
