from django.urls import path

from apps.accounts import views
from apps.accounts.export import ExportView

urlpatterns = [
    path("auth/register", views.RegisterView.as_view()),
    path("auth/login", views.LoginView.as_view()),
    path("users/me", views.MeView.as_view()),
    path("users/me/export", ExportView.as_view()),
]
