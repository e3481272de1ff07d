from celery import shared_task

from apps.events import services


@shared_task(name="events.prune")
def prune() -> None:
    services.prune()
