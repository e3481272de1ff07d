"""The helpers' long poll over a real server."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from apps.tasks.models import Task, TaskState
from apps.videos import services
from tests.conftest import VIDEO_ID

TOKEN = "the-admin-token-of-the-tests-0123456789"


@pytest.fixture(autouse=True)
def _token(settings):
    settings.ADMIN_TOKEN = TOKEN


@pytest.fixture
def poll(server, told):
    def ask(type="transcript", timeout="0", token=TOKEN):
        return requests.get(
            f"{server}/v2/internal/tasks",
            params={"type": type, "timeout": timeout},
            headers={"Authorization": f"Bearer {token}"} if token else {},
            timeout=20,
        )

    return ask


def test_a_task_is_handed_out_as_the_contract_says(poll):
    services.ensure_video(video_id=VIDEO_ID)
    response = poll()
    task = Task.objects.get(kind="fetch_transcript")
    assert response.status_code == 200
    answer = response.json()
    assert answer.pop("message")
    assert answer == {
        "task_id": task.pk,
        "task_type": "fetch_transcript",
        "task_details": {"video_id": VIDEO_ID},
        "retry_count": 0,
    }
    assert task.state == TaskState.IN_PROGRESS
    assert (task.lease_expires_at - task.created_at).total_seconds() > 119


def test_nothing_to_do_is_204_at_the_timeout(poll):
    response = poll()
    assert (response.status_code, response.content) == (204, b"")


def test_each_type_gets_its_own_kind(poll):
    services.ensure_video(video_id=VIDEO_ID)
    assert poll("metadata").json()["task_type"] == "fetch_metadata"
    assert poll("metadata").status_code == 204


def test_one_task_goes_to_one_of_many_helpers(poll):
    services.ensure_video(video_id=VIDEO_ID)
    together = threading.Barrier(6)

    def ask(_):
        together.wait()
        return poll().status_code

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(ask, range(6))) == [200, 204, 204, 204, 204, 204]


def test_a_helper_that_waits_gets_what_comes(poll):
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(poll, "transcript", "15")
        services.ensure_video(video_id=VIDEO_ID)
        assert waiting.result(20).json()["task_details"] == {"video_id": VIDEO_ID}


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"type": "summary"}, 400),
        ({"type": ""}, 400),
        ({"timeout": "61"}, 422),
        ({"timeout": "-1"}, 422),
        ({"timeout": "soon"}, 422),
        ({"token": ""}, 401),
        ({"token": "wrong"}, 403),
    ],
)
def test_what_is_refused_is_refused_in_the_apis_shape(poll, asked, status):
    response = poll(**asked)
    assert response.status_code == status
    assert set(response.json()["error"]) == {"code", "message", "details"}


def test_asking_for_the_headers_alone_claims_nothing(server, poll):
    services.ensure_video(video_id=VIDEO_ID)
    url = f"{server}/v2/internal/tasks?type=transcript&timeout=0"
    response = requests.head(url, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=5)
    assert (response.status_code, response.headers["Allow"]) == (405, "GET")
    assert Task.objects.get(kind="fetch_transcript").state == TaskState.PENDING


def test_without_an_admin_token_the_internal_api_is_off(poll, settings):
    settings.ADMIN_TOKEN = ""
    assert poll().status_code == 503
