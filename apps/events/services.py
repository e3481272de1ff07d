from datetime import timedelta

from django.utils import timezone

from apps.events.models import Event

# Whoever was away for longer reads the present state, not what happened meanwhile.
KEPT = timedelta(days=1)
BATCH = 1000


def record(*, channel: str, type: str, **payload: object) -> None:
    """Call it in the transaction that makes the change. `payload` names rows, it does not copy them."""
    Event.objects.create(channel=channel, type=type, payload=payload)


def prune() -> None:
    """Deletes old events, a batch at a time."""
    before = timezone.now() - KEPT
    while ids := list(Event.objects.filter(created_at__lt=before).values_list("pk", flat=True)[:BATCH]):
        Event.objects.filter(pk__in=ids).delete()


def forget(*, channel: str) -> None:
    """Nobody will ask for what happened there again."""
    Event.objects.filter(channel=channel).delete()
