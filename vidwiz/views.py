"""What is about the server itself: its front page, whether it is up, and what it counts."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.accounts.authentication import AdminTokenAuthentication
from apps.tasks.metrics import TaskCollector
from vidwiz import readiness


def home(request: HttpRequest) -> HttpResponse:
    return render(
        request, "vidwiz/home.html", {"local": settings.LOCAL, "docs": settings.ENVIRONMENT != "production"}
    )


def health(request: HttpRequest) -> JsonResponse:
    """The process is up. Asks nobody else, so a slow database doesn't get it restarted."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:
    """200 if database, broker and storage answer, else 503; says which does not."""
    parts = readiness.check()
    ok = all(parts.values())
    answer = {"status": "ready" if ok else "not ready"} | {
        name: "ok" if up else "does not answer" for name, up in parts.items()
    }
    return JsonResponse(answer, status=200 if ok else 503)


class _AnyAccept(BaseContentNegotiation):
    """Scrapers ask for formats that DRF does not know."""

    def select_parser(self, request, parsers):  # type: ignore[no-untyped-def]
        return parsers[0]

    def select_renderer(self, request, renderers, format_suffix=None):  # type: ignore[no-untyped-def]
        return renderers[0], renderers[0].media_type


class MetricsView(APIView):
    authentication_classes = (AdminTokenAuthentication,)
    content_negotiation_class = _AnyAccept

    @extend_schema(operation_id="metrics", responses={(200, "text/plain"): OpenApiTypes.STR})
    def get(self, request: Request) -> HttpResponse:
        registry = CollectorRegistry()
        registry.register(TaskCollector())
        return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
