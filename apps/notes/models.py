from __future__ import annotations

import re

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.videos.models import Transcript, Video

MAX_TEXT = 10_000
TIMESTAMP_PATTERN = r"^([0-9]{1,2}:[0-5][0-9]|[0-9]{1,2}):[0-5][0-9]$"  # the same, for the API document
_TIMESTAMP = re.compile(r"(?:(?P<h>[0-9]{1,2}):(?P<hm>[0-5][0-9])|(?P<m>[0-9]{1,2})):(?P<s>[0-5][0-9])")


def seconds_of(timestamp: str) -> int | None:
    """Seconds from the start of `m:ss`, `mm:ss` or `h:mm:ss`; None if it is not one of these."""
    match = _TIMESTAMP.fullmatch(timestamp)
    if not match:
        return None
    hours, minutes = int(match["h"] or 0), int(match["hm"] or match["m"])
    return hours * 3600 + minutes * 60 + int(match["s"])


class AIState(models.TextChoices):
    NONE = "none"  # nothing is asked of the AI
    PENDING = "pending"  # waits for the transcript, or for its turn
    READY = "ready"
    FAILED = "failed"


class NoteQuerySet(models.QuerySet["Note"]):
    def waiting_for_ai(self) -> NoteQuerySet:
        return self.filter(ai_state=AIState.PENDING, text__isnull=True)


class Note(models.Model):
    """A moment that somebody caught."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notes")
    video = models.ForeignKey(Video, on_delete=models.PROTECT, related_name="notes")
    timestamp = models.CharField(max_length=8)  # as sent
    timestamp_seconds = models.PositiveIntegerField()
    text = models.TextField(null=True, blank=True, max_length=MAX_TEXT)  # noqa: DJ001 - the contract's null
    generated_by_ai = models.BooleanField(default=False)

    ai_state = models.CharField(max_length=8, choices=AIState.choices, default=AIState.NONE)
    ai_error = models.CharField(max_length=500, blank=True)  # why ai_state is failed, in words
    # Where an AI text came from.
    ai_provider = models.CharField(max_length=32, blank=True)
    ai_model = models.CharField(max_length=100, blank=True)
    ai_prompt_version = models.CharField(max_length=32, blank=True)
    ai_transcript = models.ForeignKey(
        Transcript, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        indexes = [
            # one's notes on a video, and the videos on which one has notes
            models.Index(fields=["user", "video", "created_at"], name="note_of_user_on_video"),
            # the same by the second that they are about, and all of one's notes in that order
            models.Index(fields=["user", "video", "timestamp_seconds", "id"], name="note_of_user_in_order"),
            # what waits for a transcript when it arrives
            models.Index(fields=["video"], condition=Q(ai_state="pending"), name="note_waiting_for_ai"),
        ]

    def __str__(self) -> str:
        return f"Note {self.pk} at {self.timestamp}"

    @property
    def channel(self) -> str:
        return f"notes:{self.user_id}"
