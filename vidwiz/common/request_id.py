"""One id from the caller's request to every log line that it causes."""

import contextvars
import logging
import re
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"
_SANE = re.compile(r"[A-Za-z0-9._:-]{1,128}")

current: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="-")


def accept(sent: str | None) -> str:
    """The caller's id if it can safely stand in a log line and a header, else a new one."""
    return sent if sent and _SANE.fullmatch(sent) else uuid.uuid4().hex


class RequestIDMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = accept(request.headers.get(HEADER))
        current.set(request_id)  # until the next request: Django logs what it answered after this returns
        response = self.get_response(request)
        response[HEADER] = request_id
        return response


class LogFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current.get()
        return True
