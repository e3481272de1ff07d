"""The internal API: trusted helpers hand in what they fetched."""

import unicodedata
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.authentication import AdminTokenAuthentication
from apps.videos import helpers, services, youtube
from apps.videos.models import Transcript
from apps.videos.serializers import SegmentSerializer, VideoSerializer
from apps.videos.views import parse_video_id, video_or_404
from vidwiz.common import errors, segments
from vidwiz.common.negotiation import AnyAccept
from vidwiz.common.parsers import InternalJSONParser
from vidwiz.common.segments import Segment
from vidwiz.common.serializers import BoolField, StringField


class InternalView(APIView):
    authentication_classes = (AdminTokenAuthentication,)
    throttle_classes = ()  # trusted helpers, as many calls as they need
    parser_classes = (InternalJSONParser,)


@extend_schema_field(SegmentSerializer(many=True))
class TranscriptField(serializers.JSONField):
    """`[{text, offset | start, duration?}]` in seconds, as segments. One pass: it may have 50,000 of them."""

    def to_internal_value(self, data: Any) -> list[Segment]:  # type: ignore[override]  # the stubs know JSON alone
        try:
            return segments.read(data)
        except segments.BadTranscript as error:
            detail = [serializers.ErrorDetail(error.message, code="transcript")]
            if error.index is None:
                raise serializers.ValidationError(detail) from None
            where = f"{error.index}.{error.field}" if error.field else str(error.index)
            raise serializers.ValidationError({where: detail}) from None


class MetadataField(serializers.DictField):
    def to_internal_value(self, data: Any) -> dict[str, Any]:
        try:
            known = youtube.public_metadata(super().to_internal_value(data))
        except youtube.BadMetadata as error:
            raise serializers.ValidationError(
                {error.field: [serializers.ErrorDetail(error.message, code="metadata")]}
            ) from None
        if not known:
            raise serializers.ValidationError("None of the known keys is there.", code="metadata")
        return known


class TranscriptInSerializer(serializers.Serializer[Any]):
    transcript = TranscriptField()


class MetadataInSerializer(serializers.Serializer[Any]):
    metadata = MetadataField()


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
            raise serializers.ValidationError(
                "Send a summary, suggested questions, or both.", code="required"
            )
        return attrs


class ResultSerializer(serializers.Serializer[Any]):
    video_id = StringField(max_length=2048)
    success = BoolField()
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


class ResultAnswerSerializer(serializers.Serializer[Any]):
    message = serializers.CharField()
    task_id = serializers.IntegerField()
    status = serializers.CharField()


class TaskDetailsSerializer(serializers.Serializer[Any]):
    video_id = serializers.CharField()


class NextTaskSerializer(serializers.Serializer[Any]):
    task_id = serializers.IntegerField()
    task_type = serializers.ChoiceField(choices=list(helpers.KINDS.values()))
    task_details = TaskDetailsSerializer()
    retry_count = serializers.IntegerField()
    message = serializers.CharField()


class NextTaskView(InternalView):
    content_negotiation_class = AnyAccept

    """Documents the long poll, and answers when a server sends its path to the wrong process."""

    @extend_schema(
        operation_id="next_task",
        parameters=[
            OpenApiParameter("type", str, required=True, enum=list(helpers.KINDS)),
            OpenApiParameter("timeout", int, description="Seconds to wait for one: 30, at most 60."),
        ],
        responses={200: NextTaskSerializer, 204: None},
    )
    def get(self, request: Request) -> Response:
        raise errors.Misrouted


class TaskResultView(InternalView):
    @extend_schema(request=ResultSerializer, responses=ResultAnswerSerializer, operation_id="task_result")
    def post(self, request: Request, task_id: int) -> Response:
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
        return Response(VideoSerializer(video_or_404(video_id)).data)


class TranscriptView(InternalView):
    @extend_schema(
        request=TranscriptInSerializer, responses=VideoSerializer, operation_id="internal_put_transcript"
    )
    def post(self, request: Request, video_id: str) -> Response:
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
        request=MetadataInSerializer, responses=VideoSerializer, operation_id="internal_put_metadata"
    )
    def post(self, request: Request, video_id: str) -> Response:
        video_id = parse_video_id(video_id)
        serializer = MetadataInSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        services.store_metadata(video_id=video_id, metadata=serializer.validated_data["metadata"])
        return Response(VideoSerializer(video_or_404(video_id)).data)


class SummaryView(InternalView):
    @extend_schema(
        request=SummaryInSerializer, responses=VideoSerializer, operation_id="internal_put_summary"
    )
    def post(self, request: Request, video_id: str) -> Response:
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
