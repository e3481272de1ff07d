"""Many clients at the same moment, over a real server, on whichever database the tests run on."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from django.db import close_old_connections, connection

from apps.notes.models import Note
from apps.tasks import services as tasks
from apps.tasks.kinds import WorkFailed
from apps.tasks.models import Task
from apps.videos import services as videos
from apps.videos.models import State, Video
from tests import factories
from tests.conftest import tokens_of
from tests.serving import serving

CLIENTS = 8


@pytest.fixture
def url(transactional_db):
    with serving() as url:
        yield url


def at_once(do, count=CLIENTS):
    """What `do(0)` … `do(count - 1)` answer, begun at the same moment."""
    together = threading.Barrier(count)

    def one(n):
        together.wait()
        return do(n)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


@pytest.mark.parametrize("same_video", [True, False], ids=["the same video", "a video each"])
def test_notes_on_new_videos_at_once_make_one_video_and_one_task_a_kind(url, same_video):
    tokens = [tokens_of(factories.UserFactory()).access for _ in range(CLIENTS)]

    def catch(n):
        statuses = []
        for turn in range(5):
            video_id = f"new{turn:08d}" if same_video else f"n{n}w{turn:08d}"
            response = requests.post(
                f"{url}/v2/videos/{video_id}/notes",
                json={"timestamp": "0:10"},
                headers={"Authorization": f"Bearer {tokens[n]}"},
                timeout=30,
            )
            statuses.append(response.status_code)
        return statuses

    assert at_once(catch) == [[201] * 5] * CLIENTS
    expected = 5 if same_video else 5 * CLIENTS
    assert Video.objects.count() == expected
    assert Note.objects.count() == 5 * CLIENTS
    assert Task.objects.filter(kind="fetch_transcript").count() == expected
    assert Task.objects.filter(kind="fetch_metadata").count() == expected


def test_a_transcript_handed_in_while_its_fetch_fails_deadlocks_nobody(transactional_db, told, segments):
    def hand_in_or_fail(n):
        try:
            for turn in range(20):
                video_id = f"new{turn:08d}"
                if n % 2:
                    videos.store_transcript(video_id=video_id, what=segments, language="en", source="helper")
                else:
                    videos.ensure_video(video_id=video_id)
                    task = tasks.claim(kind="fetch_transcript", subject=video_id, owner=f"worker/{n}")
                    if task:
                        tasks.fail(task, WorkFailed("blocked", retryable=True))
        finally:
            connection.close()

    at_once(hand_in_or_fail, 4)
    assert Video.objects.filter(transcript_state=State.READY).count() == 20


def test_one_address_registered_at_once_is_taken_once(url):
    person = {"email": "ann@example.com", "name": "Ann", "password": "correct-horse-battery"}
    statuses = at_once(
        lambda n: requests.post(f"{url}/v2/auth/register", json=person, timeout=30).status_code
    )
    assert sorted(statuses) == [201] + [409] * (CLIENTS - 1)


def test_a_note_caught_while_its_transcript_arrives_is_never_forgotten(url, segments):
    user = factories.UserFactory()
    headers = {"Authorization": f"Bearer {tokens_of(user).access}"}

    def catch_or_arrive(n):
        for turn in range(5):
            video_id = f"new{turn:08d}"
            if n == 0:
                videos.store_transcript(video_id=video_id, what=segments, language="en", source="youtube")
                close_old_connections()
            else:
                path = f"{url}/v2/videos/{video_id}/notes"
                requests.post(path, json={"timestamp": "0:10"}, headers=headers, timeout=30)
        close_old_connections()

    at_once(catch_or_arrive, 4)
    assert Video.objects.filter(transcript_state=State.READY).count() == 5
    noted = {str(pk) for pk in Note.objects.values_list("pk", flat=True)}
    assert len(noted) == 15
    assert set(Task.objects.filter(kind="ai_note").values_list("subject", flat=True)) == noted
