from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView

from apps.notes import urls as notes
from apps.videos import urls as videos
from vidwiz import views

urlpatterns = [
    path("", views.home),
    *(path(name, views.account_page, {"name": name}) for name in views.ACCOUNT_PAGES),
    path("health", views.health),
    path("ready", views.ready),
    path("admin/", admin.site.urls),
    path(
        "v2/internal/",
        include(
            [
                path("metrics", views.MetricsView.as_view()),
                *notes.internal_urlpatterns,
                *videos.internal_urlpatterns,
            ]
        ),
    ),
    path("v2/", include("apps.accounts.urls")),
    path("v2/", include(notes.urlpatterns)),
    path("v2/", include(videos.urlpatterns)),
]

if settings.ENVIRONMENT in {"local", "staging"}:
    urlpatterns[:0] = [
        path("v2/openapi.json", SpectacularJSONAPIView.as_view(), name="openapi"),
        path(
            "v2/docs",
            SpectacularSwaggerSplitView.as_view(url_name="openapi", template_name="vidwiz/docs.html"),
        ),
    ]

handler400 = "vidwiz.common.error_answers.bad_request"
handler403 = "vidwiz.common.error_answers.permission_denied"
handler404 = "vidwiz.common.error_answers.not_found"
handler500 = "vidwiz.common.error_answers.server_error"
