from collections.abc import Iterator

import pytest

from apps.videos.youtube import YouTube
from tests.standins.youtube import FakeYouTube, Video

VIDEO_ID = "dQw4w9WgXcQ"


@pytest.fixture
def fake() -> Iterator[FakeYouTube]:
    with FakeYouTube() as standin:
        standin.videos[VIDEO_ID] = Video()
        yield standin


@pytest.fixture
def youtube(fake: FakeYouTube) -> YouTube:
    return YouTube(origin=fake.origin, timeout_seconds=5, deadline_seconds=10, max_bytes=200_000)


@pytest.fixture
def hasty(fake: FakeYouTube) -> YouTube:
    return YouTube(origin=fake.origin, timeout_seconds=0.2, deadline_seconds=0.3, max_bytes=200_000)
