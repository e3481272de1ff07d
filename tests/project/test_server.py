"""What is about the server itself, and what every answer has."""

import socket
import threading
from urllib.parse import urlsplit

import pytest
import requests
from django.core.files.storage import default_storage
from django.test import Client

from tests.serving import serving
from vidwiz import readiness


def test_the_process_is_up(client):
    response = client.get("/health")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db(transaction=True)
def test_it_is_ready_when_every_part_answers(client):
    response = client.get("/ready")
    assert response.json() == {"status": "ready", "database": "ok", "broker": "ok", "storage": "ok"}
    assert response.status_code == 200


@pytest.mark.django_db(transaction=True)
def test_it_says_which_part_does_not_answer(client, monkeypatch):
    def down(name):
        raise OSError("gone")

    monkeypatch.setattr(default_storage, "exists", down)
    response = client.get("/ready")
    assert response.status_code == 503
    assert response.json() == {
        "status": "not ready",
        "database": "ok",
        "broker": "ok",
        "storage": "does not answer",
    }


@pytest.mark.django_db(transaction=True)
def test_a_part_that_hangs_counts_as_down(monkeypatch):
    let_go = threading.Event()
    monkeypatch.setattr(readiness, "TIMEOUT_SECONDS", 0.05)
    monkeypatch.setitem(readiness.PARTS, "storage", let_go.wait)
    assert readiness.check()["storage"] is False
    let_go.set()


@pytest.mark.parametrize("path", ["/", "/health", "/v2/nothing", "/v2/users/me", "/nothing"])
def test_every_answer_carries_a_request_id(client, db, path):
    assert len(client.get(path)["X-Request-ID"]) == 32
    assert client.get(path, HTTP_X_REQUEST_ID="abc-1.2:3_4")["X-Request-ID"] == "abc-1.2:3_4"


@pytest.mark.parametrize("sent", ["a b", "x" * 129, "<script>", "é", ""])
def test_an_id_that_is_not_sane_is_replaced(client, sent):
    assert client.get("/health", HTTP_X_REQUEST_ID=sent)["X-Request-ID"] != sent


@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "code"),
    [
        ("get", "/v2/nothing", {}, 404, "NOT_FOUND"),
        ("get", "/v2/", {}, 404, "NOT_FOUND"),
        ("get", "/v2/users/me/", {}, 404, "NOT_FOUND"),
        ("delete", "/v2/auth/login", {}, 405, "METHOD_NOT_ALLOWED"),
        ("get", "/v2/users/me", {"HTTP_ACCEPT": "text/csv"}, 406, "NOT_ACCEPTABLE"),
        ("get", "/v2/users/me", {"HTTP_HOST": "evil.example.com"}, 400, "BAD_REQUEST"),
    ],
)
def test_errors_outside_the_views_have_the_same_shape(alices, method, path, headers, status, code):
    response = getattr(alices, method)(path, **headers)
    assert response.status_code == status
    assert response.json()["error"]["code"] == code
    assert set(response.json()["error"]) == {"code", "message", "details"}


def test_what_nobody_foresaw_is_a_500_without_internals(alices, monkeypatch):
    from apps.notes import selectors

    def broken(**kwargs):
        raise RuntimeError("the password is hunter2")

    monkeypatch.setattr(selectors, "noted_videos", broken)
    alices.raise_request_exception = False
    response = alices.get("/v2/videos")
    assert response.status_code == 500
    assert response.json()["error"]["code"] == "INTERNAL_ERROR"
    assert "hunter2" not in response.content.decode()


def test_the_front_page_says_where_to_go(client):
    page = client.get("/").content.decode()
    assert "/v2/docs" in page
    assert "/admin/" in page


@pytest.fixture
def url(transactional_db):
    with serving() as url:
        yield url


def test_a_body_that_is_announced_too_large_is_refused_unread(url):
    headers = {"Content-Length": str(10**12), "Content-Type": "application/json"}
    request = requests.Request("POST", f"{url}/v2/auth/login", headers=headers).prepare()
    request.headers["Content-Length"] = str(10**12)
    response = requests.Session().send(request, timeout=10)
    assert (response.status_code, response.json()["error"]["code"]) == (413, "PAYLOAD_TOO_LARGE")
    assert response.headers["X-Request-ID"]


def test_a_path_that_no_route_matches_has_the_same_shape(url):
    response = requests.get(f"{url}/v2/videos/a%0Ab/notes", timeout=5)
    assert (response.status_code, response.json()["error"]["code"]) == (404, "NOT_FOUND")
    assert response.headers["X-Request-ID"]


def test_a_body_in_pieces_is_taken_whole(url):
    pieces = (piece for piece in (b'{"email": "ann@exam', b'ple.com", "password"', b': "wrong"}'))
    response = requests.post(
        f"{url}/v2/auth/login", data=pieces, headers={"Content-Type": "application/json"}, timeout=5
    )
    assert response.status_code == 401


def test_under_wsgi_a_body_without_its_length_is_refused(client):
    response = client.post("/v2/auth/login", HTTP_TRANSFER_ENCODING="chunked", CONTENT_LENGTH="")
    assert (response.status_code, response.json()["error"]["code"]) == (400, "BAD_REQUEST")


def test_the_api_document_is_json_whatever_is_asked_for(client):
    assert client.get("/v2/openapi.json").json()["info"]["title"] == "VidWiz"


@pytest.mark.parametrize("path", ["/health", "/ready"])
def test_what_is_only_to_be_looked_at_takes_nothing(path):
    assert Client(enforce_csrf_checks=True).post(path).status_code == 405


def test_a_body_that_never_says_how_large_it_is_is_cut_off(url):
    def endless():
        for _ in range(10_000):  # 640 MB, if nobody stopped it
            yield b"x" * 65536

    try:
        response = requests.post(f"{url}/v2/auth/login", data=endless(), timeout=10)
    except requests.ConnectionError:
        return  # the server hung up while the client was still sending
    assert response.status_code == 413


def test_a_websocket_is_refused_without_a_word_in_the_log(transactional_db, caplog):
    with serving() as url:
        parts = urlsplit(url)
        with socket.create_connection((parts.hostname, parts.port), timeout=10) as line:
            line.sendall(
                b"GET /v2/ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
            )
            assert b" 403 " in line.recv(1000).splitlines()[0]
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
