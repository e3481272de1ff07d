from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.videos import failures
from apps.videos.models import Reason, Stage, State, Video


class MetadataSerializer(serializers.Serializer[Any]):
    """What is publicly known of a video; a key that is not known is not there."""

    id = serializers.CharField(required=False)
    title = serializers.CharField(required=False)
    uploader = serializers.CharField(required=False)
    channel = serializers.CharField(required=False)
    channel_url = serializers.CharField(required=False)
    upload_date = serializers.CharField(required=False)
    duration = serializers.IntegerField(required=False, help_text="Seconds.")
    duration_string = serializers.CharField(required=False)
    view_count = serializers.IntegerField(required=False)
    like_count = serializers.IntegerField(required=False)
    description = serializers.CharField(required=False)
    thumbnail = serializers.CharField(required=False)


class FailureSerializer(serializers.Serializer[Any]):
    stage = serializers.ChoiceField(choices=Stage.choices)
    reason = serializers.ChoiceField(choices=Reason.choices)
    message = serializers.CharField()
    retry_at = serializers.DateTimeField(allow_null=True)


class TranscriptFactsSerializer(serializers.Serializer[Any]):
    language = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # shadows Field.source, as the contract names it
    private = serializers.BooleanField()


class VideoSerializer(serializers.ModelSerializer[Video]):
    # Give it a video from `Video.objects.for_viewing()`.

    title = serializers.SerializerMethodField()
    metadata = serializers.SerializerMethodField()
    transcript_available = serializers.SerializerMethodField()
    summary = serializers.SerializerMethodField()
    suggested_questions = serializers.SerializerMethodField()
    failure = serializers.SerializerMethodField()
    transcript = serializers.SerializerMethodField()

    class Meta:
        model = Video
        fields = (
            "id", "video_id", "title", "metadata", "transcript_available", "summary", "suggested_questions",
            "created_at", "updated_at", "metadata_state", "transcript_state", "summary_state", "failure", "transcript",
        )  # fmt: skip

    def get_title(self, video: Video) -> str | None:
        return video.title or None

    @extend_schema_field(MetadataSerializer(allow_null=True))
    def get_metadata(self, video: Video) -> Any:
        return video.metadata

    def get_transcript_available(self, video: Video) -> bool:
        return video.transcript_state == State.READY

    def get_summary(self, video: Video) -> str | None:
        return video.summary or None

    @extend_schema_field(serializers.ListField(child=serializers.CharField(), allow_null=True))
    def get_suggested_questions(self, video: Video) -> Any:
        return video.suggested_questions

    @extend_schema_field(FailureSerializer(allow_null=True))
    def get_failure(self, video: Video) -> Any:
        failure = failures.describe(video)
        return FailureSerializer(failure).data if failure else None

    @extend_schema_field(TranscriptFactsSerializer(allow_null=True))
    def get_transcript(self, video: Video) -> Any:
        if video.transcript_state != State.READY or not video.shared:
            return None
        shared = video.shared[0]
        return {"language": shared.language, "source": shared.source, "private": False}


class SegmentSerializer(serializers.Serializer[Any]):
    text = serializers.CharField()
    offset = serializers.FloatField(help_text="Seconds from the start of the video.")
    duration = serializers.FloatField(help_text="Seconds.")


class TranscriptSerializer(serializers.Serializer[Any]):
    video_id = serializers.CharField()
    language = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # shadows Field.source, as the contract names it
    private = serializers.BooleanField()
    segments = SegmentSerializer(many=True)
