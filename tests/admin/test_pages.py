"""Every page opens, only for staff, and costs the same however many rows there are."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from tests import factories
from tests.admin.conftest import MAKE, with_session
from tests.inline import inline
from vidwiz.common import admin as pages

LISTS = sorted(MAKE)
READ_ONLY = sorted(MAKE.keys() - {"accounts_user"})


def page(name: str, action: str, *args: object) -> str:
    return reverse(f"admin:{name}_{action}", args=args)


def test_every_model_has_a_page():
    ours = {model for model in apps.get_models() if model.__module__.startswith("apps.")}
    assert {model for model in ours if not admin.site.is_registered(model)} == set()


def test_the_index_opens(staff: Client):
    assert staff.get(reverse("admin:index")).status_code == 200


@pytest.mark.parametrize("name", LISTS)
def test_the_list_opens_and_shows_a_row(staff: Client, name: str):
    row = MAKE[name]()
    assert page(name, "change", row.pk) in staff.get(page(name, "changelist")).text


@pytest.mark.parametrize("name", LISTS)
def test_the_page_of_a_row_opens(staff: Client, name: str):
    assert staff.get(page(name, "change", MAKE[name]().pk)).status_code == 200


@pytest.mark.parametrize("name", LISTS)
def test_no_page_has_style_or_script_in_it(staff: Client, name: str):
    row = MAKE[name]()
    pages = [staff.get(page(name, "changelist")), staff.get(page(name, "change", row.pk))]
    assert [inline(answer.text) for answer in pages] == [[], []]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_costs_the_same_with_3_rows_as_with_30(staff: Client, name: str):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            staff.get(page(name, "changelist"))
        return len(captured)

    for _ in range(3):
        MAKE[name]()
    few = queries()
    for _ in range(27):
        MAKE[name]()
    assert queries() == few <= 6


@pytest.mark.parametrize("name", LISTS)
def test_a_list_counts_to_a_bound(staff: Client, name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pages, "MAX_ROWS", 2)
    for _ in range(3):
        MAKE[name]()
    answer = staff.get(page(name, "changelist"))
    assert answer.context["cl"].result_count == 2
    assert "The newest 2 are listed" in answer.text


@pytest.mark.parametrize("name", READ_ONLY)
def test_nothing_is_added_by_hand(staff: Client, name: str):
    assert staff.get(page(name, "add")).status_code == 403
    assert staff.post(page(name, "add"), {}).status_code == 403


@pytest.mark.parametrize("name", READ_ONLY)
def test_nothing_is_changed_by_hand(staff: Client, name: str):
    assert staff.post(page(name, "change", MAKE[name]().pk), {}).status_code == 403


@pytest.mark.parametrize("name", sorted(MAKE.keys() - {"videos_video"}))
def test_nothing_is_deleted_by_hand(staff: Client, name: str):
    row = MAKE[name]()
    assert staff.post(page(name, "delete", row.pk), {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    staff.post(page(name, "changelist"), chosen)
    assert type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("action", ["changelist", "change"])
@pytest.mark.parametrize("name", LISTS)
def test_who_is_not_staff_is_sent_to_the_login(alice: User, name: str, action: str):
    row = MAKE[name]()
    path = page(name, action, *([row.pk] if action == "change" else []))
    login = f"{reverse('admin:login')}?next={path}"
    answers = [client.get(path) for client in (Client(), with_session(alice))]
    assert [(answer.status_code, answer.headers.get("Location")) for answer in answers] == [(302, login)] * 2


def test_staff_without_permissions_see_nothing(db: None):
    client = with_session(factories.UserFactory(is_staff=True))
    assert client.get(page("notes_note", "changelist")).status_code == 403


def test_staff_sign_in_with_their_address_however_it_is_written(superuser: User):
    superuser.set_password("correct horse battery")
    superuser.save()
    sent = {"username": "ROOT@example.com", "password": "correct horse battery"}
    answer = Client().post(reverse("admin:login"), sent)
    assert answer.status_code == 302
