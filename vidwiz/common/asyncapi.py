"""What the few endpoints outside Django need to answer as the others do: headers, error shape, doors.

They are outside because Django keeps a thread and a database connection for as long as it answers,
which a stream or a long poll does for minutes.
"""

import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import wraps
from typing import Any, TypeVar, cast

from channels.db import database_sync_to_async
from django.db import OperationalError
from django.http import HttpResponse
from rest_framework import exceptions
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from vidwiz.common import errors, headers

logger = logging.getLogger(__name__)

Result = TypeVar("Result")


# Not the event loop's own threads: Django needs one of those to end a request that holds a connection, and would wait
# for those that wait here for a connection.
THREADS = ThreadPoolExecutor(8, thread_name_prefix="database")


async def in_database(do: Callable[..., Result], *args: Any, **kwargs: Any) -> Result:
    """`do(…)` in a thread that gives its connection back. In any thread: by default all of a process share one,
    and who waits there for a lock has everybody wait."""
    call = database_sync_to_async(do, thread_sensitive=False, executor=THREADS)
    return cast(Result, await call(*args, **kwargs))


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
        except OperationalError as error:
            if not errors.is_overload(error):
                logger.exception("%s %s", request.method, request.url.path)
            response = _error(503 if errors.is_overload(error) else 500)
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
