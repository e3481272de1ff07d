"""The headers of every kind of answer, under either server; what production adds; and pages that need no exception."""

import json
import re
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
import requests

from tests import factories
from tests.inline import inline
from tests.project.test_settings import GOOD, start
from tests.serving import serving

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
STREAM = "/v2/videos/aaaaaaaaaaa/stream"
GUEST = {"X-Guest-Session-ID": "g" * 16}


def policy(answer):
    return dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))


def of_all(answer):
    return {name: answer.headers.get(name) for name in HEADERS}


@pytest.fixture
def url(transactional_db):
    with serving() as url:
        yield url


ANSWERS = [
    ("GET", "/", {}, 200),
    ("GET", "/health", {}, 200),
    ("POST", "/health", {}, 405),
    ("GET", "/nothing", {}, 404),
    ("GET", "/admin/", {}, 302),
    ("GET", "/admin/login/", {}, 200),
    ("POST", "/admin/login/", {}, 403),
    ("GET", "/static/vidwiz/home.css", {}, 200),
    ("HEAD", "/static/vidwiz/home.css", {}, 200),
    ("GET", "/static/nothing.css", {}, 404),
    ("GET", "/v2/docs", {}, 200),
    ("GET", "/v2/docs?script=", {}, 200),
    ("GET", "/v2/openapi.json", {}, 200),
    ("GET", "/v2/nothing", {}, 404),
    ("GET", "/v2/users/me", {}, 401),
    ("DELETE", "/v2/auth/login", {}, 405),
    ("GET", "/v2/internal/metrics", {"Authorization": "Bearer wrong"}, 403),
    ("GET", "/health", {"Host": "evil.example.com"}, 400),
]
# What is answered in front of Django.
IN_FRONT = [
    ("GET", STREAM, {}, 401),
    ("GET", STREAM, GUEST, 404),
    ("HEAD", STREAM, GUEST, 405),
    ("POST", STREAM, GUEST, 405),
    ("GET", STREAM, {"Host": "evil.example.com"}, 400),
    ("GET", "/v2/internal/tasks", {"Authorization": "Bearer wrong"}, 403),
    ("POST", "/v2/auth/login", {"Content-Length": "2000000"}, 413),
    ("POST", "/admin/login/", {"Content-Length": "2000000"}, 413),
    ("GET", "/v2/a%0Ab", {}, 404),
]


@pytest.mark.parametrize(("method", "path", "headers", "status"), ANSWERS + IN_FRONT)
def test_every_answer_carries_the_same_headers(url, method, path, headers, status):
    answer = requests.request(method, url + path, headers=headers, allow_redirects=False, timeout=10)
    assert answer.status_code == status
    assert of_all(answer) == HEADERS
    assert policy(answer) == POLICY
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["X-Request-ID"])


@pytest.mark.parametrize(("method", "path", "headers", "status"), ANSWERS)
def test_under_wsgi_too(db, client, method, path, headers, status):
    client.handler.enforce_csrf_checks = True
    answer = client.generic(method, path, headers=headers)
    assert answer.status_code == status
    assert of_all(answer) == HEADERS
    assert policy(answer) == POLICY


def test_a_stream_carries_them_too(url):
    video = factories.VideoFactory()
    with requests.get(
        f"{url}/v2/videos/{video.video_id}/stream", headers=GUEST, stream=True, timeout=10
    ) as answer:
        assert answer.status_code == 200
        assert of_all(answer) == HEADERS
        assert policy(answer) == POLICY
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_server_that_fails_carries_them_too(alices, monkeypatch):
    from apps.notes import selectors

    monkeypatch.setattr(selectors, "noted_videos", None)
    alices.raise_request_exception = False
    answer = alices.get("/v2/videos")
    assert answer.status_code == 500
    assert of_all(answer) == HEADERS
    assert policy(answer) == POLICY


@pytest.mark.parametrize("path", ["/v2/users/me", "/v2/videos", "/v2/auth/login", "/v2/nothing", STREAM])
def test_nothing_of_the_api_is_kept_in_a_cache(url, path):
    assert requests.get(url + path, timeout=10).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/v2/docs", "/admin/login/"])
def test_pages_have_no_style_and_no_script_in_them(client, db, path):
    assert inline(client.get(path).text) == []


# --- Static files


def test_a_static_file_is_kept_and_asked_for_again_only_if_it_changed(url):
    first = requests.get(f"{url}/static/vidwiz/home.css", timeout=10)
    assert first.headers["Cache-Control"] == "max-age=60, public"
    assert first.headers["Content-Type"] == 'text/css; charset="utf-8"'
    again = {"If-None-Match": first.headers["ETag"]}
    second = requests.get(f"{url}/static/vidwiz/home.css", headers=again, timeout=10)
    assert (second.status_code, second.content) == (304, b"")
    assert "Content-Type" not in second.headers


def test_a_part_of_a_static_file_can_be_had(url):
    whole = requests.get(f"{url}/static/vidwiz/home.css", timeout=10).content
    part = requests.get(f"{url}/static/vidwiz/home.css", headers={"Range": "bytes=5-9"}, timeout=10)
    assert (part.status_code, part.content) == (206, whole[5:10])


