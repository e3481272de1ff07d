"""Staff pages of the ledger, and what the staff pages of all apps are built from."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import PROTECT, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import truncatechars
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst

from apps.tasks import kinds
from apps.tasks.models import Task

# A list counts and pages no further than this; what is older is found by searching.
MAX_ROWS = 10_000

# By kind: the staff page of the subject of its tasks. The app whose work it is puts it in.
subject_urls: dict[str, Callable[[str], str]] = {}


def link(url: str, text: object) -> str:
    return format_html('<a href="{}">{}</a>', url, text)


def outside_link(url: str, text: object) -> str:
    return format_html('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>', url, text)


def unbroken(text: object) -> str:
    """On one line of its cell: ids and times are not read in pieces."""
    return format_html('<span style="white-space: nowrap">{}</span>', text)


def change_url(row: Model) -> str:
    return reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk])


def list_url(model: type[Model], **query: object) -> str:
    return reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_changelist", query=query)


def named(row: Model) -> str:
    return format_html("{}: {}", capfirst(row._meta.verbose_name), link(change_url(row), row))


def links_to_what_refers_to(row: Model) -> str:
    """A link to the list of those, by model: no query, and no import upwards."""
    referring = [(rel.related_model, f"{rel.field.name}__exact") for rel in row._meta.related_objects]
    links = (
        (list_url(model, **{by: row.pk}), capfirst(model._meta.verbose_name_plural))
        for model, by in referring
        if admin.site.is_registered(model)
    )
    return format_html_join(" · ", '<a href="{}">{}</a>', links)


def protecting(row: Model) -> list[QuerySet]:
    """The rows that keep this one from being deleted, a queryset a model."""
    relations = (rel for rel in row._meta.related_objects if rel.on_delete is PROTECT)
    return [rel.related_model._default_manager.filter(**{rel.field.name: row}) for rel in relations]


class BoundedPaginator(Paginator):
    """Counting all of a table of millions takes the database seconds, on every page of the list."""

    @cached_property
    def count(self) -> int:
        return cast(QuerySet, self.object_list).order_by()[:MAX_ROWS].count()


class BigTableAdmin(admin.ModelAdmin):
    """A list whose cost does not grow with its table: newest first by primary key, counted to a bound."""

    ordering = ("-pk",)
    sortable_by = ()  # no other column is sure to have an index
    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # a count for each choice of each filter
    list_per_page = 50

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        context = getattr(response, "context_data", None) or {}
        if "cl" in context and context["cl"].result_count >= MAX_ROWS:
            context["subtitle"] = f"The newest {MAX_ROWS} are listed: search or filter to find others."
        return response


class ReadOnlyAdmin(BigTableAdmin):
    """To look at only. These rows change together with others, through services."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


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
    search_help_text = "The exact subject: a YouTube video id, or the number of a note."
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
