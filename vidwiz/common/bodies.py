"""Request bodies on their way in: of a bounded size, of a known one, and within a minute.

Under ASGI Django takes in a whole body, on disk if need be, before any view can refuse it, and waits for it
for ever. Under either server a form's files are bounded by nothing. And DRF takes a body whose length isn't
announced (`Transfer-Encoding: chunked`) for none.
"""

import asyncio
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from starlette.datastructures import MutableHeaders
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from vidwiz.common import errors, headers


def _most_bytes(path: str, *, helper: bool) -> int:
    if helper and path.startswith("/v2/internal/"):
        return settings.INTERNAL_MAX_BODY_BYTES
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0


class _Refused(Exception):
    def __init__(self, status: int, message: str = "") -> None:
        self.status, self.message = status, message


class TakeBody:
    """ASGI: refuses a body as soon as it is announced, or turns out, to be too large, or when it doesn't end in
    time. One that comes without its length is collected first, and then has one.

    `is_helper(headers)` says who may send as much as helpers do: here the body comes before the door."""

    def __init__(self, app: Any, *, is_helper: Callable[[Mapping[str, str]], bool]) -> None:
        self.app, self.is_helper = app, is_helper

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            return await WebSocketClose()(scope, receive, send)  # nothing here speaks it; Django would fail
        sent = MutableHeaders(scope=scope)
        most = _most_bytes(scope["path"], helper=self.is_helper(sent))
        try:
            if int(sent.get("content-length") or 0) > most:
                raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            receive = _bounded(receive, most)
            if "transfer-encoding" in sent and "content-length" not in sent:
                receive = await _collected(receive, sent)
            await self.app(scope, receive, send)
        except _Refused as refused:
            # Nothing was answered yet: Django begins to only when it has the whole body.
            body = errors.body(refused.status, refused.message)
            answer = headers.starlettes(headers.dressed(scope, JsonResponse(body, status=refused.status)))
            answer.headers["Connection"] = "close"  # what still comes of the body is nobody's next request
            await answer(scope, receive, send)
        return None


def _bounded(receive: Receive, most: int) -> Receive:
    left = most
    whole = False
    until = asyncio.get_running_loop().time() + settings.BODY_TIMEOUT_SECONDS

    async def bounded() -> Message:
        nonlocal left, whole
        if whole:  # what is waited for now is that the caller hangs up
            return await receive()
        try:
            async with asyncio.timeout_at(until):
                message = await receive()
        except TimeoutError:
            raise _Refused(HTTPStatus.BAD_REQUEST, "The request body took too long.") from None
        left -= len(message.get("body", b""))
        if left < 0:
            raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        whole = not message.get("more_body", False)
        return message

    return bounded


async def _collected(receive: Receive, sent: MutableHeaders) -> Receive:
    body = bytearray()
    while (message := await receive())["type"] == "http.request":
        body += message.get("body", b"")
        if not message.get("more_body"):
            message = {"type": "http.request", "body": bytes(body), "more_body": False}
            break
    del sent["transfer-encoding"]
    sent["content-length"] = str(len(body))
    waiting = [message]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay


class BodyMiddleware:
    """WSGI, where nothing has been read yet: refuses a body that is announced too large, and one without its length,
    which would be taken for none and lost in silence. Views of helpers look at the token before the body."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or ""
        if "Transfer-Encoding" in request.headers and not length:
            return JsonResponse(errors.body(400, "Send the body with its Content-Length."), status=400)
        if length.isdecimal() and int(length) > _most_bytes(request.path_info, helper=True):
            return JsonResponse(errors.body(413), status=413)
        return self.get_response(request)
