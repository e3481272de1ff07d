"""Which web pages may read what the API answers: those of the configured origins, also its refusals."""

import pytest
import requests

from tests import factories
from tests.serving import serving

APP = "https://app.example.com"
EXTENSION = "chrome-extension://abcdefghijklmnopabcdefghijklmnop"
FIREFOX = "moz-extension://0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0"
STRANGERS = [
    "https://evil.example.com",
    "http://app.example.com",
    "https://app.example.com:444",
    "https://app.example.com.evil.example",
    "https://x.app.example.com",
    "chrome-extension://ponmlkjihgfedcbaponmlkjihgfedcba",
    "null",
]
STREAM = "/v2/videos/aaaaaaaaaaa/stream"
GUEST = {"X-Guest-Session-ID": "g" * 16}


@pytest.fixture(autouse=True)
def _origins(settings):
    settings.CORS_ALLOWED_ORIGINS = [APP, EXTENSION, FIREFOX]


@pytest.fixture
def url(transactional_db):
    with serving() as url:
        yield url


@pytest.fixture
def ask(url):
    def ask(method, path, origin=APP, **headers):
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return requests.request(
            method, url + path, headers=sent | ({"Origin": origin} if origin else {}), timeout=10
        )

    return ask


@pytest.fixture
def preflight(ask):
    def preflight(path, origin=APP, method="POST", headers="authorization, content-type"):
        asked = {"Access_Control_Request_Method": method, "Access_Control_Request_Headers": headers}
        return ask("OPTIONS", path, origin, **asked)

    return preflight


def cors(answer):
    return {name.lower() for name in answer.headers if name.lower().startswith("access-control-")}


@pytest.mark.parametrize("path", ["/v2/users/me", STREAM])
@pytest.mark.parametrize("origin", [APP, EXTENSION, FIREFOX])
def test_a_page_of_a_configured_origin_can_read_the_answer(ask, path, origin):
    answer = ask("GET", path, origin)
    assert answer.headers["Access-Control-Allow-Origin"] == origin
    assert answer.headers["Access-Control-Expose-Headers"] == "Content-Disposition, Retry-After, X-Request-ID"
    assert answer.headers["Vary"].lower().count("origin") == 1


@pytest.mark.parametrize("path", ["/v2/users/me", STREAM])
@pytest.mark.parametrize("origin", [*STRANGERS, None])
def test_no_other_page_can_and_a_cache_is_told_that_it_depends(ask, path, origin):
    answer = ask("GET", path, origin)
    assert cors(answer) == set()
    assert "origin" in answer.headers["Vary"].lower()


@pytest.mark.parametrize("path", ["/v2/auth/login", "/v2/videos", "/v2/notes/1", STREAM])
def test_a_preflight_says_what_may_be_sent_and_is_kept(preflight, path):
    answer = preflight(path)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == APP
    assert set(answer.headers["Access-Control-Allow-Headers"].split(", ")) == {
        "authorization",
        "content-type",
        "idempotency-key",
        "last-event-id",
        "x-guest-session-id",
        "x-request-id",
    }
    methods = set(answer.headers["Access-Control-Allow-Methods"].split(", "))
    assert methods >= {"GET", "POST", "PUT", "PATCH", "DELETE"}
    assert int(answer.headers["Access-Control-Max-Age"]) >= 600
    assert answer.headers["X-Request-ID"]


@pytest.mark.parametrize("origin", STRANGERS)
def test_a_strangers_preflight_is_not_granted(preflight, origin):
    assert cors(preflight("/v2/auth/login", origin)) == set()


def test_nothing_is_ever_granted_with_credentials_or_to_all(ask, preflight):
    answers = [ask("GET", "/v2/users/me"), ask("GET", STREAM), preflight("/v2/users/me"), preflight(STREAM)]
    assert {answer.headers["Access-Control-Allow-Origin"] for answer in answers} == {APP}
    assert [cors(answer) & {"access-control-allow-credentials"} for answer in answers] == [set()] * 4


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/health",
        "/admin/login/",
        "/static/vidwiz/home.css",
        "/v2/internal/metrics",
        "/v2/internal/tasks",
        "/v2/internal",
        "/v2/%69nternal/metrics",
    ],
)
def test_outside_the_public_api_nothing_is_granted(ask, preflight, path):
    assert cors(ask("GET", path)) | cors(preflight(path)) == set()


def test_with_no_origin_configured_nothing_is_granted(ask, settings):
    settings.CORS_ALLOWED_ORIGINS = []
    assert cors(ask("GET", "/v2/users/me")) == set()


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("POST", "/v2/auth/login", {"Host": "evil.example.com"}, 400),
        ("GET", "/v2/users/me", {}, 401),
        ("GET", "/v2/users/me", {"Authorization": "Bearer bad"}, 401),
        ("GET", "/v2/nothing", {}, 404),
        ("DELETE", "/v2/auth/login", {}, 405),
        ("POST", "/v2/auth/login", {"Content_Length": "2000000"}, 413),
        ("POST", "/v2/auth/login", {}, 422),
        ("GET", STREAM, {}, 401),
        ("GET", STREAM, GUEST, 404),
        ("GET", "/v2/videos/nonsense/stream", GUEST, 422),
    ],
)
def test_a_web_client_can_read_why_it_was_refused(ask, method, path, headers, status):
    answer = ask(method, path, **headers)
    assert answer.status_code == status
    assert answer.json()["error"]["message"]
    assert answer.headers["Access-Control-Allow-Origin"] == APP


def test_also_that_it_asked_too_often(ask, settings):
    settings.RATE_LIMIT_ENABLED = True
    tries = (ask("POST", "/v2/auth/login") for _ in range(40))
    refused = next(answer for answer in tries if answer.status_code == 429)
    assert refused.headers["Access-Control-Allow-Origin"] == APP
    assert "Retry-After" in refused.headers
    assert "Retry-After" in refused.headers["Access-Control-Expose-Headers"]


def test_also_that_the_server_failed(alices, monkeypatch):
    from apps.notes import selectors

    monkeypatch.setattr(selectors, "noted_videos", None)
    alices.raise_request_exception = False
    answer = alices.get("/v2/videos", headers={"Origin": APP})
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (500, APP)


def test_a_stream_can_be_read(url):
    video = factories.VideoFactory()
    path = f"{url}/v2/videos/{video.video_id}/stream"
    with requests.get(path, headers=GUEST | {"Origin": APP}, stream=True, timeout=10) as answer:
        assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, APP)
