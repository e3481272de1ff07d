"""What is about the server itself: its front page, whether it is up, and what it counts."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.accounts.authentication import AdminTokenAuthentication
from apps.tasks.metrics import TaskCollector
from vidwiz import readiness
from vidwiz.common.negotiation import AnyAccept


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(
        request, "vidwiz/home.html", {"local": settings.LOCAL, "docs": settings.ENVIRONMENT != "production"}
    )


# Where the links in mails lead, and where one is asked for: each is a form that makes one call of the API.
ACCOUNT_PAGES = {
    "forgot-password": {
        "title": "Forgot your password?",
        "lead": "A link that sets a new one comes by mail.",
        "field": "email",
        "label": "E-mail address",
        "autocomplete": "email",
        "button": "Send me a link",
        "call": "/v2/auth/password/forgot",
    },
    "reset-password": {
        "title": "Set a new password",
        "lead": "You will be signed out everywhere, and can sign in with it.",
        "field": "password",
        "label": "New password",
        "autocomplete": "new-password",
        "button": "Set it",
        "call": "/v2/auth/password/reset",
        "key": True,
    },
    "confirm-email": {
        "title": "Confirm your e-mail address",
        "lead": "If you made an account at VidWiz with this address, confirm that it is yours.",
        "button": "It is mine",
        "call": "/v2/auth/email/confirm",
        "key": True,
    },
}


@require_safe
def account_page(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, "vidwiz/account.html", {"page": ACCOUNT_PAGES[name]})


@csrf_exempt
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """The process is up. Asks nobody else, so a slow database doesn't get it restarted."""
    return JsonResponse({"status": "ok"})


@csrf_exempt
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 if database, broker and storage answer, else 503; says which does not."""
    parts = readiness.check()
    ok = all(parts.values())
    answer = {"status": "ready" if ok else "not ready"} | {
        name: "ok" if up else "does not answer" for name, up in parts.items()
    }
    return JsonResponse(answer, status=200 if ok else 503)


class MetricsView(APIView):
    authentication_classes = (AdminTokenAuthentication,)
    throttle_classes = ()
    content_negotiation_class = AnyAccept

    @extend_schema(operation_id="metrics", responses={(200, "text/plain"): OpenApiTypes.STR})
    def get(self, request: Request) -> HttpResponse:
        """What the ledger of work holds, for Prometheus.

        Tasks by kind and state, and how long the oldest has waited, in Prometheus' text format.
        """
        registry = CollectorRegistry()
        registry.register(TaskCollector())
        return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
