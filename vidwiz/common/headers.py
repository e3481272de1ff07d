"""What every answer carries, whoever gives it.

Most of it is done by middleware of Django and of others, listed in `settings.ON_EVERY_ANSWER`. The few answers
that are given in front of Django go through the same list by `dressed`, so that no header is written twice.
"""

from collections.abc import Callable
from io import BytesIO
from typing import cast

from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from starlette.responses import Response
from starlette.types import Scope

# No page of ours asks for any of these, so nothing that got into one can.
PERMISSIONS = ", ".join(f"{name}=()" for name in ("camera", "geolocation", "microphone", "payment", "usb"))


class HeadersMiddleware:
    """The headers for which there is no setting."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        if request.path_info.startswith("/v2/"):
            # Tokens and one's own notes: neither a proxy nor the disk of a shared computer keeps them.
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def dressed(scope: Scope, answer: HttpResponse) -> HttpResponse:
    """`answer` with all its headers; or another one in its place, where the middleware refuses the request:
    plain HTTP in production, a host that isn't ours."""

    def give(request: HttpRequest) -> HttpResponse:
        request.get_host()  # raises what Django answers with 400
        return answer

    handler = convert_exception_to_response(give)
    for path in reversed(settings.ON_EVERY_ANSWER):
        handler = convert_exception_to_response(import_string(path)(handler))
    return cast(HttpResponse, handler(ASGIRequest(scope, BytesIO())))


def starlettes(answer: HttpResponse) -> Response:
    return Response(answer.content, answer.status_code, dict(answer.headers))
