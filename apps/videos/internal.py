"""The internal API: trusted helpers hand in what they fetched."""

import unicodedata
from typing import Any

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    PolymorphicProxySerializer,
    extend_schema,
    extend_schema_field,
)
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.authentication import AdminTokenAuthentication
from apps.videos import helpers, services, youtube
from apps.videos.models import Transcript
from apps.videos.serializers import MetadataSerializer, VideoSerializer
from apps.videos.views import parse_video_id, video_or_404
from vidwiz.common import errors, openapi, segments
from vidwiz.common.negotiation import AnyAccept
from vidwiz.common.parsers import InternalJSONParser
from vidwiz.common.segments import Segment
from vidwiz.common.serializers import BoolField, StringField


class InternalView(APIView):
    authentication_classes = (AdminTokenAuthentication,)
    throttle_classes = ()  # trusted helpers, as many calls as they need
    parser_classes = (InternalJSONParser,)


def _segment(start: str, **also: Any) -> dict[str, Any]:
    seconds = {"type": "number", "minimum": 0, "maximum": segments.MAX_OFFSET_SECONDS}
    properties = {"text": {"type": "string"}, start: seconds, "duration": seconds | {"nullable": True}} | also
    return {"type": "object", "properties": properties, "required": ["text", start]}


@extend_schema_field(
    {
        "type": "array",
        "minItems": 1,
        "maxItems": segments.MAX_SEGMENTS,
        "items": {
            "anyOf": [_segment("offset"), _segment("start", offset={"enum": [None], "nullable": True})]
        },
        "description": "In seconds from the start of the video. Segments without words are left out.",
    }
)
class TranscriptField(serializers.JSONField):
    """`[{text, offset | start, duration?}]` in seconds, as segments. One pass: it may have 50,000 of them."""

    def to_internal_value(self, data: Any) -> list[Segment]:  # type: ignore[override]  # the stubs know JSON alone
        try:
            return segments.read(data)
        except segments.BadTranscript as error:
            detail = [serializers.ErrorDetail(error.message, code=error.code)]
            if error.index is None:
                raise serializers.ValidationError(detail) from None
            where = f"{error.index}.{error.field}" if error.field else str(error.index)
            raise serializers.ValidationError({where: detail}) from None


def _metadata_in() -> dict[str, Any]:
    text = {"type": "string", "nullable": True}
    count = {"type": "integer", "minimum": 0, "maximum": 2**63 - 1, "nullable": True}
    known = {
        name: count if isinstance(field, serializers.IntegerField) else text
        for name, field in MetadataSerializer().fields.items()
    }
    known["duration"] = count | {"type": "number", "description": "Seconds."}
    about = "As yt-dlp tells it: at least one of these keys; others are left out."
    return {"type": "object", "properties": known, "minProperties": 1, "description": about}


@extend_schema_field(_metadata_in())
class MetadataField(serializers.DictField):
    def to_internal_value(self, data: Any) -> dict[str, Any]:
        try:
            known = youtube.public_metadata(super().to_internal_value(data))
        except youtube.BadMetadata as error:
            raise serializers.ValidationError(
                {error.field: [serializers.ErrorDetail(error.message, code="metadata")]}
            ) from None
        if not known:
            raise serializers.ValidationError("None of the known keys is there.", code="empty")
        return known


class TranscriptInSerializer(serializers.Serializer[Any]):
    transcript = TranscriptField()


class MetadataInSerializer(serializers.Serializer[Any]):
    metadata = MetadataField()


@extend_schema_field(openapi.VIDEO_ID | {"description": openapi.VIDEO_ID_HELP})
class VideoIdField(StringField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=2048, **kwargs)


class QuestionsSerializer(serializers.Serializer[Any]):
    suggested_questions = serializers.ListField(
        child=StringField(max_length=500), min_length=3, max_length=3, required=False, allow_null=True
    )

    def validate_suggested_questions(self, questions: list[str] | None) -> list[str] | None:
        if questions and len({unicodedata.normalize("NFKC", q).casefold() for q in questions}) < 3:
            raise serializers.ValidationError("Three different questions are expected.", code="different")
        return questions


