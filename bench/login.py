"""What a login costs, how much of that is the hashing of the password, and whether its time tells who has an account.

`python -m bench.login`; ROUNDS (50) says how often each is measured. The hasher is the one that the settings put first.
"""

import os
import statistics
import tempfile
from pathlib import Path

# Before Django reads its settings: the bench keeps out of the data of whoever runs it.
_data = tempfile.TemporaryDirectory(prefix="vidwiz-bench-")
os.environ |= {"ENVIRONMENT": "local", "DATA_DIR": f"{_data.name}/data", "RATE_LIMIT_ENABLED": "false"}
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vidwiz.settings")

import django  # noqa: E402

django.setup()

import requests  # noqa: E402
from django.contrib.auth.hashers import check_password, get_hasher, make_password  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from bench.timing import in_turn, table  # noqa: E402
from tests.serving import serving_process  # noqa: E402

ROUNDS = int(os.environ.get("ROUNDS", "50"))
PASSWORD = "catch-a-moment-1"
RIGHT = {"email": "alice@example.com", "password": PASSWORD}
WRONG = {"email": "alice@example.com", "password": "catch-a-moment-2"}
UNKNOWN = {"email": "nobody@example.com", "password": PASSWORD}


def main() -> None:
    hashed = make_password(PASSWORD)
    with serving_process(Path(_data.name)) as url, requests.Session() as session:

        def login(body: dict[str, str], status: int) -> None:
            assert session.post(f"{url}/v2/auth/login", json=body, timeout=10).status_code == status

        def forgot(body: dict[str, str]) -> None:
            asked = {"email": body["email"]}
            assert session.post(f"{url}/v2/auth/password/forgot", json=asked, timeout=10).status_code == 202

        session.post(f"{url}/v2/auth/register", json=RIGHT | {"name": "Alice"}, timeout=10).raise_for_status()
        alone, nothing, right, wrong, unknown, forgotten, nobodys = in_turn(
            lambda: check_password(PASSWORD, hashed),
            lambda: session.get(f"{url}/health", timeout=10),
            lambda: login(RIGHT, 200),
            lambda: login(WRONG, 401),
            lambda: login(UNKNOWN, 401),
            lambda: forgot(RIGHT),
            lambda: forgot(UNKNOWN),
            rounds=ROUNDS,
        )
    print(f"Login, {ROUNDS} each in turn; {describe(hashed)}\n")
    table(
        {
            "the hash alone": alone,
            "GET /health, for comparison": nothing,
            "POST /v2/auth/login, right password": right,
            "  a wrong password": wrong,
            "  an address that nobody has": unknown,
            "POST /v2/auth/password/forgot, an account": forgotten,
            "  an address that nobody has ": nobodys,
        }
    )
    rest = statistics.median(whole - hash for whole, hash in zip(right, alone, strict=True))
    tell = statistics.median(one - other for one, other in zip(wrong, unknown, strict=True))
    print(f"\nA login beside its hash (median of the differences): {rest:+.2f} ms, {queries()} queries.")
    print(f"A wrong password beside an unknown address: {tell:+.2f} ms.")
    tell = statistics.median(one - other for one, other in zip(forgotten, nobodys, strict=True))
    print(f"A forgotten password of an account beside none: {tell:+.2f} ms.")


def describe(hashed: str) -> str:
    """The hasher and its parameters, but neither salt nor hash."""
    shown = get_hasher().safe_summary(hashed)
    return ", ".join(f"{key} {value}" for key, value in shown.items() if key not in {"salt", "hash"})


def queries() -> int:
    """How many a login makes; savepoints and the like count, too. Asked in this process, of the server's database."""
    with CaptureQueriesContext(connection) as made:
        answer = Client(SERVER_NAME="localhost").post(
            "/v2/auth/login", RIGHT, content_type="application/json"
        )
    assert answer.status_code == 200, answer.content
    return len(made)


if __name__ == "__main__":
    main()
