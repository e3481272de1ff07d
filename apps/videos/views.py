from typing import Any

from drf_spectacular.utils import OpenApiResponse, OpenApiTypes, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.authentication import GuestAuthentication, JWTAuthentication
from apps.videos import services, storage, youtube
from apps.videos.models import Video
from apps.videos.serializers import TranscriptSerializer, VideoSerializer
from vidwiz.common import errors
from vidwiz.common.negotiation import AnyAccept


class VideoNotFound(errors.NotFound):
    """Nobody has caught anything on this video yet. Make a note on it first."""


class NoTranscript(errors.NotFound):
    """This video has no transcript (yet)."""


def parse_video_id(text: str, *, field: str = "video_id") -> str:
    """The YouTube id in a path or body, or a 422 that says what is expected."""
    try:
        return youtube.video_id(text)
    except youtube.BadVideoId as error:
        raise errors.Invalid(field, str(error), type="video_id") from None


def video_or_404(text: str) -> Video:
    video = Video.objects.for_viewing().filter(video_id=parse_video_id(text)).first()
    if video is None:
        raise VideoNotFound
    return video


class VideoView(APIView):
    authentication_classes = (JWTAuthentication, GuestAuthentication)

    @extend_schema(responses=VideoSerializer, operation_id="get_video")
    def get(self, request: Request, video_id: str) -> Response:
        return Response(VideoSerializer(video_or_404(video_id)).data)


class TranscriptView(APIView):
    authentication_classes = (JWTAuthentication, GuestAuthentication)

    @extend_schema(responses=TranscriptSerializer, operation_id="get_transcript")
    def get(self, request: Request, video_id: str) -> Response:
        video = video_or_404(video_id)
        transcript = services.shared_transcript(video)
        if transcript is None:
            raise NoTranscript
        try:
            words = storage.read(transcript)
        except storage.TranscriptVanished:
            services.transcript_vanished(transcript)
            raise
        # Plain dictionaries: a serializer would take seconds over 50,000 segments that were checked on arrival.
        answer: dict[str, Any] = {
            "video_id": video.video_id,
            "language": transcript.language,
            "source": transcript.source,
            "private": False,
            "segments": [segment._asdict() for segment in words],
        }
        return Response(answer)


class StreamView(APIView):
    content_negotiation_class = AnyAccept

    """Documents the stream, and answers when a server sends its path to the wrong process."""

    authentication_classes = (JWTAuthentication, GuestAuthentication)

    @extend_schema(
        operation_id="stream_video",
        responses={
            (200, "text/event-stream"): OpenApiResponse(
                OpenApiTypes.STR,
                description="Server-sent events `snapshot`, `update` and `done`, with data `{event, video}`.",
            )
        },
    )
    def get(self, request: Request, video_id: str) -> Response:
        raise errors.Misrouted
