from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.tasks import broker, services, worker
from apps.tasks.kinds import WorkFailed
from apps.tasks.models import Task, TaskState
from tests.factories import TaskFactory

pytestmark = pytest.mark.django_db


def enqueue(*subjects):
    with transaction.atomic():
        services.enqueue(kind="dig", subjects=subjects)


def claim(subject="a", owner="node/boot/1"):
    return services.claim(kind="dig", subject=subject, owner=owner)


def test_what_is_enqueued_waits_and_is_told_after_commit(dig, told, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        enqueue("a", "b")
        assert told == []
    assert told == [("dig", "a"), ("dig", "b")]
    assert list(Task.objects.values_list("subject", "state")) == [("a", "pending"), ("b", "pending")]


def test_what_waits_already_is_not_enqueued_again(dig, told):
    enqueue("a")
    enqueue("a", "b")
    assert sorted(Task.objects.values_list("subject", flat=True)) == ["a", "b"]


def test_the_database_itself_refuses_a_second_live_task(dig):
    TaskFactory(kind="dig", subject="a")
    with pytest.raises(IntegrityError):
        Task.objects.create(kind="dig", subject="a")


def test_what_has_ended_can_be_enqueued_again(dig, told):
    TaskFactory(kind="dig", subject="a", state=TaskState.FAILED)
    enqueue("a")
    assert Task.objects.filter(subject="a", state=TaskState.PENDING).count() == 1


def test_hundreds_at_once_are_left_to_the_sweeper(dig, told, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        enqueue(*(f"s{n}" for n in range(services.TELL_AT_ONCE + 1)))
    assert told == []
    services.sweep()
    assert len(told) == services.TELL_AT_ONCE + 1


def test_a_claim_leases_the_task_to_one(dig, told):
    enqueue("a")
    task = claim(owner="node/boot/1")
    assert task is not None
    assert (task.state, task.attempts, task.lease_owner) == (TaskState.IN_PROGRESS, 1, "node/boot/1")
    assert task.lease_expires_at > timezone.now()
    assert claim(owner="node/boot/2") is None


def test_what_is_not_due_can_not_be_claimed(dig):
    TaskFactory(kind="dig", subject="a", due_at=timezone.now() + timedelta(seconds=9))
    assert claim() is None
    assert services.claim_next(kind="dig", owner="x") is None


def test_the_next_task_is_the_one_due_for_longest(dig):
    now = timezone.now()
    TaskFactory(kind="dig", subject="young", due_at=now - timedelta(seconds=1))
    TaskFactory(kind="dig", subject="old", due_at=now - timedelta(seconds=9))
    TaskFactory(kind="other", subject="older", due_at=now - timedelta(seconds=99))
    claimed = services.claim_next(kind="dig", owner="helper")
    assert (claimed.subject, claimed.state, claimed.attempts) == ("old", TaskState.IN_PROGRESS, 1)


@pytest.mark.parametrize("waiting", [0, 300])
def test_enqueueing_and_claiming_cost_the_same_however_much_waits(dig, told, waiting):
    Task.objects.bulk_create([Task(kind="dig", subject=f"w{n}") for n in range(waiting)])
    with CaptureQueriesContext(connection) as queries:
        services.enqueue(kind="dig", subjects=["a"])
        claim()
        services.claim_next(kind="dig", owner="x")
    writes_and_reads = [
        q for q in queries.captured_queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))
    ]
    assert len(writes_and_reads) <= 6


def test_performing_does_the_work_once_though_told_twice(dig, told):
    enqueue("a")
    services.perform(kind="dig", subject="a", owner="x")
    services.perform(kind="dig", subject="a", owner="x")
    assert dig.done == ["a"]
    task = Task.objects.get()
    assert task.state == TaskState.COMPLETED
    assert task.finished_at is not None
    assert task.lease_expires_at is None


def test_a_failure_that_may_pass_is_put_off_longer_each_time(dig, told):
    enqueue("a")
    dig.fails_with = WorkFailed("tired", "come back", retryable=True)
    waits = []
    while (task := Task.objects.get()).state == TaskState.PENDING:
        Task.objects.update(due_at=timezone.now())
        services.perform(kind="dig", subject="a", owner="x")
        task.refresh_from_db()
        waits.append((task.due_at - timezone.now()).total_seconds())
    assert task.state == TaskState.FAILED
    assert task.attempts == 4
    assert task.last_error == "tired: come back"
    assert dig.failures == [("tired", True)] * 3 + [("tired", False)]
    assert 4 < waits[0] < 8 < waits[1] < 31 < waits[2] < 121


def test_a_final_failure_is_not_tried_again(dig, told):
    enqueue("a")
    dig.fails_with = WorkFailed("gone", retryable=False)
    services.perform(kind="dig", subject="a", owner="x")
    assert Task.objects.get().state == TaskState.FAILED
    assert dig.failures == [("gone", False)]


def test_the_other_side_may_ask_for_a_longer_wait_but_not_for_ever(dig, told):
    enqueue("a")
    dig.fails_with = WorkFailed("busy", retryable=True, retry_after=10**9)
    services.perform(kind="dig", subject="a", owner="x")
    wait = (Task.objects.get().due_at - timezone.now()).total_seconds()
    assert 3590 < wait <= 1.5 * 3600


def test_what_nobody_foresaw_is_logged_and_tried_again(dig, told, caplog):
    enqueue("a")
    dig.fails_with = ZeroDivisionError("oh")
    services.perform(kind="dig", subject="a", owner="x")
    task = Task.objects.get()
    assert task.state == TaskState.PENDING
    assert "ZeroDivisionError" in task.last_error
    assert "unexpected error" in caplog.text


