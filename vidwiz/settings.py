"""Every setting comes from the environment (or a `.env` file beside manage.py); docs/settings.md lists them.

With nothing set, all of it runs on one machine with no account, no key and no other server.
"""

import os
import re
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

import environ

BASE_DIR = Path(__file__).resolve().parent.parent


def stop(message: str) -> SystemExit:
    """One line on stderr and exit status 1: a traceback would hide the one thing to be mended."""
    return SystemExit(f"VidWiz can't start: {message}")


class Env(environ.Env):
    def get_value(self, var: str, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().get_value(var, *args, **kwargs)
        except ValueError:
            raise stop(f"{var} is {os.environ.get(var)!r}, which is not a number.") from None


env = Env()
env.read_env(BASE_DIR / ".env")


ENVIRONMENT = env.str("ENVIRONMENT", default="local")
if ENVIRONMENT not in {"local", "staging", "production"}:
    raise stop(f"ENVIRONMENT is {ENVIRONMENT!r}; it must be local, staging or production.")
LOCAL = ENVIRONMENT == "local"

# The database file, transcripts, broker files and local secrets, when nothing else is configured.
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
if LOCAL:
    DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)  # secrets, addresses and notes are in it


# --- Secrets

SHORTEST_SECRET = 32


def kept_secret(name: str) -> str:
    """A random secret in DATA_DIR, made the first time it is asked for, so that tokens outlive a restart."""
    path = DATA_DIR / name.lower()
    if not path.exists():
        fresh = DATA_DIR / f".{name.lower()}.{secrets.token_hex(4)}"
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48))
        try:
            path.hardlink_to(fresh)  # the first process to get here wins; the others read what it wrote
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip()


def secret(name: str, *, may_be_empty: bool = False) -> str:
    value = os.environ.get(name)  # env.str can't tell an empty one from none
    if value is None:
        if LOCAL:
            return kept_secret(name)
        hint = " (empty turns off what it protects)" if may_be_empty else ""
        raise stop(
            f"{name} is not set; in {ENVIRONMENT} it must be a secret of {SHORTEST_SECRET}+ characters{hint}."
        )
    if value == "" and may_be_empty:
        return value
    # A space or # is no part of a secret but of a comment that was meant to explain it.
    if not LOCAL and (len(value) < SHORTEST_SECRET or len(set(value)) < 8 or set(value) & set(" #")):
        raise stop(
            f"{name} is too weak; in {ENVIRONMENT} it must be a random secret of {SHORTEST_SECRET}+ characters."
        )
    if not value:
        raise stop(f"{name} is empty.")
    return value


SECRET_KEY = secret("SECRET_KEY")
ADMIN_TOKEN = secret("ADMIN_TOKEN", may_be_empty=True)


# --- Who may call

DEBUG = False

HOST = env.str("HOST", default="127.0.0.1")
_LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
# Listening beyond this machine on purpose (HOST=0.0.0.0, a phone in the same network) means any name may be used.
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS",
    default=(_LOOPBACK if HOST in {"localhost", "127.0.0.1", "::1"} else ["*"]) if LOCAL else [],
)
if not ALLOWED_HOSTS:
    raise stop(f"ALLOWED_HOSTS is not set; in {ENVIRONMENT} it must list the names this server is called by.")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
CSRF_FAILURE_VIEW = "vidwiz.common.error_answers.csrf_failure"

# The address that people reach this server by: what links in mails begin with. Never taken from a request, whose
# Host header is anybody's to choose.
PUBLIC_URL = env.str(
    "PUBLIC_URL",
    default=f"http://localhost:{env.str('PORT', default='8000')}" if LOCAL else f"https://{ALLOWED_HOSTS[0]}",
).rstrip("/")
if not re.fullmatch(r"https?://[A-Za-z0-9\[][A-Za-z0-9.\[\]:-]*", PUBLIC_URL):
    raise stop(
        f"PUBLIC_URL is {PUBLIC_URL!r}; it must be this server's address, like https://vidwiz.example.org."
    )

# How many proxies of one's own stand in front; only then are their X-Forwarded-* headers believed.
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

if ENVIRONMENT == "production":
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^health$", r"^ready$"]  # probes come from inside, without TLS
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"

# Pages take everything from here, from files: no script or style in the page itself, and nobody frames them.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# Web clients and extensions that live elsewhere. Without credentials: the API knows no cookies.
CORS_ALLOWED_ORIGINS = [origin.strip() for origin in env.list("CORS_ALLOWED_ORIGINS", default=[])]
_ORIGIN = re.compile(r"(https?|chrome-extension|moz-extension)://([a-z0-9.-]+|\[[0-9a-f:]+\])(:[0-9]{1,5})?")
for _origin in CORS_ALLOWED_ORIGINS:
    if not _ORIGIN.fullmatch(_origin):
        raise stop(
            f"CORS_ALLOWED_ORIGINS has {_origin!r}, which is no origin like https://app.example.com: "
            "scheme and host in small letters, no path, no *."
        )
