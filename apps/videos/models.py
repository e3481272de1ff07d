from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class State(models.TextChoices):
    NONE = "none"
    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"


class Stage(models.TextChoices):
    """What a video is made ready in; each stage has its own state and failure."""

    METADATA = "metadata"
    TRANSCRIPT = "transcript"
    SUMMARY = "summary"


class Reason(models.TextChoices):
    """Why a stage failed. `failures.py` says what the user can do about each."""

    BLOCKED = "blocked"
    NO_CAPTIONS = "no_captions"
    LANGUAGE_MISSING = "language_missing"
    AGE_RESTRICTED = "age_restricted"
    PRIVATE = "private"
    NOT_FOUND = "not_found"
    LIVE = "live"
    RATE_LIMITED = "rate_limited"
    UNAVAILABLE = "unavailable"
    AI_FAILED = "ai_failed"


class VideoQuerySet(models.QuerySet["Video"]):
    def move(self, stage: str, *, frm: tuple[str, ...], to: str, **also: Any) -> int:
        """Moves a stage to another state if it is in one of `frm`, and clears or sets its failure.

        Returns how many rows moved: 0 says that somebody else was first.
        """
        changes = {f"{stage}_state": to, f"{stage}_failure": "", f"{stage}_retry_at": None} | also
        return self.filter(**{f"{stage}_state__in": frm}).touch(**changes)

    def for_viewing(self) -> VideoQuerySet:
        """With the shared transcript's row, as `shared`, in one more query however many videos."""
        rows = Transcript.objects.filter(owner=None)
        return self.prefetch_related(models.Prefetch("transcripts", queryset=rows, to_attr="shared"))

    def touch(self, **changes: Any) -> int:
        """An UPDATE that, unlike Django's, moves `updated_at`."""
        return self.update(updated_at=timezone.now(), **changes)


def _state() -> models.CharField[str, str]:
    return models.CharField(max_length=8, choices=State.choices, default=State.NONE)


def _failure() -> models.CharField[str, str]:
    return models.CharField(max_length=16, choices=Reason.choices, blank=True)


class Video(models.Model):
    """A YouTube video, shared by everyone who has notes on it: public facts only."""

    video_id = models.CharField(max_length=11, unique=True)
    title = models.CharField(max_length=500, blank=True)
    metadata = models.JSONField(null=True, blank=True)
    summary = models.TextField(blank=True)
    suggested_questions = models.JSONField(null=True, blank=True)
    summary_provider = models.CharField(max_length=32, blank=True)
    summary_model = models.CharField(max_length=100, blank=True)
    summary_prompt_version = models.CharField(max_length=32, blank=True)

    metadata_state = _state()
    metadata_failure = _failure()
    metadata_retry_at = models.DateTimeField(null=True, blank=True)
    transcript_state = _state()
    transcript_failure = _failure()
    transcript_retry_at = models.DateTimeField(null=True, blank=True)
    summary_state = _state()
    summary_failure = _failure()
    summary_retry_at = models.DateTimeField(null=True, blank=True)

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = VideoQuerySet.as_manager()

    shared: list[Transcript]  # by for_viewing()

    def __str__(self) -> str:
        return self.title or self.video_id

    def state(self, stage: str) -> str:
        return getattr(self, f"{stage}_state")

    def failure(self, stage: str) -> str:
        return getattr(self, f"{stage}_failure")

    def retry_at(self, stage: str) -> datetime | None:
        return getattr(self, f"{stage}_retry_at")

    @property
    def channel(self) -> str:
        return f"video:{self.video_id}"

    @property
    def is_settled(self) -> bool:
        """Nothing more will change by itself: every stage is there or failed for good, or waits for one that did."""
        ended = (State.READY, State.FAILED)
        summary_ended = self.summary_state in ended or self.transcript_state == State.FAILED
        return self.metadata_state in ended and self.transcript_state in ended and summary_ended


class Transcript(models.Model):
    """Where a video's words lie in storage. Without an owner it is everybody's, else that user's alone."""

    class Source(models.TextChoices):
        YOUTUBE = "youtube"
        HELPER = "helper"
        EXTENSION = "extension"
        UPLOAD = "upload"

    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="transcripts")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="transcripts"
    )
    language = models.CharField(max_length=35, blank=True)  # BCP-47; blank: whoever sent it did not say
    source = models.CharField(max_length=16, choices=Source.choices)
    storage_key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)  # SHA-256 of the stored bytes
    segment_count = models.PositiveIntegerField()
    duration_seconds = models.FloatField()  # until the last segment ends
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["video"], condition=Q(owner__isnull=True), name="one_shared_transcript_a_video"
            ),
            models.UniqueConstraint(
                fields=["video", "owner"], name="one_private_transcript_a_video_and_user"
            ),
        ]
        # whether a file is still somebody's, before it is erased
        indexes = [models.Index(fields=["storage_key"], name="transcript_in_storage")]

    def __str__(self) -> str:
        return self.storage_key