def test_a_result_that_comes_after_the_lease_was_lost_is_dropped(dig, told):
    enqueue("a")
    slow = claim(owner="slow")
    Task.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    services.sweep()
    quick = claim(owner="quick")
    with pytest.raises(services.LeaseLost):
        services.complete(slow)
    assert not services.fail(slow, WorkFailed("late", retryable=False))
    services.complete(quick)
    assert Task.objects.get().state == TaskState.COMPLETED


def test_the_sweeper_tells_what_was_never_told_but_not_over_and_over(dig, told):
    TaskFactory(kind="dig", subject="a", tell_at=timezone.now() - timedelta(seconds=1))
    services.sweep()
    services.sweep()
    assert told == [("dig", "a")]


def overdue(*subjects, kind="dig"):
    long_ago = timezone.now() - timedelta(hours=2)
    for subject in subjects:
        task = TaskFactory(kind=kind, subject=subject, due_at=long_ago, tell_at=long_ago)
        Task.objects.filter(pk=task.pk).update(created_at=long_ago)


@pytest.mark.parametrize("told_before_it_fails", [0, 2])
def test_what_the_broker_did_not_take_is_told_at_the_next_sweep(dig, monkeypatch, told_before_it_fails):
    overdue("a", "b", "c")
    monkeypatch.setattr(broker, "tell", lambda kind, subjects: told_before_it_fails)
    services.sweep()
    assert Task.objects.filter(tell_at__gt=timezone.now()).count() == told_before_it_fails
    heard = []
    monkeypatch.setattr(broker, "tell", lambda kind, subjects: heard.extend(subjects) or len(subjects))
    services.sweep()
    assert len(heard) == 3 - told_before_it_fails


def test_a_retry_made_while_the_sweeper_tells_keeps_its_time(dig, monkeypatch):
    overdue("a")
    soon = timezone.now() + timedelta(seconds=5)

    def tell(kind, subjects):
        Task.objects.update(tell_at=soon)
        return len(subjects)

    monkeypatch.setattr(broker, "tell", tell)
    services.sweep()
    assert Task.objects.get().tell_at == soon


def test_a_kind_that_this_version_does_not_know_stops_nobody(dig, told):
    overdue("x", kind="from the future")
    TaskFactory(
        kind="from the future",
        state=TaskState.IN_PROGRESS,
        lease_expires_at=timezone.now() - timedelta(hours=1),
    )
    overdue("a")
    services.sweep()
    assert told == [("dig", "a")]


def test_one_lease_that_can_not_be_freed_does_not_keep_the_others(dig, told, monkeypatch, caplog):
    enqueue("a", "b")
    claim("a"), claim("b")
    Task.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    lose = services._lose

    def fails_for_a(task):
        if task.subject == "a":
            raise RuntimeError("deadlock")
        lose(task)

    monkeypatch.setattr(services, "_lose", fails_for_a)
    services.sweep()
    assert dict(Task.objects.values_list("subject", "state")) == {"a": "in_progress", "b": "pending"}
    assert "deadlock" in caplog.text


def test_a_clock_that_is_a_little_behind_takes_what_it_is_told_about(dig):
    TaskFactory(kind="dig", subject="a", due_at=timezone.now() + timedelta(seconds=3))
    assert claim() is not None


def test_the_sweeper_lets_a_message_on_its_way_arrive(dig, told):
    enqueue("a")
    services.sweep()
    assert told == []


def test_the_sweeper_frees_what_a_dead_worker_held(dig, told, django_capture_on_commit_callbacks):
    enqueue("a")
    claim()
    Task.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    with django_capture_on_commit_callbacks(execute=True):
        services.sweep()
    assert told == [("dig", "a")]
    assert claim().attempts == 2


def test_work_that_takes_every_worker_with_it_is_given_up(dig, told):
    enqueue("a")
    for _ in range(4):
        assert claim() is not None
        Task.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
        services.sweep()
    task = Task.objects.get()
    assert (task.state, task.attempts) == (TaskState.FAILED, 4)
    assert dig.failures == [("internal", False)]


def test_a_restarted_worker_frees_only_what_its_dead_self_held(dig, told, monkeypatch):
    monkeypatch.setattr(worker, "_node", "mine")
    monkeypatch.setattr(worker, "_boot", "now")
    enqueue("dead", "other")
    claim("dead", owner="mine/before/1")
    claim("other", owner="another/before/1")
    services.free_lost_leases(node="mine", is_alive=worker.is_alive)
    states = dict(Task.objects.values_list("subject", "state"))
    assert states == {"dead": TaskState.PENDING, "other": TaskState.IN_PROGRESS}


def test_a_process_of_this_very_worker_keeps_its_lease(monkeypatch):
    monkeypatch.setattr(worker, "_node", "mine")
    assert worker.is_alive(worker.identity())
    assert not worker.is_alive("mine/another-boot/1")


def test_settling_ends_whatever_is_live(dig, told):
    enqueue("a")
    claim()
    services.settle(kind="dig", subject="a", state=TaskState.CANCELLED)
    assert Task.objects.get().state == TaskState.CANCELLED
    services.settle(kind="dig", subject="nothing")


def test_old_history_is_pruned_and_nothing_else(dig, told):
    long_ago = timezone.now() - timedelta(days=31)
    TaskFactory(kind="dig", state=TaskState.COMPLETED, finished_at=long_ago)
    kept = {
        TaskFactory(kind="dig", state=TaskState.COMPLETED, finished_at=timezone.now()).pk,
        TaskFactory(kind="dig", state=TaskState.PENDING, created_at=long_ago).pk,
    }
    assert services.prune() == 1
    assert set(Task.objects.values_list("pk", flat=True)) == kept
