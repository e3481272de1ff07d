"""What is one user's of notes: all of them, as Markdown and as JSON."""

from collections.abc import Iterable, Iterator
from itertools import chain, groupby
from typing import Any

from django.db.models import CharField, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from apps.accounts.leaving import Belongings, File, Row
from apps.events import services as events
from apps.notes.models import Note, NoteQuerySet
from apps.notes.services import AI_NOTE
from apps.tasks import services as tasks
from vidwiz.common.filenames import file_name
from vidwiz.common.markdown import escape, escape_lines

PAGE = 200
# With the id and a few folders below what Windows allows for a path, and Linux for a name.
MAX_TITLE_BYTES = 120
# Long, and the same for each note of a video.
NOT_SHOWN = ("video__metadata", "video__summary", "video__suggested_questions")


class Notes(Belongings):
    def files(self) -> Iterator[File]:
        channel = Coalesce(
            KeyTextTransform("channel", "video__metadata"), KeyTextTransform("uploader", "video__metadata")
        )
        notes = (
            self._own()
            .annotate(channel_name=channel)
            .values_list(
                "pk",
                "timestamp",
                "timestamp_seconds",
                "text",
                "generated_by_ai",
                "video_id",
                "video__video_id",
                "video__title",
                "channel_name",
                named=True,
            )
        )
        for _, on_video in groupby(_in_pages(notes), key=lambda note: note.video_id):
            yield _file(on_video)

    def sections(self) -> dict[str, Row | Iterable[Row]]:
        from apps.notes.serializers import NoteSerializer  # which workers can do without

        notes = _in_pages(self._own().select_related("video").defer(*NOT_SHOWN))
        as_the_api_does = NoteSerializer().to_representation
        return {
            "notes": (as_the_api_does(note) | {"video_title": note.video.title or None} for note in notes)
        }

    def forget(self) -> None:
        own = self._own()
        waiting = own.waiting_for_ai().annotate(subject=Cast("pk", CharField())).values("subject")
        tasks.call_off(kind=AI_NOTE, subjects=waiting)
        # Here, not with the user's row: a worker that is filling one ends first, and its event goes with the others.
        own.delete()
        events.forget(channel=f"notes:{self.user.pk}")

    def _own(self) -> NoteQuerySet:
        return Note.objects.filter(user=self.user)


def _in_pages(notes: QuerySet[Any, Any]) -> Iterator[Any]:
    """By video, and on each by second; a page at a time, and none before it is needed."""
    # As the index note_of_user_in_order has them: each page is found there at once, wherever it begins.
    notes = notes.order_by("video_id", "timestamp_seconds", "pk")
    page = list(notes[:PAGE])
    while page:
        yield from page
        last = page[-1]
        later = notes.filter(video_id=last.video_id, timestamp_seconds__gte=last.timestamp_seconds)
        later = later.exclude(timestamp_seconds=last.timestamp_seconds, pk__lte=last.pk)
        page = list(later[:PAGE]) or list(notes.filter(video_id__gt=last.video_id)[:PAGE])


def _file(notes: Iterator[Any]) -> File:
    first = next(notes)
    title = file_name(first.video__title, max_bytes=MAX_TITLE_BYTES)
    name = f"{title} [{first.video__video_id}]".strip()
    return f"notes/{name}.md", _markdown(first, chain([first], notes))


def _markdown(first: Any, notes: Iterable[Any]) -> Iterator[bytes]:
    link = f"https://www.youtube.com/watch?v={first.video__video_id}"
    yield f"# {escape(first.video__title) or first.video__video_id}\n\n".encode()
    if first.channel_name:
        yield f"{escape(first.channel_name)}  \n".encode()
    yield f"<{link}>\n\n".encode()
    for note in notes:
        by = " *(by AI)*" if note.generated_by_ai and note.text else ""
        text = escape_lines(note.text or "", indent="  ")
        line = f"- [{note.timestamp}]({link}&t={note.timestamp_seconds}s){by} {text}"
        yield f"{line.rstrip(' ')}\n".encode()