def test_a_static_file_has_django_warn_of_nothing(url, recwarn):
    assert requests.get(f"{url}/static/admin/css/base.css", timeout=10).status_code == 200
    assert [str(warning.message) for warning in recwarn] == []


# --- Production, each setup in a process of its own

ASK = """
import json, re, requests
from django.core.management import call_command
from apps.accounts.models import User
from tests.serving import serving
call_command("prepare")
User.objects.create_superuser(email="root@example.com", password="correct horse battery")
host = {"Host": "vidwiz.example.com"}
https = host | {"X-Forwarded-Proto": "https"}
answers = {}
def ask(name, method, path, headers, **more):
    answer = requests.request(method, url + path, headers=headers, allow_redirects=False, timeout=10, **more)
    answers[name] = {"status": answer.status_code, "headers": {k.lower(): v for k, v in answer.headers.items()}}
    return answer
with serving() as url:
    for path in ("/", "/health", "/ready", "/v2/users/me", "/v2/videos/aaaaaaaaaaa/stream?x=1", "/v2/internal/tasks"):
        ask("http " + path, "GET", path, host)
        page = ask("https " + path, "GET", path, https)
        if path == "/" and page.status_code == 200:
            ask("static", "GET", re.search('href="(/static/[^"]+)"', page.text)[1], https | {"Accept-Encoding": "gzip"})
    form = ask("form", "GET", "/admin/login/", https)
    if form.status_code == 200:
        token = re.search('csrfmiddlewaretoken" value="([^"]+)"', form.text)[1]
        sent = {"username": "root@example.com", "password": "correct horse battery", "csrfmiddlewaretoken": token}
        cookie = "csrftoken=" + form.cookies["csrftoken"]
        to = https | {"Cookie": cookie, "Referer": "https://vidwiz.example.com/admin/login/"}
        ask("signed in", "POST", "/admin/login/", to, data=sent)
print(json.dumps(answers))
"""


@pytest.fixture(scope="module")
def production(tmp_path_factory):
    """What a production server answers: behind a proxy of its owner, and with none."""
    answers = {}
    setup = GOOD | {"STATIC_ROOT": str(tmp_path_factory.mktemp("static"))}
    for proxies in ("1", "0"):
        path = tmp_path_factory.mktemp("production")
        (path / "data").mkdir()
        if not answers:
            assert start(path, "collectstatic", "--no-input", **setup).returncode == 0
        done = start(path, "shell", "--no-imports", "-c", ASK, **setup | {"TRUSTED_PROXY_COUNT": proxies})
        assert done.returncode == 0, done.stderr
        answers[proxies] = json.loads(done.stdout.splitlines()[-1])
    return answers


HSTS = "max-age=31536000; includeSubDomains; preload"
PATHS = ["/", "/v2/users/me", "/v2/videos/aaaaaaaaaaa/stream?x=1", "/v2/internal/tasks"]


@pytest.mark.parametrize("path", PATHS)
def test_production_sends_plain_http_to_https(production, path):
    answer = production["1"]["http " + path]
    assert answer["status"] == 301
    assert answer["headers"]["location"] == "https://vidwiz.example.com" + path
    assert answer["headers"]["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(("path", "status"), list(zip(PATHS, [200, 401, 401, 401], strict=True)))
def test_production_over_https_answers_and_demands_it_for_a_year(production, path, status):
    answer = production["1"]["https " + path]
    assert answer["status"] == status
    assert answer["headers"]["strict-transport-security"] == HSTS


@pytest.mark.parametrize("path", PATHS)
def test_who_is_no_proxy_of_ours_does_not_say_that_it_was_https(production, path):
    assert production["0"]["https " + path]["status"] == 301


@pytest.mark.parametrize("path", ["/health", "/ready"])
def test_probes_are_answered_without_tls(production, path):
    assert production["1"]["http " + path]["status"] in {200, 503}


def test_production_marks_static_files_as_never_changing_and_sends_them_packed(production):
    answer = production["1"]["static"]
    assert answer["status"] == 200
    assert answer["headers"]["cache-control"] == "max-age=315360000, public, immutable"
    assert (answer["headers"]["content-encoding"], answer["headers"]["vary"]) == ("gzip", "Accept-Encoding")
    assert answer["headers"]["strict-transport-security"] == HSTS
    assert "access-control-allow-origin" not in answer["headers"]


def test_staff_cookies_travel_over_https_only_and_no_script_reads_the_session(production):
    answer = production["1"]["signed in"]
    assert answer["status"] == 302
    cookies = re.split(r", (?=[a-z]+=)", answer["headers"]["set-cookie"])
    given = {cookie.split("=")[0]: {part.strip() for part in cookie.split(";")[1:]} for cookie in cookies}
    assert given["sessionid"] >= {"Secure", "HttpOnly", "SameSite=Lax"}
    assert given["csrftoken"] >= {"Secure", "SameSite=Lax"}


# --- What is below HTTP's own fields


def test_headers_without_end_are_refused(url):
    connection = HTTPConnection(urlsplit(url).netloc, timeout=10)
    connection.request("GET", "/health", headers={"X-Long": "x" * 200_000})
    assert connection.getresponse().status == 400
