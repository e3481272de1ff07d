"""Accounts in the admin: an e-mail address in place of a username, and no way up for staff."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts import sign_ins
from apps.accounts.models import LongTermToken, SignIn, User
from apps.events.models import Event
from tests import factories
from tests.admin.conftest import MAKE, with_session
from tests.conftest import tokens_of

ADD = "admin:accounts_user_add"
PASSWORD = "correct horse battery"


def change(user: User) -> str:
    return reverse("admin:accounts_user_change", args=[user.pk])


def form(user: User, **changes: Any) -> dict[str, Any]:
    return {"email": user.email, "name": user.name, "is_active": "on", **changes}


@pytest.fixture
def clerk(db: None) -> Client:
    """The browser of somebody who may change users and is no superuser."""
    user = factories.UserFactory(email="clerk@example.com", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    return with_session(user)


def test_a_user_is_added_with_an_address_a_name_and_a_password(staff: Client):
    assert staff.get(reverse(ADD)).status_code == 200
    sent = {
        "email": "Dora@Example.com", "name": "Dora",
        "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD,
    }  # fmt: skip
    answer = staff.post(reverse(ADD), sent)
    user = User.objects.get(email="dora@example.com")
    assert answer.url == change(user)
    assert user.check_password(PASSWORD)
    assert not user.is_staff


def test_an_address_is_taken_whatever_its_case(staff: Client, alice: User):
    sent = {
        "email": "ALICE@example.com", "name": "Alice",
        "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD,
    }  # fmt: skip
    answer = staff.post(reverse(ADD), sent)
    assert answer.context["errors"] == [["User with this Email already exists."]]


def test_a_user_is_changed_and_the_address_kept_in_lower_case(staff: Client, alice: User):
    assert (
        staff.post(change(alice), form(alice, email="Alice2@Example.com", name="Alice II")).status_code == 302
    )
    alice.refresh_from_db()
    assert (alice.email, alice.name) == ("alice2@example.com", "Alice II")


def test_a_user_is_made_inactive(staff: Client, alice: User):
    sent = form(alice)
    del sent["is_active"]
    staff.post(change(alice), sent)
    alice.refresh_from_db()
    assert not alice.is_active


def test_a_password_is_set(staff: Client, alice: User):
    path = reverse("admin:auth_user_password_change", args=[alice.pk])
    assert staff.get(path).status_code == 200
    staff.post(path, {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD})
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


def test_a_user_leads_to_their_notes(staff: Client, alice: User):
    note = factories.NoteFactory(user=alice)
    factories.NoteFactory()
    path = reverse("admin:notes_note_changelist", query={"user__exact": alice.pk})
    assert path in staff.get(change(alice)).text
    assert list(staff.get(path).context["cl"].result_list) == [note]


NASTY = "<script>alert(1)</script>"


@pytest.mark.parametrize("name", sorted(MAKE))
def test_what_users_wrote_is_text_and_never_markup(staff: Client, name: str):
    mallory = factories.UserFactory(name=NASTY, email="<b>@example.com")
    video = factories.VideoFactory(title=NASTY, metadata={"a": NASTY}, summary=NASTY)
    rows = [
        mallory,
        video,
        factories.NoteFactory(user=mallory, video=video, text=NASTY, ai_error=NASTY),
        factories.TranscriptFactory(owner=mallory, video=video, language=NASTY, storage_key=NASTY),
        factories.TaskFactory(last_error=NASTY, subject=NASTY, lease_owner=NASTY),
        Event.objects.create(channel=NASTY, type=NASTY, payload={"id": NASTY}),
        SignIn.objects.create(user=mallory, expires_at=timezone.now()),
        LongTermToken.objects.create(user=mallory, name=NASTY),
        EmailAddress.objects.create(user=mallory, email=NASTY),
        SocialAccount.objects.create(user=mallory, provider=NASTY, uid=NASTY),
    ]
    row = next(row for row in rows if row._meta.label_lower == name.replace("_", "."))
    listed = staff.get(reverse(f"admin:{name}_changelist")).text
    opened = staff.get(reverse(f"admin:{name}_change", args=[row.pk])).text
    assert all("&lt;" in page for page in (listed, opened))
    assert not any(markup in page for page in (listed, opened) for markup in ("<script>alert", "<b>"))


def test_staff_change_users_but_can_not_raise_anybody(clerk: Client, alice: User):
    clerk.post(change(alice), form(alice, name="Alice II", is_staff="on", is_superuser="on"))
    alice.refresh_from_db()
    assert (alice.name, alice.is_staff, alice.is_superuser) == ("Alice II", False, False)


def test_staff_can_not_get_into_the_account_of_a_superuser(clerk: Client, superuser: User):
    password = reverse("admin:auth_user_password_change", args=[superuser.pk])
    assert clerk.post(change(superuser), form(superuser, email="mine@example.com")).status_code == 403
    assert clerk.post(password, {"password1": PASSWORD, "password2": PASSWORD}).status_code == 403


def test_staff_can_not_get_into_the_account_of_other_staff(clerk: Client, alice: User):
    User.objects.filter(pk=alice.pk).update(is_staff=True)
    password = reverse("admin:auth_user_password_change", args=[alice.pk])
    assert clerk.post(change(alice), form(alice, email="mine@example.com")).status_code == 403
    assert clerk.post(password, {"password1": PASSWORD, "password2": PASSWORD}).status_code == 403


def still_in(tokens: sign_ins.Tokens) -> bool:
    return sign_ins.user_by_access_token(tokens.access) is not None


@pytest.mark.parametrize(
    "sent",
    [
        {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD},
        {"usable_password": "false", "password1": "", "password2": "", "unset-password": ""},
    ],
)
def test_a_password_that_staff_change_or_take_away_ends_every_sign_in(staff: Client, alice: User, sent: dict):
    alice.set_password("the one before, long enough")
    alice.save()
    tokens = tokens_of(alice)
    answer = staff.post(reverse("admin:auth_user_password_change", args=[alice.pk]), sent)
    assert answer.status_code == 302
    assert not still_in(tokens)


def test_closing_an_account_ends_its_sign_ins_for_good(staff: Client, alice: User):
    tokens = tokens_of(alice)
    staff.post(change(alice), {"email": alice.email, "name": alice.name})
    staff.post(change(alice), form(alice))
    alice.refresh_from_db()
    assert alice.is_active
    assert not still_in(tokens)


def test_a_new_address_is_not_the_confirmed_one(staff: Client, alice: User):
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)
    staff.post(change(alice), form(alice, email="new@example.com"))
    assert not EmailAddress.objects.filter(user=alice).exists()
