from django.urls import path

from apps.accounts import views
from apps.accounts.export import ExportView

urlpatterns = [
    path("auth/register", views.RegisterView.as_view()),
    path("auth/login", views.LoginView.as_view()),
    path("auth/google", views.GoogleView.as_view()),
    path("auth/refresh", views.RefreshView.as_view()),
    path("auth/logout", views.LogoutView.as_view()),
    path("auth/password/forgot", views.ForgotView.as_view()),
    path("auth/password/reset", views.ResetView.as_view()),
    path("auth/email/confirm", views.ConfirmView.as_view()),
    path("auth/tokens", views.TokensView.as_view()),
    path("auth/tokens/<int:token_id>", views.TokenView.as_view()),
    path("users/me", views.MeView.as_view()),
    path("users/me/export", ExportView.as_view()),
]
