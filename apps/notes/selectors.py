"""Lists of one's own: pages of videos, notes of a video."""

import math
from typing import Any

from django.db.models import Count, Max, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Lower

from apps.accounts.models import User
from apps.notes.models import Note
from apps.videos.models import Video

SORTS: dict[str, tuple[str | Combinable, str]] = {
    "created_at_desc": ("-created_at", "-pk"),
    "created_at_asc": ("created_at", "pk"),
    "title_asc": (Lower("title"), "pk"),
    "title_desc": (Lower("title").desc(), "-pk"),
}


def noted_videos(*, user: User, q: str, sort: str, page: int, per_page: int) -> dict[str, Any]:
    """A page of the videos on which the user has notes, with how many and since when."""
    videos = Video.objects.filter(notes__user=user)
    if len(q) >= 2:
        videos = videos.filter(title__icontains=q)
    total = videos.values("pk").distinct().count()
    rows = (
        videos.annotate(note_count=Count("notes"), last_noted_at=Max("notes__created_at"))
        .only("video_id", "title", "metadata", "created_at")
        .order_by(*SORTS[sort])[(page - 1) * per_page : page * per_page]
    )
    return {
        "videos": rows,
        "total": total,
        "page": page,
        "per_page": per_page,
        "total_pages": math.ceil(total / per_page),
    }


def notes_of(*, user: User, video_id: str, by_timestamp: bool = False) -> QuerySet[Note]:
    order = ("timestamp_seconds", "pk") if by_timestamp else ("created_at", "pk")
    return Note.objects.filter(user=user, video__video_id=video_id).select_related("video").order_by(*order)
