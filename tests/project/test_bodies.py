"""How much a server takes in, from whom, and for how long it waits for it."""

import json
import socket
from urllib.parse import urlsplit

import pytest
import requests

from tests.conftest import VIDEO_ID
from tests.serving import serving

MIB = 1024 * 1024
TOKEN = "the-admin-token-of-the-tests-0123456789"
FORM = "application/x-www-form-urlencoded"
TRANSCRIPT = f"/v2/internal/videos/{VIDEO_ID}/transcript"


@pytest.fixture(autouse=True)
def _token(settings):
    settings.ADMIN_TOKEN = TOKEN


@pytest.fixture
def url(transactional_db, told):
    with serving() as url:
        yield url


@pytest.fixture
def announce(url):
    """Says how large a body is to come, sends none of it, and gives the answer to that."""

    def announce(path, size, **headers):
        request = requests.Request("POST", url + path, headers=headers).prepare()
        request.headers["Content-Length"] = str(size)
        return requests.Session().send(request, timeout=10)

    return announce


@pytest.mark.parametrize(
    "path", ["/", "/health", "/nothing", "/admin/login/", "/v2/auth/login", "/v2/nothing"]
)
@pytest.mark.parametrize("type", [FORM, "multipart/form-data; boundary=x", "application/json"])
def test_more_than_a_mebibyte_is_refused_unread_wherever_it_is_sent(announce, path, type):
    answer = announce(path, MIB + 1, **{"Content-Type": type})
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "PAYLOAD_TOO_LARGE")
    assert answer.headers["Connection"] == "close"


@pytest.mark.parametrize("authorization", ["", "Bearer wrong", f"Basic {TOKEN}"])
def test_who_is_no_helper_sends_no_more_to_the_internal_api_either(announce, authorization):
    assert announce(TRANSCRIPT, MIB + 1, Authorization=authorization).status_code == 413


def test_the_admin_token_opens_no_other_path_to_large_bodies(announce):
    assert announce("/v2/auth/login", MIB + 1, Authorization=f"Bearer {TOKEN}").status_code == 413


def test_a_helper_hands_in_a_long_transcript(url):
    said = {"transcript": [{"text": "word " * 20, "offset": at, "duration": 1} for at in range(20_000)]}
    body = json.dumps(said)
    assert 2 * MIB < len(body) < 16 * MIB
    sent = {"Authorization": f"bearer {TOKEN}", "Content-Type": "application/json"}
    assert requests.post(url + TRANSCRIPT, data=body, headers=sent, timeout=20).status_code == 200


def test_but_not_an_endless_one(announce):
    assert announce(TRANSCRIPT, 16 * MIB + 1, Authorization=f"Bearer {TOKEN}").status_code == 413


def test_without_an_admin_token_nobody_is_a_helper(announce, settings):
    settings.ADMIN_TOKEN = ""
    assert announce(TRANSCRIPT, MIB + 1, Authorization="Bearer ").status_code == 413


@pytest.mark.parametrize("path", ["/", "/admin/login/", "/v2/auth/login"])
def test_under_wsgi_it_is_refused_unread_too(db, client, path):
    # The body that comes is empty: whoever reads it fails.
    answer = client.generic(
        "POST", path, b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(10**12)
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "PAYLOAD_TOO_LARGE")


def test_under_wsgi_a_helper_is_asked_for_the_token_before_the_body(db, client):
    answer = client.generic(
        "POST", TRANSCRIPT, b"", content_type="application/json", CONTENT_LENGTH=str(10 * MIB)
    )
    assert answer.status_code == 401
    answer = client.generic(
        "POST", TRANSCRIPT, b"", content_type="application/json", CONTENT_LENGTH=str(17 * MIB)
    )
    assert answer.status_code == 413


MANY_FIELDS = "&".join(f"f{n}=" for n in range(1001)).encode()
MANY_FILES = (
    b"".join(
        b'--x\r\nContent-Disposition: form-data; name="f%d"; filename="f"\r\n\r\n\r\n' % n for n in range(101)
    )
    + b"--x--\r\n"
)
COOKIE = {"Cookie": f"csrftoken={'c' * 32}"}  # without one a form is refused unread
FORMS = [(FORM, MANY_FIELDS), ("multipart/form-data; boundary=x", MANY_FILES)]


@pytest.mark.parametrize(("type", "body"), FORMS, ids=["fields", "files"])
def test_a_form_of_a_thousand_fields_or_a_hundred_files_is_refused(url, type, body):
    answer = requests.post(
        f"{url}/admin/login/", data=body, headers=COOKIE | {"Content-Type": type}, timeout=10
    )
    assert answer.status_code == 400


@pytest.mark.parametrize(("type", "body"), FORMS, ids=["fields", "files"])
def test_under_wsgi_too(db, client, type, body):
    client.handler.enforce_csrf_checks = True
    answer = client.generic("POST", "/admin/login/", body, content_type=type, headers=COOKIE)
    assert answer.status_code == 400


@pytest.mark.parametrize("announced", [b"Content-Length: 100", b"Transfer-Encoding: chunked"])
@pytest.mark.parametrize("path", [b"/v2/auth/login", b"/admin/login/"])
def test_a_body_that_does_not_end_is_not_waited_for(url, settings, path, announced):
    settings.BODY_TIMEOUT_SECONDS = 0.2
    with socket.create_connection((urlsplit(url).hostname, urlsplit(url).port), timeout=10) as line:
        line.sendall(b"POST %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n\r\n" % (path, announced))
        answer = b"".join(iter(lambda: line.recv(65536), b""))  # to the end: the server hangs up
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert json.loads(body)["error"] == {
        "code": "BAD_REQUEST",
        "message": "The request body took too long.",
        "details": None,
    }


def test_an_answer_may_take_longer_than_its_body_may(url, settings):
    settings.BODY_TIMEOUT_SECONDS = 0.2
    params = {"type": "transcript", "timeout": "1"}
    headers = {"Authorization": f"Bearer {TOKEN}"}
    assert (
        requests.get(f"{url}/v2/internal/tasks", params=params, headers=headers, timeout=10).status_code
        == 204
    )
