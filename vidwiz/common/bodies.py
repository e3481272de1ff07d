"""Request bodies on their way in: of a bounded size, and of a known one.

Under ASGI Django takes in a whole body, on disk if need be, before any view can refuse it. And DRF takes
a body whose length isn't announced (`Transfer-Encoding: chunked`) for none.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import Message, Receive, Scope, Send

from vidwiz.common import errors, request_id


class _TooLarge(Exception):
    pass


class TakeBody:
    """ASGI: answers 413 as soon as more than `max_bytes` are announced, or have come; a body that comes
    without its length is collected first, and then has one."""

    def __init__(self, app: Any, *, max_bytes: int) -> None:
        self.app, self.max_bytes = app, max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        headers = MutableHeaders(scope=scope)
        try:
            if int(headers.get("content-length") or 0) > self.max_bytes:
                raise _TooLarge
            receive = self._limited(receive)
            if "transfer-encoding" in headers and "content-length" not in headers:
                receive = await _collected(receive, headers)
            await self.app(scope, receive, send)
        except _TooLarge:
            # Nothing was answered yet: Django begins to only when it has the whole body.
            answer = JSONResponse(errors.body(413), status_code=413, headers={"Connection": "close"})
            answer.headers[request_id.HEADER] = request_id.accept(headers.get(request_id.HEADER))
            await answer(scope, receive, send)
        return None

    def _limited(self, receive: Receive) -> Receive:
        taken = 0

        async def limited() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.max_bytes:
                raise _TooLarge
            return message

        return limited


async def _collected(receive: Receive, headers: MutableHeaders) -> Receive:
    body = bytearray()
    while (message := await receive())["type"] == "http.request":
        body += message.get("body", b"")
        if not message.get("more_body"):
            message = {"type": "http.request", "body": bytes(body), "more_body": False}
            break
    del headers["transfer-encoding"]
    headers["content-length"] = str(len(body))
    waiting = [message]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay


class KnownLengthMiddleware:
    """WSGI: refuses a body without its length, which would be taken for none and lost in silence."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "Transfer-Encoding" in request.headers and not request.META.get("CONTENT_LENGTH"):
            return JsonResponse(errors.body(400, "Send the body with its Content-Length."), status=400)
        return self.get_response(request)