CORS_URLS_REGEX = r"^/v2/(?!internal(/|$))"
CORS_ALLOW_HEADERS = [
    "authorization",
    "content-type",
    "idempotency-key",
    "last-event-id",
    "x-guest-session-id",
    "x-request-id",
]
CORS_EXPOSE_HEADERS = ["Content-Disposition", "Retry-After", "X-Request-ID"]


# --- The parts

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "corsheaders",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "vidwiz",  # before allauth, whose mails it words anew
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "rest_framework_simplejwt.token_blacklist",
    "apps.accounts",  # after these, whose staff pages it replaces
    "apps.tasks",
    "apps.events",
    "apps.videos",
    "apps.notes",
]

# Also for answers that are given in front of Django (vidwiz/common/headers.py), so none of these may ask the database.
ON_EVERY_ANSWER = [
    "vidwiz.common.request_id.RequestIDMiddleware",
    "vidwiz.common.headers.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "corsheaders.middleware.CorsMiddleware",  # before all that can refuse, so that a web client can read why
]
MIDDLEWARE = [
    *ON_EVERY_ANSWER,
    "vidwiz.common.bodies.BodyMiddleware",
    "vidwiz.common.static_files.StaticFilesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "vidwiz.urls"
WSGI_APPLICATION = "vidwiz.wsgi.application"
ASGI_APPLICATION = "vidwiz.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = [
    "apps.accounts.passwords.Argon2id",
    # What older hashes may be of; they are renewed at the next login.
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2SHA1PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
_VALIDATORS = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": f"{_VALIDATORS}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": f"{_VALIDATORS}.MinimumLengthValidator"},
    {"NAME": f"{_VALIDATORS}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATORS}.NumericPasswordValidator"},
    {"NAME": "apps.accounts.passwords.EndSignIns"},  # validates nothing: is told of each change
]
PASSWORD_RESET_TIMEOUT = 3600  # seconds that the link in a mail is good for

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Bodies: what an ordinary call may send, and what a trusted helper may (12 hours of captions).
DATA_UPLOAD_MAX_MEMORY_SIZE = 1 * 1024 * 1024
INTERNAL_MAX_BODY_BYTES = 16 * 1024 * 1024
BODY_TIMEOUT_SECONDS = 60  # from the first byte to the last


# --- Database

if not env.str("DB_URL", default="sqlite:").startswith(("sqlite:", "postgres:", "postgresql:")):
    raise stop("DB_URL must be a sqlite:// or postgres:// URL.")
DATABASES = {"default": env.db_url("DB_URL", default=f"sqlite:///{DATA_DIR / 'vidwiz.sqlite3'}")}
_database = DATABASES["default"]
if _database["ENGINE"] == "django.db.backends.sqlite3":
    _database["OPTIONS"] = {
        # A transaction that reads before it writes takes the write lock at once: without this, two of
        # them end in "database is locked" however long the time-out is.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
    }
else:
    _database.setdefault("OPTIONS", {})["pool"] = {
        "min_size": 1,
        "max_size": env.int("DB_POOL_SIZE", default=10),
        "timeout": 10,
    }
    _database["CONN_HEALTH_CHECKS"] = True  # a restarted server must not cost an error a pooled connection


# --- Cache

REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL and not REDIS_URL.startswith(("redis://", "rediss://", "unix://")):
    raise stop("REDIS_URL must be a redis://, rediss:// or unix:// URL.")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
}


# --- Files

S3_TRANSCRIPT_BUCKET_NAME = env.str("S3_TRANSCRIPT_BUCKET_NAME", default="")


def transcript_storage() -> dict[str, Any]:
    if not S3_TRANSCRIPT_BUCKET_NAME:
        return {
            "BACKEND": "vidwiz.common.files.WholeFileStorage",
            "OPTIONS": {"location": DATA_DIR / "storage"},
        }
    from botocore.config import Config  # slow to import, and only needed here

    endpoint = env.str("AWS_ENDPOINT_URL_S3", default=None)
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": S3_TRANSCRIPT_BUCKET_NAME,
            "endpoint_url": endpoint,
            "region_name": env.str("AWS_REGION", default=env.str("AWS_DEFAULT_REGION", default=None)),
            "default_acl": None,  # the bucket's own policy, which should be: not public
            "file_overwrite": True,  # one object a video: the latest wins
            "client_config": Config(
                # A storage that accepts the connection and never answers must not hold a request for long.
                connect_timeout=3,
                read_timeout=10,
                retries={"total_max_attempts": 2},
                signature_version="s3v4",
                # A stand-in is reached by address, where the bucket can't be part of the host's name.
                s3={"addressing_style": "path" if endpoint else "auto"},
            ),
        },
    }


