"""What the few endpoints outside Django need to answer as the others do: request id, error shape, doors.

They are outside because Django keeps a thread and a database connection for as long as it answers,
which a stream or a long poll does for minutes.
"""

import logging
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, TypeVar, cast

from channels.db import database_sync_to_async
from django.conf import settings
from django.http.request import split_domain_port, validate_host
from rest_framework import exceptions
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from vidwiz.common import errors, request_id

logger = logging.getLogger(__name__)

Result = TypeVar("Result")


async def in_database(do: Callable[..., Result], *args: Any, **kwargs: Any) -> Result:
    """`do(…)` in a thread that gives its connection back. In any thread: by default all of a process share one,
    and who waits there for a lock has everybody wait."""
    return cast(Result, await database_sync_to_async(do, thread_sensitive=False)(*args, **kwargs))


Endpoint = Callable[[Request], Awaitable[Response]]


def endpoint(handler: Endpoint) -> Endpoint:
    """A handler whose exceptions become the contract's errors, and whose answer carries X-Request-ID."""

    @wraps(handler)
    async def handle(request: Request) -> Response:
        current = request_id.accept(request.headers.get(request_id.HEADER))
        request_id.current.set(current)
        try:
            _check_door(request)
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
        response.headers[request_id.HEADER] = current
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    return handle


def _check_door(request: Request) -> None:
    """What Django's middleware and views see to for everybody else."""
    if request.method != "GET":  # the router lets HEAD in, too, and a HEAD must not claim a task
        raise exceptions.MethodNotAllowed(request.method)
    domain, _ = split_domain_port(request.headers.get("host", ""))
    if not domain or not validate_host(domain, settings.ALLOWED_HOSTS):
        raise errors.BadRequest(errors.MESSAGES[400])


def _error(status: int, message: str = "", details: Any = None) -> Response:
    return JSONResponse(errors.body(status, message, details), status_code=status)
