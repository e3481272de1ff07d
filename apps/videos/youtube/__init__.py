"""YouTube as the rest of the program sees it. Imports no Django: a helper on another machine uses it too."""

from apps.videos.youtube.captions import Captions, fetch_transcript
from apps.videos.youtube.config import YouTube
from apps.videos.youtube.errors import Reason, YouTubeError, reason_of
from apps.videos.youtube.ids import BadVideoId, video_id
from apps.videos.youtube.metadata import BadMetadata, fetch_metadata, public_metadata

__all__ = [
    "BadMetadata",
    "BadVideoId",
    "Captions",
    "Reason",
    "YouTube",
    "YouTubeError",
    "fetch_metadata",
    "fetch_transcript",
    "public_metadata",
    "reason_of",
    "video_id",
]
