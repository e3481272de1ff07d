from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import truncatechars
from django.urls import reverse

from apps.notes.models import Note
from apps.notes.services import AI_NOTE
from apps.tasks import admin as tasks
from apps.tasks.models import Task
from apps.videos import admin as videos
from vidwiz.common import admin as pages

tasks.subject_urls[AI_NOTE] = lambda note_id: reverse("admin:notes_note_change", args=[note_id])


@admin.register(Note)
class NoteAdmin(pages.ReadOnlyAdmin):
    """A user's words: staff may see them, to help, and never change them."""

    list_display = ("id", "video_link", "user_link", "timestamp", "short_text", "by_ai", "ai")
    list_filter = ("ai_state", "generated_by_ai")
    search_fields = (
        "video__video_id",
        "user__email",
    )  # see get_search_results; never the text: that has no index
    search_help_text = "A YouTube video id or address, or the exact e-mail address of a user."
    fieldsets = (
        (None, {"fields": ("user", "video", "moment", "text", "created_at", "updated_at")}),
        ("AI", {"fields": ("generated_by_ai", "ai_state", "ai_error", "task_link")}),
        (
            "Where an AI text came from",
            {"fields": ("ai_provider", "ai_model", "ai_prompt_version", "ai_transcript")},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Note]:
        return videos.without_long_fields(super().get_queryset(request).select_related("user", "video"))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Note], search_term: str
    ) -> tuple[QuerySet[Note], bool]:
        return videos.of_video_or_person(queryset, search_term, person="user"), False

    @admin.display(description="Video")
    def video_link(self, note: Note) -> str:
        return pages.unbroken(pages.link(pages.change_url(note.video), note.video.video_id))

    @admin.display(description="User")
    def user_link(self, note: Note) -> str:
        return pages.link(pages.change_url(note.user), note.user)

    @admin.display(description="Timestamp")
    def moment(self, note: Note) -> str:
        return pages.outside_link(
            videos.youtube_url(note.video, seconds=note.timestamp_seconds), note.timestamp
        )

    @admin.display(description="Text")
    def short_text(self, note: Note) -> str:
        return truncatechars(note.text or "", 80)

    @admin.display(description="By AI", boolean=True)
    def by_ai(self, note: Note) -> bool:
        return note.generated_by_ai

    @admin.display(description="AI")
    def ai(self, note: Note) -> str:
        return truncatechars(f"{note.ai_state}: {note.ai_error}", 80) if note.ai_error else note.ai_state

    @admin.display(description="Tasks")
    def task_link(self, note: Note) -> str:
        return pages.link(pages.list_url(Task, subject__exact=note.pk), "Tasks")
