"""Staff pages of the ledger."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import truncatechars

from apps.tasks import kinds
from apps.tasks.models import Task
from vidwiz.common.admin import ReadOnlyAdmin, link, unbroken

# By kind: the staff page of the subject of its tasks. The app whose work it is puts it in.
subject_urls: dict[str, Callable[[str], str]] = {}


class KindFilter(admin.SimpleListFilter):
    """Django's own would ask the table which kinds there are."""

    title = parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, name) for name in kinds.names()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Task]) -> QuerySet[Task]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Task)
class TaskAdmin(ReadOnlyAdmin):
    list_display = ("id", "kind", "subject_link", "state", "attempts", "due", "lease", "error")
    list_filter = (KindFilter, "state")
    search_fields = ("subject__exact",)
    search_help_text = "The exact subject: a YouTube video id, the number of a note, or a file in storage."
    fieldsets = (
        (None, {"fields": ("kind", "subject_link", "state", "attempts", "last_error")}),
        ("Lease", {"fields": ("lease_owner", "lease_expires_at")}),
        ("Times", {"fields": ("created_at", "due_at", "tell_at", "finished_at")}),
    )

    @admin.display(description="Subject")
    def subject_link(self, task: Task) -> str:
        to = subject_urls.get(task.kind)
        return unbroken(link(to(task.subject), task.subject) if to else task.subject)

    def due(self, task: Task) -> str:
        return unbroken(f"{task.due_at:%Y-%m-%d %H:%M:%S}")

    def lease(self, task: Task) -> str:
        until = task.lease_expires_at
        return f"{task.lease_owner} until {until:%H:%M:%S}" if until else ""

    def error(self, task: Task) -> str:
        return truncatechars(task.last_error, 80)