STORAGES = {
    "default": transcript_storage(),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if LOCAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

STATIC_URL = "/static/"
STATIC_ROOT = Path(
    env.str("STATIC_ROOT", default=str(DATA_DIR / "static" if LOCAL else BASE_DIR / "staticfiles"))
)
if LOCAL:
    STATIC_ROOT.mkdir(exist_ok=True)
WHITENOISE_USE_FINDERS = LOCAL  # no collectstatic on a laptop
WHITENOISE_ALLOW_ALL_ORIGINS = False  # they are for our own pages


# --- The API

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["apps.accounts.authentication.JWTAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["vidwiz.common.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "vidwiz.common.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "vidwiz.common.throttling.AddressThrottle",
        "vidwiz.common.throttling.AccountThrottle",
    ],
    "EXCEPTION_HANDLER": "vidwiz.common.error_answers.handle",
    "UNAUTHENTICATED_USER": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
_enabled = env.str("RATE_LIMIT_ENABLED", default="true").lower()
if _enabled not in {"true", "false"}:
    raise stop(f"RATE_LIMIT_ENABLED is {_enabled!r}; it must be true or false.")
RATE_LIMIT_ENABLED = _enabled == "true"
LIMITS = {
    "account": "600/minute",  # every call, by account
    "address": "600/minute",  # every call of whoever has none, by address
    # and these calls once more, by address
    "login": "20/minute",
    "register": "20/minute",
    "google": "20/minute",
    "refresh": "60/minute",
    "forgot": "5/minute",
    "reset": "20/minute",
    "confirm": "20/minute",
    # by account: zips of all that it owns, wrong passwords, and links that set a new one
    "export": "10/hour",
    "failed_login": "20/hour",
    "mailed_link": "5/hour",
}


def set_limits(changes: list[str]) -> None:
    """`["login=30/minute", …]` in place of the rates above."""
    from limits import parse_many  # slow to import, and only needed here

    for change in changes:
        name, _, rate = (part.strip() for part in change.partition("="))
        try:
            sound = name in LIMITS and [item.amount > 0 for item in parse_many(rate)] == [True]
        except ValueError:
            sound = False
        if not sound:
            raise stop(f"LIMITS has {change!r}; it must be like login=20/minute, of {', '.join(LIMITS)}.")
        LIMITS[name] = rate


if _changes := env.list("LIMITS", default=[]):
    set_limits(_changes)

JWT_EXPIRY_HOURS = env.float("JWT_EXPIRY_HOURS", default=1)
JWT_REFRESH_DAYS = env.float("JWT_REFRESH_DAYS", default=30)
if not (0 < JWT_EXPIRY_HOURS <= 24 * 366 and 0 < JWT_REFRESH_DAYS <= 366):
    raise stop("JWT_EXPIRY_HOURS and JWT_REFRESH_DAYS must be more than 0, and a year at most.")
if JWT_EXPIRY_HOURS > JWT_REFRESH_DAYS * 24:
    raise stop(
        "JWT_EXPIRY_HOURS must not be longer than JWT_REFRESH_DAYS: an access token ends with its sign-in."
    )
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(hours=JWT_EXPIRY_HOURS),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=JWT_REFRESH_DAYS),
    "USER_ID_CLAIM": "user_id",
}

SPECTACULAR_SETTINGS = {
    "TITLE": "VidWiz",
    "DESCRIPTION": "Catch moments of YouTube videos; get them filled in, summarised and answered.\n\n"
    "Every error is `{error: {code, message, details}}`, and every answer carries `X-Request-ID`: the caller's own, "
    "or a new one. A method that a path doesn't have is answered with 405 and `Allow`. Times are RFC 3339 in UTC.",
    "TAGS": [
        {"name": "accounts", "description": "Getting an account, getting in, and what is one's own."},
        {"name": "videos", "description": "What is known of a video, and how far it has got."},
        {
            "name": "notes",
            "description": "Moments that somebody caught. A note without words gets them from the AI.",
        },
        {
            "name": "internal",
            "description": "For trusted helpers on other machines, who fetch what this server can't.",
        },
    ],
    "VERSION": "2",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/v2",
    "COMPONENT_SPLIT_REQUEST": True,
    "COMPONENT_SPLIT_PATCH": False,  # the serializers of PATCH say themselves what is required
    "ENFORCE_NON_BLANK_FIELDS": True,
    "ENUM_NAME_OVERRIDES": {"StageStateEnum": "apps.videos.models.State"},
}


