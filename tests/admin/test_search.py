"""What staff type into the search box, and what they find."""

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from tests import factories

VIDEO_ID = "a_5Fb-c_-_1"  # the admin's own addresses give underscores a meaning


def found(staff: Client, name: str, term: str) -> list[Model]:
    return list(staff.get(reverse(f"admin:{name}_changelist"), {"q": term}).context["cl"].result_list)


@pytest.mark.parametrize("term", ["alice@example.com", "ALICE@ex", "alice liddell", " Alice L"])
def test_a_user_is_found_by_the_beginning_of_address_or_name(staff: Client, term: str):
    alice = factories.UserFactory(email="alice@example.com", name="Alice Liddell")
    factories.UserFactory(email="bob@example.com", name="Bob")
    assert found(staff, "accounts_user", term) == [alice]


@pytest.mark.parametrize(
    "term",
    [VIDEO_ID, f"https://youtu.be/{VIDEO_ID}", f"www.youtube.com/watch?v={VIDEO_ID}", "how to sharpen"],
)
def test_a_video_is_found_by_its_id_its_address_or_the_beginning_of_its_title(staff: Client, term: str):
    video = factories.VideoFactory(video_id=VIDEO_ID, title="How to sharpen a knife")
    factories.VideoFactory()
    assert found(staff, "videos_video", term) == [video]


def test_a_title_that_looks_like_an_id_is_found(staff: Client):
    video = factories.VideoFactory(title="Programming in the dark")
    assert found(staff, "videos_video", "programming") == [video]


@pytest.mark.parametrize(
    "term", [VIDEO_ID, f"https://youtu.be/{VIDEO_ID}", "alice@example.com", "Alice@Example.com "]
)
def test_a_note_is_found_by_its_video_or_its_user(staff: Client, alice: User, term: str):
    note = factories.NoteFactory(user=alice, video__video_id=VIDEO_ID)
    factories.NoteFactory()
    assert found(staff, "notes_note", term) == [note]


@pytest.mark.parametrize("term", [VIDEO_ID, "alice@example.com"])
def test_a_transcript_is_found_by_its_video_or_its_owner(staff: Client, alice: User, term: str):
    transcript = factories.TranscriptFactory(owner=alice, video__video_id=VIDEO_ID)
    factories.TranscriptFactory()
    assert found(staff, "videos_transcript", term) == [transcript]


def test_notes_are_not_searched_by_their_words(staff: Client):
    factories.NoteFactory(text="programming")
    assert found(staff, "notes_note", "programming") == []


def test_a_task_is_found_by_its_exact_subject(staff: Client):
    task = factories.TaskFactory(subject=VIDEO_ID)
    factories.TaskFactory(subject=f"{VIDEO_ID}x")
    assert found(staff, "tasks_task", VIDEO_ID) == [task]


@pytest.mark.parametrize(
    ("name", "filters"),
    [
        ("accounts_user", {"is_staff__exact": "0"}),
        ("videos_video", {"transcript_state__exact": "pending"}),
        ("videos_transcript", {"source__exact": "youtube"}),
        ("notes_note", {"ai_state__exact": "none", "generated_by_ai__exact": "0"}),
        ("tasks_task", {"kind": "fetch_transcript", "state__exact": "pending"}),
    ],
)
def test_lists_are_filtered(staff: Client, name: str, filters: dict[str, str]):
    factories.NoteFactory()
    factories.TranscriptFactory(video=factories.VideoFactory())
    factories.TaskFactory()
    factories.TaskFactory(kind="fetch_metadata")
    answer = staff.get(reverse(f"admin:{name}_changelist"), filters)
    assert answer.status_code == 200
    assert answer.context["cl"].result_list
    assert all(
        str(getattr(row, field.removesuffix("__exact"))) in (value, str(value == "1"))
        for row in answer.context["cl"].result_list
        for field, value in filters.items()
    )