class SummaryInSerializer(serializers.Serializer[Any]):
    summary = StringField(max_length=10_000, required=False, allow_null=True)
    miscellaneous_data = QuestionsSerializer(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs["questions"] = (attrs.get("miscellaneous_data") or {}).get("suggested_questions")
        if attrs.get("summary") is None and attrs["questions"] is None:
            raise serializers.ValidationError("Send a summary, suggested questions, or both.", code="empty")
        return attrs


@extend_schema_field({"type": "boolean", "enum": [True]})
class _SuccessField(BoolField):
    pass


class ResultSerializer(serializers.Serializer[Any]):
    video_id = VideoIdField()
    success = _SuccessField()
    transcript = TranscriptField(required=False, allow_null=True)
    metadata = MetadataField(required=False, allow_null=True)
    error_message = serializers.JSONField(required=False, allow_null=True)

    def to_internal_value(self, data: Any) -> Any:
        # What a failed helper has none of may be left out, null or empty; and any words will do.
        if isinstance(data, dict) and data.get("success") is False:
            said = str(data.get("error_message") or "").encode("utf-8", "replace").decode().replace("\0", "")
            data = {key: data[key] for key in ("video_id", "success") if key in data} | {
                "error_message": said
            }
        return super().to_internal_value(data)


@extend_schema_field({"type": "boolean", "enum": [False]})
class _FailureField(BoolField):
    pass


class NoResultSerializer(serializers.Serializer[Any]):
    # For the API document: what ResultSerializer reads of a failure; whatever else is in it is left out.

    video_id = VideoIdField()
    success = _FailureField()
    error_message = serializers.JSONField(required=False, allow_null=True)


class ResultAnswerSerializer(serializers.Serializer[Any]):
    message = serializers.CharField()
    task_id = serializers.IntegerField()
    status = serializers.CharField()


class TaskDetailsSerializer(serializers.Serializer[Any]):
    video_id = serializers.CharField()


TIMEOUT = {
    "type": "integer",
    "minimum": 0,
    "maximum": helpers.LONGEST_TIMEOUT_SECONDS,
    "default": helpers.TIMEOUT_SECONDS,
}


class NextTaskSerializer(serializers.Serializer[Any]):
    task_id = serializers.IntegerField()
    task_type = serializers.ChoiceField(choices=list(helpers.KINDS.values()))
    task_details = TaskDetailsSerializer()
    retry_count = serializers.IntegerField()
    message = serializers.CharField()


class NextTaskView(InternalView):
    # Documents the long poll, and answers when a server sends its path to the wrong process.

    content_negotiation_class = AnyAccept

    @extend_schema(
        operation_id="next_task",
        parameters=[
            OpenApiParameter("type", str, required=True, enum=list(helpers.KINDS)),
            OpenApiParameter("timeout", TIMEOUT, description="Seconds to wait for one."),
        ],
        responses={
            200: NextTaskSerializer,
            204: OpenApiResponse(description="Nothing to do came within `timeout`: ask again."),
        },
    )
    def get(self, request: Request) -> Response:
        """The next thing to fetch.

        A long poll: answers as soon as there is a task, and gives it to nobody else for 120 s. A result that is
        not reported by then is not waited for any longer.
        """
        raise errors.Misrouted


WORDS = [{"text": "A ledger is a list of all that is owed.", "offset": 0.0, "duration": 4.2}]
METADATA = {"id": "zeJD6dqJ5lo", "title": "A talk", "channel": "VidWiz", "duration": 1830}
QUESTIONS = ["What is a ledger?", "Who claims an entry?", "When does a claim end?"]

RESULT = PolymorphicProxySerializer(
    component_name="TaskResult",
    serializers=[ResultSerializer, NoResultSerializer],
    resource_type_field_name=None,
)


class TaskResultView(InternalView):
    @extend_schema(
        request=RESULT,
        responses=ResultAnswerSerializer,
        operation_id="task_result",
        examples=[
            OpenApiExample(
                "A transcript",
                {"video_id": "zeJD6dqJ5lo", "success": True, "transcript": WORDS},
                request_only=True,
            ),
            OpenApiExample(
                "It could not be fetched",
                {"video_id": "zeJD6dqJ5lo", "success": False, "error_message": "HTTP Error 429"},
                request_only=True,
            ),
        ],
    )
    def post(self, request: Request, task_id: int) -> Response:
        """What came of a task.

        A success brings `transcript` or `metadata`, whichever was asked for. A failure says why in
        `error_message`, and is tried again a few times. 400 if the task is about another video, or is not in
        progress (any longer): drop the result.
        """
        task = helpers.task_of_result(task_id=task_id)
        serializer = ResultSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        result = serializer.validated_data
        result["video_id"] = parse_video_id(result["video_id"])
        task = helpers.accept_result(task=task, **result)
        return Response({"message": "Result accepted.", "task_id": task.pk, "status": task.state})


class VideoView(InternalView):
    @extend_schema(responses=VideoSerializer, operation_id="internal_get_video")
    def get(self, request: Request, video_id: str) -> Response:
        """What is known of a video, to a helper.

        The same as everybody else is told.
        """
        return Response(VideoSerializer(video_or_404(video_id)).data)


class TranscriptView(InternalView):
    @extend_schema(
        request=TranscriptInSerializer,
        responses=VideoSerializer,
        operation_id="internal_put_transcript",
        examples=[OpenApiExample("Words", {"transcript": WORDS}, request_only=True)],
    )
    def post(self, request: Request, video_id: str) -> Response:
        """A transcript that was not asked for.

        The video is made if it is new. Words that were there are replaced; the summary, and the notes that wait
        for words, are begun.
        """
        video_id = parse_video_id(video_id)
        serializer = TranscriptInSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        services.store_transcript(
            video_id=video_id,
            what=serializer.validated_data["transcript"],
            language="",
            source=Transcript.Source.HELPER,
        )
        return Response(VideoSerializer(video_or_404(video_id)).data)


class MetadataView(InternalView):
    @extend_schema(
        request=MetadataInSerializer,
        responses=VideoSerializer,
        operation_id="internal_put_metadata",
        examples=[OpenApiExample("Metadata", {"metadata": METADATA}, request_only=True)],
    )
    def post(self, request: Request, video_id: str) -> Response:
        """Metadata that was not asked for.

        The video is made if it is new. Unknown keys are left out; an `id`, if there is one, must be that of the video.
        """
        video_id = parse_video_id(video_id)
        serializer = MetadataInSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        services.store_metadata(video_id=video_id, metadata=serializer.validated_data["metadata"])
        return Response(VideoSerializer(video_or_404(video_id)).data)


class SummaryView(InternalView):
    @extend_schema(
        request=SummaryInSerializer,
        responses=VideoSerializer,
        operation_id="internal_put_summary",
        examples=[
            OpenApiExample(
                "Both",
                {
                    "summary": "How a ledger keeps work from being lost.",
                    "miscellaneous_data": {"suggested_questions": QUESTIONS},
                },
                request_only=True,
            )
        ],
    )
    def post(self, request: Request, video_id: str) -> Response:
        """A summary, or questions to begin with, or both.

        The video is made if it is new. What a helper hands in replaces what was there.
        """
        video_id = parse_video_id(video_id)
        serializer = SummaryInSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        given = serializer.validated_data
        services.store_summary(
            video_id=video_id,
            summary=given.get("summary"),
            questions=given["questions"],
            made_by={"provider": "helper", "model": "", "prompt_version": ""},
        )
        return Response(VideoSerializer(video_or_404(video_id)).data)
