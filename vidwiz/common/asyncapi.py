"""What the few endpoints outside Django need to answer as the others do: headers, error shape, doors.

They are outside because Django keeps a thread and a database connection for as long as it answers,
which a stream or a long poll does for minutes.
"""

import logging
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, TypeVar, cast

from channels.db import database_sync_to_async
from django.http import HttpResponse
from rest_framework import exceptions
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from vidwiz.common import errors, headers

logger = logging.getLogger(__name__)

Result = TypeVar("Result")


async def in_database(do: Callable[..., Result], *args: Any, **kwargs: Any) -> Result:
    """`do(…)` in a thread that gives its connection back. In any thread: by default all of a process share one,
    and who waits there for a lock has everybody wait."""
    return cast(Result, await database_sync_to_async(do, thread_sensitive=False)(*args, **kwargs))


Endpoint = Callable[[Request], Awaitable[Response]]


def endpoint(handler: Endpoint) -> Endpoint:
    """A handler whose exceptions become the contract's errors, and whose answer has the headers of all others."""

    @wraps(handler)
    async def handle(request: Request) -> Response:
        passed = HttpResponse()
        del passed["Content-Type"]  # what stays are the headers that the middleware gives
        answer = headers.dressed(request.scope, passed)
        if answer is not passed:
            return headers.starlettes(answer)
        try:
            if request.method != "GET":  # the router lets HEAD in, too, and a HEAD must not claim a task
                raise exceptions.MethodNotAllowed(request.method)
            response = await handler(request)
        except errors.DomainError as error:
            response = _error(error.status, error.message, error.details)
            response.headers.update(error.headers)
        except exceptions.APIException as error:
            response = _error(error.status_code, str(error.detail))
            if error.status_code == 401:
                response.headers["WWW-Authenticate"] = "Bearer"
            if error.status_code == 405:
                response.headers["Allow"] = "GET"
        except Exception:
            # The edge of the server: the same answer that Django gives for what nobody foresaw.
            logger.exception("%s %s", request.method, request.url.path)
            response = _error(500)
        for name, value in passed.items():
            response.headers.setdefault(name, value)
        return response

    return handle


def _error(status: int, message: str = "", details: Any = None) -> Response:
    return JSONResponse(errors.body(status, message, details), status_code=status)
