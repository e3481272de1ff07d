from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

from apps.accounts import guard, sign_ins
from apps.accounts.models import LongTermToken, SignIn, User
from vidwiz.common import limits
from vidwiz.common.addresses import client_address
from vidwiz.common.admin import BigTableAdmin, ReadOnlyAdmin, links_to_what_refers_to, unbroken

admin.site.site_header = admin.site.site_title = "VidWiz staff"

# The libraries' own pages count and sort whole tables, show tokens, or are about what is not used here.
admin.site.unregister(
    [EmailAddress, SocialAccount, SocialApp, SocialToken, BlacklistedToken, OutstandingToken]
)


class StaffLoginForm(AdminAuthenticationForm):
    """The same limits as the API's login, of which this is the other door."""

    def clean(self) -> dict[str, Any]:
        assert self.request
        address = client_address(self.request)
        if self.errors:
            return self.cleaned_data  # without name or password there is nothing to try
        try:
            if wait := limits.hit("login", address):
                raise limits.Limited(wait)
            budget = guard.count(email=self.cleaned_data.get("username", ""), address=address)
        except limits.Limited as limited:
            raise ValidationError(limited.message) from limited
        cleaned = super().clean()
        guard.forgive(budget)
        guard.let_in(user=self.get_user(), address=address)
        return cleaned


admin.site.login_form = StaffLoginForm

# Whoever may change these can make themselves a superuser.
PRIVILEGES = ("is_staff", "is_superuser", "groups", "user_permissions")


class AddForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name")

    def clean_email(self) -> str:
        return User.objects.normalize_email(self.cleaned_data["email"])


class ChangeForm(UserChangeForm):
    def clean_email(self) -> str:
        return User.objects.normalize_email(self.cleaned_data["email"])


@admin.register(User)
class UserAdmin(BigTableAdmin, DjangoUserAdmin):
    form = ChangeForm
    add_form = AddForm
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    list_display = ("email", "name", "is_active", "is_staff", "created_at", "their_rows")
    list_filter = ("is_active", "is_staff", "is_superuser", "ai_notes_enabled")
    ordering = ("-pk",)
    search_fields = ("email", "name")  # see get_search_results
    search_help_text = "The beginning of an e-mail address or of a name."
    readonly_fields = ("last_login", "created_at", "their_rows")
    fieldsets = (
        (None, {"fields": ("email", "password", "name", "profile_image_url", "their_rows")}),
        ("AI notes", {"fields": ("ai_notes_enabled", "ai_language")}),
        ("Permissions", {"fields": ("is_active", *PRIVILEGES)}),
        ("Dates", {"fields": ("last_login", "created_at")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("email", "name", "usable_password", "password1", "password2"),
            },
        ),
    )

    @admin.display(description="What is theirs")
    def their_rows(self, user: User) -> str:
        return unbroken(links_to_what_refers_to(user))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        """An address is found by its index, which a name has not; nor are names cut into words."""
        if term := search_term.strip():
            by_email = Q(email__startswith=term.lower())
            queryset = queryset.filter(by_email if "@" in term else by_email | Q(name__istartswith=term))
        return queryset, False

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        return self.readonly_fields + (() if _is_superuser(request) else PRIVILEGES)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        if obj and obj.is_staff and obj != request.user and not _is_superuser(request):
            return False  # a new e-mail address or password would be the way to all that they may do
        return super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        # What was confirmed was the old address, and a password must no longer be set by way of it.
        EmailAddress.objects.filter(user=obj).exclude(email=obj.email).delete()
        if not obj.is_active:
            sign_ins.end_all(user=obj, why=SignIn.End.STAFF)  # also if it is opened again

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An account is made inactive here: deleting it must also clear its words out of storage."""
        return False


@admin.register(SignIn)
class SignInAdmin(ReadOnlyAdmin):
    list_display = ("id", "user", "created_at", "refreshed_at", "expires_at", "ended_at", "ended_by")
    list_filter = ("ended_by",)
    list_select_related = ("user",)
    exclude = ("address",)


@admin.register(LongTermToken)
class LongTermTokenAdmin(ReadOnlyAdmin):
    list_display = ("id", "name", "user", "created_at", "last_used_at", "expires_at")
    list_select_related = ("user",)
    exclude = ("digest",)


@admin.register(EmailAddress)
class EmailAddressAdmin(ReadOnlyAdmin):
    list_display = ("id", "email", "user", "verified")
    list_select_related = ("user",)


@admin.register(SocialAccount)
class SocialAccountAdmin(ReadOnlyAdmin):
    list_display = ("id", "provider", "user", "last_login", "date_joined")
    list_select_related = ("user",)


def _is_superuser(request: HttpRequest) -> bool:
    return request.user.is_active and request.user.is_superuser
