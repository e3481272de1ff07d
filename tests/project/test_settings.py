"""How VidWiz starts, and why it does not: each in a process of its own, as the environment is read once."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

GOOD = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "a-long-and-random-secret-key-for-the-tests-1234567890",
    "ADMIN_TOKEN": "another-long-and-random-secret-for-the-tests",
    "ALLOWED_HOSTS": "vidwiz.example.com",
}


def start(tmp_path, *command, **environment):
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *(command or ("check",))],
        cwd=settings.BASE_DIR,
        env=kept | {"DATA_DIR": str(tmp_path / "data")} | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_with_nothing_set_it_starts(tmp_path):
    assert start(tmp_path).returncode == 0


def test_a_production_setup_passes_djangos_deployment_checks(tmp_path):
    extension = "chrome-extension://abcdefghijklmnopabcdefghijklmnop"
    origins = f"https://app.example.com, http://localhost:5173, {extension}"
    setup = GOOD | {"CORS_ALLOWED_ORIGINS": origins}
    done = start(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **setup)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY"),
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": "x" * 60}, "SECRET_KEY"),
        ({"ADMIN_TOKEN": None}, "ADMIN_TOKEN"),
        ({"ADMIN_TOKEN": "short"}, "ADMIN_TOKEN"),
        ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS"),
        ({"ENVIRONMENT": "prod"}, "ENVIRONMENT"),
        ({"AI_PROVIDER": "gemini"}, "GEMINI_API_KEY"),
        ({"AI_PROVIDER": "openai"}, "OPENAI_API_KEY"),
        ({"AI_PROVIDER": "oracle"}, "AI_PROVIDER"),
        ({"DB_URL": "mysql://u:p@h/d"}, "DB_URL"),
        ({"DB_URL": "garbage"}, "DB_URL"),
        ({"REDIS_URL": "localhost:6379"}, "REDIS_URL"),
        ({"LIMITS": "login"}, "LIMITS"),
        ({"LIMITS": "login=20"}, "LIMITS"),
        ({"LIMITS": "login=20/fortnight"}, "LIMITS"),
        ({"LIMITS": "login=0/minute"}, "LIMITS"),
        ({"LIMITS": "login=20/minute;100/hour"}, "LIMITS"),
        ({"LIMITS": "register=5/minute,logon=20/minute"}, "logon"),
        (
            {"SECRET_KEY": '        # python -c "import secrets; print(secrets.token_urlsafe(48))"'},
            "SECRET_KEY",
        ),
        ({"AI_TIMEOUT_SECONDS": "abc"}, "AI_TIMEOUT_SECONDS"),
        ({"JWT_EXPIRY_HOURS": ""}, "JWT_EXPIRY_HOURS"),
        ({"JWT_EXPIRY_HOURS": "0"}, "JWT_EXPIRY_HOURS"),
        ({"JWT_REFRESH_DAYS": "-1"}, "JWT_REFRESH_DAYS"),
        ({"JWT_REFRESH_DAYS": "inf"}, "JWT_REFRESH_DAYS"),
        ({"PUBLIC_URL": "vidwiz.example.com"}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "https://vidwiz.example.com/?a=1"}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "https://example.com/vidwiz"}, "PUBLIC_URL"),
        ({"ALLOWED_HOSTS": "*"}, "PUBLIC_URL"),
        ({"ALLOWED_HOSTS": ".example.com"}, "PUBLIC_URL"),
        ({"TRUSTED_PROXY_COUNT": "x"}, "TRUSTED_PROXY_COUNT"),
        ({"EMAIL_URL": "foo"}, "EMAIL_URL"),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL"),
        ({"CORS_ALLOWED_ORIGINS": "*"}, "CORS_ALLOWED_ORIGINS"),
        ({"CORS_ALLOWED_ORIGINS": "null"}, "CORS_ALLOWED_ORIGINS"),
        ({"CORS_ALLOWED_ORIGINS": "https://*.example.com"}, "CORS_ALLOWED_ORIGINS"),
        ({"CORS_ALLOWED_ORIGINS": "app.example.com"}, "'app.example.com'"),
        ({"CORS_ALLOWED_ORIGINS": "https://ok.example.com,https://app.example.com/"}, "app.example.com/'"),
    ],
)
def test_what_is_missing_or_weak_stops_the_start_with_one_line_that_names_it(tmp_path, changes, name):
    environment = {key: value for key, value in (GOOD | changes).items() if value is not None}
    done = start(tmp_path, **environment)
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("VidWiz can't start: ")
    assert name in line


def test_each_limit_can_be_set(tmp_path):
    show = "from django.conf import settings; print(settings.LIMITS['login'], settings.LIMITS['register'])"
    done = start(tmp_path, "shell", "--no-imports", "-c", show, LIMITS="login=100/hour, account=9/second")
    assert done.stdout.split() == ["100/hour", "20/minute"], done.stderr


@pytest.mark.parametrize(
    ("environment", "url"),
    [
        ({}, "http://localhost:8000"),
        ({"PORT": "9000"}, "http://localhost:9000"),
        ({"PUBLIC_URL": "http://192.0.2.7:8000/"}, "http://192.0.2.7:8000"),
        (GOOD, f"https://{GOOD['ALLOWED_HOSTS'].split(',')[0]}"),
    ],
)
def test_links_in_mails_begin_with_where_this_server_is_reached(tmp_path, environment, url):
    show = "from django.conf import settings; print(settings.PUBLIC_URL)"
    done = start(tmp_path, "shell", "--no-imports", "-c", show, **environment)
    assert done.stdout.strip() == url, done.stderr


def test_an_empty_admin_token_turns_the_internal_api_off_on_purpose(tmp_path):
    assert start(tmp_path, **GOOD | {"ADMIN_TOKEN": ""}).returncode == 0


def test_local_secrets_are_made_once_and_kept_to_their_owner(tmp_path):
    show = ("shell", "--no-imports", "-c", "from django.conf import settings; print(settings.SECRET_KEY)")
    first, second = start(tmp_path, *show), start(tmp_path, *show)
    assert first.returncode == 0, first.stderr
    assert first.stdout == second.stdout
    assert len(first.stdout.strip()) >= 50
    assert (tmp_path / "data" / "secret_key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("environment", "status"), [("local", 200), ("staging", 200), ("production", 404)])
def test_the_api_documents_itself_everywhere_but_in_production(tmp_path, environment, status):
    setup = GOOD | {"ENVIRONMENT": environment, "STATIC_ROOT": str(tmp_path / "static")}
    setup["RATE_LIMIT_ENABLED"] = "false"  # no database was made to count in
    assert start(tmp_path, "collectstatic", "--no-input", **setup).returncode == 0
    ask = (
        "from django.test import Client\n"
        "client = Client(SERVER_NAME='vidwiz.example.com')\n"
        "print([client.get(path, secure=True).status_code for path in ('/v2/docs', '/v2/openapi.json')])"
    )
    done = start(tmp_path, "shell", "--no-imports", "-c", ask, **setup)
    assert done.stdout.strip() == f"[{status}, {status}]", done.stderr
