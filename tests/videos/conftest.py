from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.serving import Stream, serving


@pytest.fixture
def server(transactional_db: None) -> Iterator[str]:
    with serving() as url:
        yield url


@pytest.fixture
def stream(server: str) -> Iterator[Callable[..., Any]]:
    """Opens a stream of a video, as a guest unless told otherwise; closed when the test ends."""
    opened = []

    def open_stream(video_id: str, **headers: str) -> Stream:
        guest = {"X-Guest-Session-ID": "guest-session-0123456789"}
        opened.append(Stream(f"{server}/v2/videos/{video_id}/stream", headers or guest))
        return opened[-1]

    yield open_stream
    for one in opened:
        one.close()
