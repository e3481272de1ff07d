import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import TO_FIELD_VAR
from django.contrib.admin.utils import quote
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from apps.tasks import admin as tasks
from apps.tasks.models import Task
from apps.videos import youtube
from apps.videos.kinds import AI_SUMMARY, FETCH_METADATA, FETCH_TRANSCRIPT
from apps.videos.models import Stage, Transcript, Video
from vidwiz.common import admin as pages

MADE_BY = ("provider", "model", "prompt_version")


def url_by_video_id(video_id: str) -> str:
    """For those who know the YouTube id and not the row."""
    return reverse("admin:videos_video_change", args=[quote(video_id)], query={TO_FIELD_VAR: "video_id"})


tasks.subject_urls.update(dict.fromkeys((FETCH_METADATA, FETCH_TRANSCRIPT, AI_SUMMARY), url_by_video_id))


def video_id_in(term: str) -> str | None:
    """The id that somebody typed, or that of the YouTube address they pasted."""
    try:
        return youtube.video_id(term)
    except youtube.BadVideoId:
        return None


def of_video_or_person(queryset: QuerySet[Any], term: str, *, person: str) -> QuerySet[Any]:
    """The rows of one video or of one person, each by an index; never both in one OR, which has none."""
    if not (term := term.strip()):
        return queryset
    if video_id := video_id_in(term):
        return queryset.filter(video__video_id=video_id)
    return queryset.filter(**{f"{person}__email": term.lower()})


def without_long_fields(queryset: QuerySet[Any]) -> QuerySet[Any]:
    """For lists of what has a video: its summary and metadata may be long, and are not shown there."""
    return queryset.defer("video__metadata", "video__summary", "video__suggested_questions")


def youtube_url(video: Video, *, seconds: int = 0) -> str:
    return f"https://www.youtube.com/watch?v={video.video_id}" + (f"&t={seconds}s" if seconds else "")


def _of(stage: Stage, *fields: str) -> tuple[str, ...]:
    return tuple(f"{stage}_{field}" for field in fields)


def _stage_column(stage: Stage) -> Callable[[Video], str]:
    @admin.display(description=stage.label)
    def column(video: Video) -> str:
        return ": ".join(filter(None, (video.state(stage), video.failure(stage))))

    return column


@admin.register(Video)
class VideoAdmin(pages.ReadOnlyAdmin):
    """To look at, and to delete as long as it is nobody's."""

    list_display = ("id_", "title", *map(_stage_column, Stage), "links")
    list_filter = tuple(f"{stage}_state" for stage in Stage)
    search_fields = ("video_id", "title")  # see get_search_results
    search_help_text = "A YouTube video id or address, or the beginning of a title."
    actions = None  # deleted one at a time, after a look
    fieldsets = [
        (None, {"fields": ["video_id", "title", "links", "created_at", "updated_at"]}),
        ("Stages", {"fields": [_of(stage, "state", "failure", "retry_at") for stage in Stage]}),
        ("Made by AI", {"fields": ["summary", _of(Stage.SUMMARY, *MADE_BY), "suggested_questions"]}),
        ("From YouTube", {"fields": ["metadata_lines"]}),
    ]

    @admin.display(description="Video id")
    def id_(self, video: Video) -> str:
        return pages.unbroken(video.video_id)

    def links(self, video: Video) -> str:
        rows = pages.links_to_what_refers_to(video)
        work = pages.link(pages.list_url(Task, subject__exact=video.video_id), "Tasks")
        watch = pages.outside_link(youtube_url(video), "YouTube")
        return pages.unbroken(format_html("{} · {} · {}", rows, work, watch))

    @admin.display(description="Metadata")
    def metadata_lines(self, video: Video) -> str:
        return format_html("<pre>{}</pre>", json.dumps(video.metadata, indent=2, ensure_ascii=False))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Video], search_term: str
    ) -> tuple[QuerySet[Video], bool]:
        if term := search_term.strip():
            by_id = queryset.filter(video_id=video_id_in(term))
            # What looks like an id may also be the beginning of a title ("programming").
            queryset = by_id if by_id.exists() else queryset.filter(title__istartswith=term)
        return queryset, False

    def to_field_allowed(self, request: HttpRequest, to_field: str) -> bool:
        return to_field == "video_id" or super().to_field_allowed(request, to_field)

    def has_delete_permission(self, request: HttpRequest, obj: Video | None = None) -> bool:
        return admin.ModelAdmin.has_delete_permission(self, request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Names the first of what keeps a video: Django's own would load every note of the video."""
        (video,) = objs
        keeping = [video.transcripts.filter(owner__isnull=False), *pages.protecting(video)]
        if kept := [pages.named(row) for rows in keeping for row in rows.order_by("pk")[:20]]:
            return [], {}, set(), kept
        to_delete, counts, lacking, protected = super().get_deleted_objects(objs, request)
        # The shared transcript can't be deleted by itself; it goes with its video.
        return to_delete, counts, lacking - {Transcript._meta.verbose_name}, protected


@admin.register(Transcript)
class TranscriptAdmin(pages.ReadOnlyAdmin):
    list_display = ("id", "video_link", "owner_link", "language", "source", "size", "created_at")
    list_filter = ("source",)
    search_fields = ("video__video_id", "owner__email")  # see get_search_results
    search_help_text = "A YouTube video id or address, or the exact e-mail address of an owner."
    fields = ("video", "owner", "language", "source", "size", "storage_key", "digest", "created_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Transcript]:
        return without_long_fields(super().get_queryset(request).select_related("video", "owner"))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Transcript], search_term: str
    ) -> tuple[QuerySet[Transcript], bool]:
        return of_video_or_person(queryset, search_term, person="owner"), False

    @admin.display(description="Video")
    def video_link(self, transcript: Transcript) -> str:
        return pages.unbroken(pages.link(pages.change_url(transcript.video), transcript.video.video_id))

    @admin.display(description="Owner")
    def owner_link(self, transcript: Transcript) -> str:
        return pages.link(pages.change_url(owner), owner) if (owner := transcript.owner) else "shared"

    def size(self, transcript: Transcript) -> str:
        return f"{transcript.segment_count} segments, {timedelta(seconds=round(transcript.duration_seconds))}"
