"""Who calls during a fuzz run, and what is there for them: made by the API itself."""

import os
import uuid
from functools import cache
from itertools import count
from typing import Any

import requests

ADMIN_TOKEN = "the-admin-token-of-a-fuzz-run-0123456789"
GUEST = "guest-session-of-a-fuzz-run"
# The dictionaries of schemathesis.toml hold these too, so that some calls get further than "no such …".
EMAIL = "alice@example.com"
PASSWORD = "catch-a-moment-1"
VIDEO_ID = "dQw4w9WgXcQ"  # everything is there
NEW_VIDEO_ID = "zeJD6dqJ5lo"  # nothing is, so tasks wait

ADMIN = {"Authorization": f"Bearer {ADMIN_TOKEN}"}


def call(method: str, path: str, **options: Any) -> requests.Response:
    return requests.request(method, f"{os.environ['FUZZ_URL']}/v2{path}", timeout=10, **options)


def make_rows() -> None:
    """Alice and her notes, a video whose metadata and transcript are waited for, and one with everything."""
    sign_in()
    for type in ("metadata", "transcript"):  # a helper has taken these, so their results are waited for
        call("GET", f"/internal/tasks?type={type}&timeout=0", headers=ADMIN).raise_for_status()
    words = [
        {"text": f"Sentence number {at} of a talk.", "offset": 6.0 * at, "duration": 6.0} for at in range(50)
    ]
    questions = ["What is owed?", "Who claims it?", "When does it end?"]
    made = {
        "transcript": {"transcript": words},
        "metadata": {"metadata": {"id": VIDEO_ID, "title": "A talk", "duration": 300}},
        "summary": {"summary": "What was said.", "miscellaneous_data": {"suggested_questions": questions}},
    }
    for part, body in made.items():
        call("POST", f"/internal/videos/{VIDEO_ID}/{part}", json=body, headers=ADMIN).raise_for_status()


def sign_in() -> str:
    """An access token of Alice's. She may have been deleted, or have got another password, by the calls before:
    then she registers again, by another address if need be."""
    for attempt in count():
        email = EMAIL if not attempt else f"alice{attempt}@example.com"
        if _register(email):
            token = _login(email)
            assert token, "who has just registered can't sign in"
            _catch_moments(token)
            return token
        if token := _login(email):
            return token
    raise AssertionError


@cache
def stranger() -> str:
    """An access token of Bob's, who has nothing; no other call signs in as him."""
    _register("bob@example.org")
    token = _login("bob@example.org")
    assert token
    return token


def long_term_token() -> str:
    """One of Alice's. Its name is new: she may have one by any other already."""
    headers = {"Authorization": f"Bearer {sign_in()}"}
    answer = call("POST", "/auth/tokens", json={"name": uuid.uuid4().hex}, headers=headers)
    answer.raise_for_status()
    return str(answer.json()["token"])


def _register(email: str) -> bool:
    person = {"email": email, "name": "Alice", "password": PASSWORD}
    return call("POST", "/auth/register", json=person).status_code == 201


def _login(email: str) -> str | None:
    answer = call("POST", "/auth/login", json={"email": email, "password": PASSWORD})
    return str(answer.json()["token"]) if answer.ok else None


def _catch_moments(token: str) -> None:
    for video_id, body in (
        (
            NEW_VIDEO_ID,
            {"timestamp": "2:00"},
        ),  # first, so that the first tasks are those that helpers can have
        (VIDEO_ID, {"timestamp": "0:30", "text": "Worth a look."}),
        (VIDEO_ID, {"timestamp": "1:00"}),
    ):
        headers = {"Authorization": f"Bearer {token}"}
        call("POST", f"/videos/{video_id}/notes", json=body, headers=headers).raise_for_status()
