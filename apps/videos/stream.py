"""GET /v2/videos/{video_id}/stream: a video as it gets ready, by server-sent events."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

from rest_framework import exceptions
from rest_framework.utils.encoders import JSONEncoder
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import Response

from apps.accounts import authentication
from apps.events.feed import feed
from apps.videos.models import Video
from apps.videos.serializers import VideoSerializer
from apps.videos.views import parse_video_id, video_or_404
from vidwiz.common import throttling
from vidwiz.common.asyncapi import endpoint, in_database

HEARTBEAT_SECONDS = 15
# The library's own is "\r\n", which simple clients that split at blank lines do not expect.
SEPARATOR = "\n"
# A change is told by its event; this only bounds how long a stream could be wrong if one were missed.
LOOK_ANYWAY_SECONDS = 60.0


@endpoint
async def stream_video(request: Request) -> Response:
    expires_at = await in_database(_admit, request)
    video_id = parse_video_id(request.path_params["video_id"])
    video = await in_database(video_or_404, video_id)
    return EventSourceResponse(
        _events(video.video_id, expires_at),
        ping=HEARTBEAT_SECONDS,
        ping_message_factory=lambda: ServerSentEvent(comment="still here", sep=SEPARATOR),
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        sep=SEPARATOR,
    )


def _admit(request: Request) -> float | None:
    """When the caller's token expires (Unix seconds), None for a guest. Counts the call, also one with a bad
    credential. Raises what the API answers with 401 or 429."""
    try:
        account, expires_at = _authenticate(request)
    except exceptions.APIException:
        throttling.count(request, account=None)
        raise
    throttling.count(request, account=account)
    return expires_at


def _authenticate(request: Request) -> tuple[int | None, float | None]:
    raw = authentication.bearer(request.headers)
    if raw:
        user, token = authentication.user_by_token(raw)
        return user.pk, float(token["exp"])
    if authentication.guest_by_header(request.headers) is None:
        raise exceptions.NotAuthenticated(authentication.SIGN_IN)
    return None, None


async def _events(video_id: str, expires_at: float | None) -> AsyncIterator[ServerSentEvent]:
    """`snapshot` at once, `update` on each change, `done` at the end. Ends with the caller's token, too."""
    async with feed.listen(f"video:{video_id}") as changed:
        # Listening begins before the first look, so no change falls between the two.
        seen: dict[str, Any] | None = None
        name = "snapshot"
        while expires_at is None or time.time() < expires_at:
            changed.clear()
            video, settled = await in_database(_look, video_id)
            if video is None:
                return
            if video != seen:
                yield _event(name, video)
                seen, name = video, "update"
            if settled:
                yield _event("done", video)
                return
            left = expires_at - time.time() if expires_at else LOOK_ANYWAY_SECONDS
            try:
                await asyncio.wait_for(changed.wait(), timeout=min(left, LOOK_ANYWAY_SECONDS))
            except TimeoutError:
                continue


def _look(video_id: str) -> tuple[dict[str, Any] | None, bool]:
    video = Video.objects.for_viewing().filter(video_id=video_id).first()
    return (dict(VideoSerializer(video).data), video.is_settled) if video else (None, True)


def _event(name: str, video: dict[str, Any]) -> ServerSentEvent:
    return ServerSentEvent(
        event=name, data=json.dumps({"event": name, "video": video}, cls=JSONEncoder), sep=SEPARATOR
    )
