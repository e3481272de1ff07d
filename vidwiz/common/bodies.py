"""Under ASGI Django takes in a whole body, on disk if need be, before any view can refuse it."""

from typing import Any

from starlette.responses import JSONResponse
from starlette.types import Message, Receive, Scope, Send

from vidwiz.common import errors


class _TooLarge(Exception):
    pass


class LimitBody:
    """Answers 413 as soon as more than `max_bytes` are announced, or have come."""

    def __init__(self, app: Any, *, max_bytes: int) -> None:
        self.app, self.max_bytes = app, max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        taken = 0

        async def limited() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.max_bytes:
                raise _TooLarge
            return message

        try:
            announced = int(dict(scope["headers"]).get(b"content-length", b"0"))
        except ValueError:
            announced = 0
        try:
            if announced > self.max_bytes:
                raise _TooLarge
            await self.app(scope, limited, send)
        except _TooLarge:
            # Nothing was answered yet: Django begins to only when it has the whole body.
            await JSONResponse(errors.body(413), status_code=413, headers={"Connection": "close"})(
                scope, receive, send
            )
        return None
