"""What Celery runs. Messages carry a kind and an id, nothing else."""

from celery import shared_task

from apps.tasks import services, worker


@shared_task(name="tasks.perform")
def perform(kind: str, subject: str) -> None:
    services.perform(kind=kind, subject=subject, owner=worker.identity())


@shared_task(name="tasks.sweep")
def sweep() -> None:
    services.sweep()


@shared_task(name="tasks.prune")
def prune() -> None:
    services.prune()