# --- The work

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="filesystem://localhost")


# --- The outside world

AI_PROVIDER = env.str("AI_PROVIDER", default="offline")
if AI_PROVIDER not in {"offline", "gemini", "openai"}:
    raise stop(f"AI_PROVIDER is {AI_PROVIDER!r}; it must be offline, gemini or openai.")
AI_MODEL = env.str("AI_MODEL", default="")  # empty: the provider's default, in vidwiz/ai
AI_TIMEOUT_SECONDS = env.float("AI_TIMEOUT_SECONDS", default=40)
AI_MAX_INPUT_CHARS = env.int("AI_MAX_INPUT_CHARS", default=200_000)
GEMINI_API_KEY = env.str("GEMINI_API_KEY", default="")
GEMINI_BASE_URL = env.str("GEMINI_BASE_URL", default="")
OPENAI_API_KEY = env.str("OPENAI_API_KEY", default="")
OPENAI_BASE_URL = env.str("OPENAI_BASE_URL", default="")
if AI_PROVIDER == "gemini" and not GEMINI_API_KEY:
    raise stop("GEMINI_API_KEY is not set, and AI_PROVIDER=gemini needs it.")
if AI_PROVIDER == "openai" and not (OPENAI_API_KEY or OPENAI_BASE_URL):
    raise stop(
        "OPENAI_API_KEY is not set, and AI_PROVIDER=openai needs it (or the OPENAI_BASE_URL of a server without keys)."
    )

YOUTUBE_ORIGIN = env.str("YOUTUBE_ORIGIN", default="https://www.youtube.com")
YOUTUBE_PROXY_URL = env.str("YOUTUBE_PROXY_URL", default="")
YOUTUBE_TIMEOUT_SECONDS = env.float("YOUTUBE_TIMEOUT_SECONDS", default=15)
TRANSCRIPT_LANGUAGES = env.list("TRANSCRIPT_LANGUAGES", default=["en"])
YOUTUBE_DATA_API_KEY = env.str("YOUTUBE_DATA_API_KEY", default="")

WIZ_USER_DAILY_QUOTA = env.int("WIZ_USER_DAILY_QUOTA", default=20)
WIZ_GUEST_DAILY_QUOTA = env.int("WIZ_GUEST_DAILY_QUOTA", default=5)

_email_url = env.str("EMAIL_URL", default="") or "consolemail://"
try:
    vars().update(env.email_url_config(_email_url))
except (environ.ImproperlyConfigured, ValueError):
    raise stop("EMAIL_URL must be like smtp+tls://user:password@host:587.") from None
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="VidWiz <vidwiz@localhost>")


EMAIL_TIMEOUT = 10  # seconds; Django's own is none at all
# Only then are addresses confirmed; a forgotten password's link is sent, or printed, either way.
MAIL_CONFIGURED = not _email_url.startswith("consolemail:")


# --- Signing in with Google, and what else django-allauth does: addresses, and links in mails

# The web app's and the extension's, comma-separated; none: no Google sign-in.
GOOGLE_CLIENT_ID = [part.strip() for part in env.list("GOOGLE_CLIENT_ID", default=[]) if part.strip()]
GOOGLE_CERTS_URL = env.str("GOOGLE_CERTS_URL", default="https://www.googleapis.com/oauth2/v1/certs")

ACCOUNT_ADAPTER = "apps.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "apps.accounts.passwords.ResetKeys"  # noqa: S105
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 3
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to whoever has no account: anybody could have it sent
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_RATE_LIMITS = False  # ours count all calls alike


# --- Logging: one line an event, with the request that it belongs to

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO").upper()
if LOG_LEVEL not in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
    raise stop(f"LOG_LEVEL is {LOG_LEVEL!r}; it must be DEBUG, INFO, WARNING, ERROR or CRITICAL.")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "vidwiz.common.request_id.LogFilter"}},
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id"]},
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"level": "INFO"},
        "django.security.DisallowedHost": {
            "level": "CRITICAL"
        },  # anybody can send one, as often as they like
        "django.request": {"level": "ERROR"},  # 4xx answers are the caller's business, not the log's
        "celery": {"level": "WARNING"},  # the ledger says what was done; Celery would say it for each sweep
        "google_genai": {"level": "WARNING"},
        "httpx2": {"level": "WARNING"},
        "botocore": {"level": "WARNING"},
    },
}
