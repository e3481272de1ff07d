"""The worker and its clock. Each setting that is not Celery's default has its reason beside it."""

import os
from typing import Any

from celery import Celery, signals
from kombu import Queue
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vidwiz.settings")

from django.conf import settings

TRANSPORT_ALIASES["filesystem"] = "vidwiz.broker:Transport"

app = Celery("vidwiz")
app.autodiscover_tasks()


def transport_options(broker_url: str) -> dict[str, Any]:
    if broker_url.startswith("filesystem:"):
        folder = settings.DATA_DIR / "broker"
        for name in ("messages", "control"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        return {
            "data_folder_in": str(folder / "messages"),
            "data_folder_out": str(folder / "messages"),
            "control_folder": str(folder / "control"),
            "polling_interval": 0.1,  # seconds that a message may lie before it is found
        }
    if broker_url.startswith("sqs:"):
        return {
            "queue_name_prefix": "vidwiz-",
            "wait_time_seconds": 10,  # long polls: fewer requests, and a message still arrives at once
            "polling_interval": 0,
            # boto's own, minutes of retries, would be waited for by a request
            "client-config": {"connect_timeout": 2, "read_timeout": 2, "retries": {"total_max_attempts": 1}},
            # longer than the longest lease, so that nothing is received twice in time
            "visibility_timeout": int(3 * settings.AI_TIMEOUT_SECONDS) + 120,
        }
    return {}


app.conf.update(
    broker_url=settings.CELERY_BROKER_URL,
    broker_transport_options=transport_options(settings.CELERY_BROKER_URL),
    broker_connection_timeout=3,  # a request tells the broker after commit, and must not hang on it
    broker_connection_retry_on_startup=True,
    task_default_queue="default",  # the sweeper's; each kind of work names its own
    task_queues=[Queue(name) for name in ("default", "fetch", "ai")],
    task_ignore_result=True,  # results are rows in the database
    task_acks_late=True,  # a worker that dies has not eaten the message
    task_reject_on_worker_lost=True,
    task_serializer="json",
    accept_content=["json"],
    worker_prefetch_multiplier=1,  # a message waits in the broker, where every worker can take it
    worker_enable_remote_control=False,  # its mailboxes cost polls, on SQS money; nothing uses them
    worker_send_task_events=False,
    beat_max_loop_interval=5,
    beat_schedule_filename=str(settings.DATA_DIR / "beat"),
    beat_schedule={
        # `expires`: a worker that was away for an hour sweeps a few times, not seven hundred
        "sweep": {"task": "tasks.sweep", "schedule": 5.0, "options": {"expires": 60}},
        "prune tasks": {"task": "tasks.prune", "schedule": 3600.0, "options": {"expires": 3600}},
        "prune events": {"task": "events.prune", "schedule": 3600.0, "options": {"expires": 3600}},
        "prune accounts": {"task": "accounts.prune", "schedule": 3600.0, "options": {"expires": 3600}},
        "prune limits": {"task": "limits.prune", "schedule": 3600.0, "options": {"expires": 3600}},
    },
)


@signals.celeryd_init.connect
def _read_for_longer(**kwargs: object) -> None:
    """A worker's long polls take wait_time_seconds to be answered; nobody waits for a worker."""
    options = app.conf.broker_transport_options
    if "client-config" in options:
        options["client-config"]["read_timeout"] = options["wait_time_seconds"] + 5


@signals.setup_logging.connect
def _keep_django_logging(**kwargs: object) -> None:
    """Being connected is enough: Celery then leaves logging to the settings."""
