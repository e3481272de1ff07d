from celery import shared_task

from vidwiz.common import limits


@shared_task(name="limits.prune")
def prune_limits() -> None:
    limits.prune()
