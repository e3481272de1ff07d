"""GET /v2/internal/tasks: a helper waits for work without holding a thread or a database connection."""

import asyncio
import time

from rest_framework import serializers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from apps.accounts import authentication
from apps.videos import helpers
from vidwiz.common import errors
from vidwiz.common.asyncapi import endpoint, in_database

POLL_SECONDS = 0.25


class BadType(errors.BadRequest):
    """`type` must be transcript or metadata."""


class TimeoutSerializer(serializers.Serializer[dict[str, int]]):
    timeout = serializers.IntegerField(
        min_value=0, max_value=helpers.LONGEST_TIMEOUT_SECONDS, default=helpers.TIMEOUT_SECONDS
    )


@endpoint
async def next_task(request: Request) -> Response:
    authentication.check_admin_token(request.headers)
    type = request.query_params.get("type", "")
    if type not in helpers.KINDS:
        raise BadType
    serializer = TimeoutSerializer(data=dict(request.query_params))
    if not serializer.is_valid():
        raise errors.Invalid("timeout", f"Expected whole seconds, 0 to {helpers.LONGEST_TIMEOUT_SECONDS}.")
    until = time.monotonic() + serializer.validated_data["timeout"]
    while True:
        # A helper that hung up must not be given a task: it would be missed for the whole lease.
        if await request.is_disconnected():
            return Response(status_code=204)
        answer = await in_database(helpers.claim_next, type=type)
        if answer:
            return JSONResponse(answer)
        if time.monotonic() >= until:
            return Response(status_code=204)
        await asyncio.sleep(POLL_SECONDS)
