from django.urls import path

from apps.videos import internal, views

# A video id may be a whole URL, slashes and all, so what follows it is matched first.
urlpatterns = [
    path("videos/<path:video_id>/stream", views.StreamView.as_view()),
    path("videos/<path:video_id>/transcript", views.TranscriptView.as_view()),
    path("videos/<path:video_id>", views.VideoView.as_view()),
]

internal_urlpatterns = [
    path("tasks", internal.NextTaskView.as_view()),
    path("tasks/<int:task_id>/result", internal.TaskResultView.as_view()),
    path("videos/<path:video_id>/transcript", internal.TranscriptView.as_view()),
    path("videos/<path:video_id>/metadata", internal.MetadataView.as_view()),
    path("videos/<path:video_id>/summary", internal.SummaryView.as_view()),
    path("videos/<path:video_id>", internal.VideoView.as_view()),
]
