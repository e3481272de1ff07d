from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.notes.models import MAX_TEXT, TIMESTAMP_PATTERN, Note, seconds_of
from vidwiz.common.serializers import BoolField, StrictMixin, StringField


@extend_schema_field({"type": "string", "pattern": TIMESTAMP_PATTERN, "example": "10:00"})
class TimestampField(StringField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=8, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        timestamp: str = super().to_internal_value(data)
        if seconds_of(timestamp) is None:
            raise serializers.ValidationError("Expected m:ss, mm:ss or h:mm:ss.", code="timestamp")
        return timestamp


class NoteTextField(StringField):
    """Text whose blank means null."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_null=True, allow_blank=True, max_length=MAX_TEXT, **kwargs)

    def run_validation(self, data: Any = serializers.empty) -> str | None:
        return super().run_validation(data) or None


class NoteSerializer(serializers.ModelSerializer[Note]):
    video_id = serializers.CharField(source="video.video_id")

    class Meta:
        model = Note
        fields = (
            "id", "video_id", "timestamp", "text", "generated_by_ai", "created_at", "updated_at", "user_id",
            "timestamp_seconds", "ai_state",
        )  # fmt: skip


class NoteCreateSerializer(serializers.Serializer[Any]):
    timestamp = TimestampField()
    text = NoteTextField(required=False)
    video_title = StringField(required=False, allow_blank=True, allow_null=True, max_length=1000)


class NoteUpdateSerializer(StrictMixin, serializers.Serializer[Any]):
    schema_extra = {"minProperties": 1}

    text = NoteTextField(required=False)
    generated_by_ai = BoolField(required=False)


class InternalNoteUpdateSerializer(serializers.Serializer[Any]):
    text = StringField(max_length=MAX_TEXT)
    generated_by_ai = BoolField(default=True)


class NotedVideoSerializer(serializers.Serializer[Any]):
    video_id = serializers.CharField()
    title = serializers.SerializerMethodField()
    metadata = serializers.JSONField(allow_null=True)
    note_count = serializers.IntegerField()
    last_noted_at = serializers.DateTimeField()

    def get_title(self, video: Any) -> str | None:
        return video.title or None


class NotedVideosSerializer(serializers.Serializer[Any]):
    videos = NotedVideoSerializer(many=True)
    total = serializers.IntegerField()
    page = serializers.IntegerField()
    per_page = serializers.IntegerField()
    total_pages = serializers.IntegerField()


class InternalNotesSerializer(serializers.Serializer[Any]):
    video_id = serializers.CharField()
    notes = NoteSerializer(many=True)
    message = serializers.CharField()
