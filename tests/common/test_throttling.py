"""What callers notice of the limits."""

import pytest
import requests
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.exceptions import Throttled

from apps.videos import services
from tests.conftest import VIDEO_ID, tokens_of
from tests.serving import Stream, serving
from vidwiz.common import error_answers
from vidwiz.common.limits import Limited

ME = "/v2/users/me"
BAD = {"HTTP_AUTHORIZATION": "Bearer bad"}
GUEST = {"X-Guest-Session-ID": "guest-session-0123456789"}


def statuses(client, path, times, **headers):
    return [client.get(path, **headers).status_code for _ in range(times)]


def sign_in(client, **headers):
    return client.post("/v2/auth/login", {"email": "a@example.com", "password": "b"}, **headers).status_code


def test_an_account_is_limited_wherever_it_calls_from(rates, alices):
    rates(account="2/minute")
    answers = [alices.get(ME, REMOTE_ADDR=f"192.0.2.{n}") for n in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    error = answers[-1].json()["error"]
    assert error["code"] == "RATE_LIMIT_EXCEEDED"
    assert error["details"] == {"reset_in_seconds": int(answers[-1]["Retry-After"])}
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60


def test_accounts_behind_one_address_do_not_limit_each_other(rates, alices, bobs, anonymous):
    rates(account="2/minute", address="2/minute")
    assert statuses(alices, ME, 3) == [200, 200, 429]
    assert statuses(anonymous, ME, 3) == [401, 401, 429]
    assert statuses(bobs, ME, 2) == [200, 200]


def test_guests_are_limited_by_address_however_many_sessions_they_make_up(rates, anonymous):
    rates(address="2/minute")
    path = f"/v2/videos/{VIDEO_ID}"
    sessions = [{"HTTP_X_GUEST_SESSION_ID": f"guest-session-012345678{n}"} for n in range(3)]
    assert [anonymous.get(path, **session).status_code for session in sessions] == [404, 404, 429]
    assert anonymous.get(path, REMOTE_ADDR="192.0.2.7", **sessions[0]).status_code == 404


def test_bad_credentials_are_counted_by_address_and_do_not_keep_a_good_one_out(rates, anonymous, alices):
    rates(address="2/minute")
    assert statuses(anonymous, ME, 3, **BAD) == [401, 401, 429]
    assert anonymous.get(ME, **BAD)["Retry-After"]
    assert statuses(alices, ME, 1) == [200]


def test_a_wrong_password_is_one_call(rates, anonymous):
    rates(address="3/minute")
    assert [sign_in(anonymous) for _ in range(4)] == [401, 401, 401, 429]


def test_a_call_with_a_limit_of_its_own_has_that_besides_the_general_one(rates, anonymous):
    rates(login="2/minute", address="4/minute")
    assert [sign_in(anonymous) for _ in range(3)] == [401, 401, 429]
    assert statuses(anonymous, ME, 2) == [401, 429]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "answers"),
    [
        (0, "203.0.113.{n}", [401, 401, 429, 429]),
        (1, "203.0.113.{n}, 192.0.2.1", [401, 401, 429, 429]),
        (1, "192.0.2.1, 203.0.113.{n}", [401, 401, 401, 401]),
        (2, "203.0.113.{n}, 192.0.2.1, 10.0.0.1", [401, 401, 429, 429]),
    ],
)
def test_a_forged_address_changes_nothing(rates, settings, anonymous, proxies, forwarded, answers):
    rates(login="2/minute")
    settings.TRUSTED_PROXY_COUNT = proxies
    sent = [forwarded.format(n=n) for n in range(4)]
    assert [sign_in(anonymous, HTTP_X_FORWARDED_FOR=line) for line in sent] == answers


def test_the_internal_api_is_exempt(rates, helper, anonymous):
    rates(address="1/minute", account="1/minute")
    for path in ("metrics", f"videos/{VIDEO_ID}", f"videos/{VIDEO_ID}/ai-notes"):
        assert 429 not in statuses(helper, f"/v2/internal/{path}", 3)
        assert statuses(anonymous, f"/v2/internal/{path}", 3) == [401] * 3
    assert statuses(anonymous, ME, 2) == [401, 429]


def test_health_is_asked_as_often_as_one_likes(rates, anonymous):
    rates(address="1/minute")
    assert statuses(anonymous, "/health", 3) == [200] * 3


def test_a_call_costs_one_query_more(rates, alices):
    with CaptureQueriesContext(connection) as queries:
        alices.get(ME)
    assert [query["sql"] for query in queries if "limitcount" in query["sql"]] == [queries[1]["sql"]]


def test_what_a_service_raises_and_what_a_throttle_raises_answer_alike():
    by_service = error_answers.handle(Limited(7), {})
    by_throttle = error_answers.handle(Throttled(wait=6.2), {})
    assert by_service.data == by_throttle.data
    assert by_service.data["error"]["details"] == {"reset_in_seconds": 7}
    assert by_service["Retry-After"] == by_throttle["Retry-After"] == "7"


# --- Outside Django


@pytest.fixture
def url(transactional_db, told):
    services.ensure_video(video_id=VIDEO_ID)
    with serving() as url:
        yield url


def opened(url, headers):
    """The status with which the stream opens; closed at once."""
    stream = Stream(f"{url}/v2/videos/{VIDEO_ID}/stream", headers)
    status = stream.response.status
    stream.close()
    return status


def test_a_stream_is_a_call_of_its_account(rates, url, alice, bob):
    rates(account="2/minute")
    alices, bobs = ({"Authorization": f"Bearer {tokens_of(user).access}"} for user in (alice, bob))
    assert requests.get(url + ME, headers=alices, timeout=10).status_code == 200
    assert [opened(url, alices) for _ in range(2)] == [200, 429]
    assert requests.get(url + ME, headers=alices, timeout=10).status_code == 429
    assert opened(url, bobs) == 200


def test_a_stream_is_a_call_of_a_guests_address_and_so_is_a_bad_credential(rates, url):
    rates(address="3/minute")
    assert opened(url, GUEST) == 200
    assert opened(url, {"Authorization": "Bearer bad"}) == 401
    assert opened(url, {"X-Guest-Session-ID": "short"}) == 401
    limited = Stream(f"{url}/v2/videos/{VIDEO_ID}/stream", GUEST)
    assert limited.response.status == 429
    error = limited.json()["error"]
    assert error["code"] == "RATE_LIMIT_EXCEEDED"
    assert error["details"] == {"reset_in_seconds": int(limited.response.headers["Retry-After"])}
    limited.close()


def test_a_forged_address_changes_nothing_for_a_stream(rates, settings, url):
    rates(address="2/minute")
    settings.TRUSTED_PROXY_COUNT = 1
    forged = [GUEST | {"X-Forwarded-For": f"203.0.113.{n}, 192.0.2.1"} for n in range(3)]
    assert [opened(url, headers) for headers in forged] == [200, 200, 429]
    assert opened(url, GUEST | {"X-Forwarded-For": "192.0.2.2"}) == 200


def test_the_long_poll_is_exempt(rates, settings, url):
    rates(address="1/minute")
    settings.ADMIN_TOKEN = "the-admin-token-of-the-tests-0123456789"
    headers = {"Authorization": f"Bearer {settings.ADMIN_TOKEN}"}
    asked = [
        requests.get(f"{url}/v2/internal/tasks?type=summary", headers=headers, timeout=10) for _ in range(3)
    ]
    assert [answer.status_code for answer in asked] == [400] * 3
