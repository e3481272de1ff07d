from celery import shared_task

from apps.accounts import sign_ins


@shared_task(name="accounts.prune")
def prune() -> None:
    sign_ins.prune()
