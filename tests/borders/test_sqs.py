"""The ledger told and worked over SQS, over real HTTP."""

import socket
import threading
import time

import boto3
import pytest
from celery.contrib.testing.worker import start_worker

from apps.notes.models import AIState, Note
from apps.tasks import broker
from apps.tasks import services as tasks
from apps.tasks.models import Task, TaskState
from apps.videos import services as videos
from tests.conftest import VIDEO_ID
from vidwiz.celery import app, transport_options


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def sqs(credentials, monkeypatch):
    """Celery on SQS as production has it, with short polls so that the end of a test need not wait for them."""
    options = transport_options("sqs://") | {"wait_time_seconds": 1, "region": "us-east-1"}
    monkeypatch.setitem(app.conf, "broker_url", "sqs://")
    monkeypatch.setitem(app.conf, "broker_write_url", "sqs://")
    monkeypatch.setitem(app.conf, "broker_read_url", "sqs://")
    monkeypatch.setitem(app.conf, "broker_transport_options", options)
    _forget_connections()
    yield boto3.client("sqs")
    _forget_connections()


def _forget_connections():
    from kombu import pools

    pools.reset()
    app._pool = None
    app.amqp._producer_pool = None


def until(true, seconds=20):
    tick, end = threading.Event(), time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came true"
        tick.wait(0.05)


@pytest.mark.django_db(transaction=True)
def test_a_note_is_filled_by_a_worker_on_sqs(sqs, alices, segments):
    alices.post(f"/v2/videos/{VIDEO_ID}/notes", {"timestamp": "1:00"})
    videos.store_transcript(video_id=VIDEO_ID, what=segments, language="en", source="youtube")
    with start_worker(app, pool="threads", concurrency=2, perform_ping_check=False, loglevel="ERROR"):
        until(lambda: Note.objects.get().ai_state == AIState.READY)
        until(lambda: Task.objects.get(kind="ai_summary").state == TaskState.COMPLETED)
    assert Task.objects.get(kind="ai_note").attempts == 1
    queues = {url.rsplit("/", 1)[1] for url in sqs.list_queues()["QueueUrls"]}
    assert queues == {"vidwiz-default", "vidwiz-fetch", "vidwiz-ai"}


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_costs_a_note_nothing_and_the_sweeper_tells_later(
    sqs, alices, segments, monkeypatch, caplog, aws
):
    videos.store_transcript(video_id=VIDEO_ID, what=segments, language="en", source="youtube")
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    _forget_connections()
    response = alices.post(f"/v2/videos/{VIDEO_ID}/notes", {"timestamp": "1:00"})
    assert response.status_code == 201
    assert "the sweeper will" in caplog.text

    monkeypatch.setenv("AWS_ENDPOINT_URL", aws)
    monkeypatch.setattr(broker, "_silent_until", 0.0)
    _forget_connections()
    Task.objects.filter(kind="ai_note").update(tell_at=Task.objects.get(kind="ai_note").created_at)
    tasks.sweep()
    with start_worker(app, pool="threads", concurrency=2, perform_ping_check=False, loglevel="ERROR"):
        until(lambda: Note.objects.get().ai_state == AIState.READY)
