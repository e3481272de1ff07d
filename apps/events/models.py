from django.db import models


class Event(models.Model):
    """Something changed. Written in the transaction that changes it, delivered by `apps.events.feed`.

    `payload` names rows, it does not copy them: who reads it looks the row up and sees what it may see.
    """

    channel = models.CharField(max_length=80)  # "video:<youtube id>", "notes:<user id>"
    type = models.CharField(max_length=32)  # "video.updated", "note.created", "note.updated", "note.deleted"
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="event_age")]  # pruning

    def __str__(self) -> str:
        return f"{self.type} on {self.channel}"
