from django.db import models
from django.db.models import Q
from django.utils import timezone


class TaskState(models.TextChoices):
    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


LIVE = (TaskState.PENDING, TaskState.IN_PROGRESS)


class Task(models.Model):
    """A piece of work that is owed. The row is the truth; a broker's message only says: look here."""

    kind = models.CharField(max_length=32)  # registered in apps.tasks.kinds
    subject = models.CharField(max_length=64)  # the id that the work is about, as its kind understands it
    state = models.CharField(max_length=16, choices=TaskState.choices, default=TaskState.PENDING)
    attempts = models.PositiveSmallIntegerField(
        default=0
    )  # claims so far; also tells one claim from the next
    due_at = models.DateTimeField(default=timezone.now)  # not to be claimed before
    tell_at = models.DateTimeField(default=timezone.now)  # when the sweeper tells the broker (again)
    lease_owner = models.CharField(max_length=255, blank=True)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # Enqueueing what already waits does nothing.
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=Q(state__in=LIVE),
                name="one_live_task_a_kind_and_subject",
            ),
            models.CheckConstraint(
                condition=~Q(state=TaskState.IN_PROGRESS) | Q(lease_expires_at__isnull=False),
                name="task_in_progress_has_a_lease",
            ),
        ]
        # The state leads, as a column: SQLite can't use a partial index for a state that is a parameter.
        indexes = [
            # claim; staff: all that was ever done about a video or a note
            models.Index(fields=["subject", "kind"], name="task_of_subject"),
            # claim_next: the oldest due task of a kind
            models.Index(fields=["state", "kind", "due_at"], name="task_due"),
            # sweep: never told, or told and lost
            models.Index(fields=["state", "tell_at"], name="task_to_tell"),
            # sweep and free_lost_leases: the few that are being worked on
            models.Index(fields=["state", "lease_expires_at"], name="task_lease"),
            # prune
            models.Index(
                fields=["finished_at"], condition=Q(finished_at__isnull=False), name="task_finished"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} ({self.state})"
