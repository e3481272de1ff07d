from django.urls import path

from apps.notes import views

urlpatterns = [
    path("videos", views.NotedVideosView.as_view()),
    path("videos/<path:video_id>/notes", views.NotesView.as_view()),
    path("notes/<int:note_id>", views.NoteView.as_view()),
]

internal_urlpatterns = [
    path("videos/<path:video_id>/ai-notes", views.InternalNotesView.as_view()),
    path("notes/<int:note_id>", views.InternalNoteView.as_view()),
]
