"""What the staff pages of all apps are built from."""

from typing import Any, cast

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import PROTECT, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst

# A list counts and pages no further than this; what is older is found by searching.
MAX_ROWS = 10_000


def link(url: str, text: object) -> str:
    return format_html('<a href="{}">{}</a>', url, text)


def outside_link(url: str, text: object) -> str:
    return format_html('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>', url, text)


def unbroken(text: object) -> str:
    """On one line of its cell: ids and times are not read in pieces."""
    return format_html('<span class="nowrap">{}</span>', text)


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
