from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.authentication import GuestAuthentication, JWTAuthentication
from apps.videos import services, storage, youtube
from apps.videos.models import Video
from apps.videos.serializers import TranscriptSerializer, VideoSerializer
from vidwiz.common import errors, openapi
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
        """What is known of a video.

        Metadata, transcript and summary each have a state; while one is `pending`, the stream tells when it
        changes. If one has `failed`, `failure` says why and what can be done. Videos are there once somebody has
        made a note on them.
        """
        return Response(VideoSerializer(video_or_404(video_id)).data)


class TranscriptView(APIView):
    authentication_classes = (JWTAuthentication, GuestAuthentication)

    @extend_schema(
        responses={200: TranscriptSerializer, 503: openapi.error("The storage doesn't answer; try again.")},
        operation_id="get_transcript",
    )
    def get(self, request: Request, video_id: str) -> Response:
        """What was said in a video.

        All of it, by time, in seconds from the start. 404 until the transcript is there.
        """
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


class StreamEventSerializer(serializers.Serializer[Any]):
    event = serializers.ChoiceField(choices=["snapshot", "update", "done"])
    data = serializers.CharField(  # type: ignore[assignment]  # shadows Serializer.data, as the format names it
        help_text="JSON: `{event, video}`, with the video as `GET /v2/videos/{video_id}` has it."
    )


class StreamView(APIView):
    # Documents the stream, and answers when a server sends its path to the wrong process.

    content_negotiation_class = AnyAccept
    authentication_classes = (JWTAuthentication, GuestAuthentication)

    @extend_schema(
        operation_id="stream_video",
        responses={
            (200, "text/event-stream"): OpenApiResponse(
                StreamEventSerializer, description="Server-sent events."
            ),
            503: openapi.error("This server sent the stream to a process that serves none."),
        },
    )
    def get(self, request: Request, video_id: str) -> Response:
        """A video as it gets ready.

        Server-sent events: `snapshot` at once, `update` on each change, `done` when nothing more will change by
        itself; then the stream ends. A comment every 15 s keeps proxies from closing it. It ends with the access
        token, too.
        """
        raise errors.Misrouted
