import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.events.models import Event
from apps.notes import services
from apps.notes.models import AIState, Note
from apps.tasks.models import Task, TaskState
from apps.videos import services as videos
from apps.videos.models import Video
from tests import factories
from tests.conftest import VIDEO_ID

NOTES = f"/v2/videos/{VIDEO_ID}/notes"


def create(client, **body):
    return client.post(NOTES, {"timestamp": "1:00"} | body)


@pytest.fixture
def ready(told, segments):
    return videos.store_transcript(video_id=VIDEO_ID, what=segments, language="en", source="youtube")


def test_a_note_is_given_back_as_the_contract_says(alices, alice, told):
    response = create(alices, timestamp="10:05", text="  My words.  ", video_title="Seen title")
    assert response.status_code == 201
    note = response.json()
    assert note == {
        "id": Note.objects.get().pk,
        "video_id": VIDEO_ID,
        "timestamp": "10:05",
        "text": "My words.",
        "generated_by_ai": False,
        "created_at": note["created_at"],
        "updated_at": note["updated_at"],
        "user_id": alice.pk,
        "timestamp_seconds": 605,
        "ai_state": "none",
    }
    assert Video.objects.get().title == "Seen title"


def test_a_note_on_a_new_video_schedules_what_is_missing(alices, told):
    create(alices)
    create(alices)
    assert sorted(Task.objects.values_list("kind", flat=True)) == ["fetch_metadata", "fetch_transcript"]


@pytest.mark.parametrize("text", [None, "", "   \n "])
def test_a_blank_text_means_none_and_the_ai_is_asked(alices, told, text):
    note = create(alices, text=text).json()
    assert (note["text"], note["ai_state"]) == (None, "pending")


def test_who_wants_no_ai_notes_gets_none(alices, alice, told, ready):
    alice.ai_notes_enabled = False
    alice.save()
    assert create(alices).json()["ai_state"] == "none"
    assert not Task.objects.filter(kind="ai_note").exists()


def test_with_the_transcript_there_the_note_gets_its_task_at_once(alices, ready):
    note = create(alices).json()
    assert Task.objects.get(kind="ai_note").subject == str(note["id"])


@pytest.mark.parametrize(
    ("timestamp", "seconds"),
    [("0:00", 0), ("1:05", 65), ("01:05", 65), ("75:30", 4530), ("1:02:03", 3723), ("11:59:59", 43199)],
)
def test_a_timestamp_is_given_back_as_sent(alices, told, timestamp, seconds):
    note = create(alices, timestamp=timestamp).json()
    assert (note["timestamp"], note["timestamp_seconds"]) == (timestamp, seconds)


@pytest.mark.parametrize(
    "timestamp",
    [
        "",
        "5",
        "1:5",
        "1:60",
        "1:60:00",
        "-1:00",
        "1:00:0",
        "a:bc",
        "١:٠٠",
        "1:00 x",
        None,
        65,
        ["1:00"],
        "100:00:00",
    ],
)
def test_what_is_no_timestamp_is_refused(alices, told, timestamp):
    response = create(alices, timestamp=timestamp)
    assert response.status_code == 422
    assert response.json()["error"]["details"][0]["field"] == "timestamp"
    assert not Video.objects.exists()


@pytest.mark.parametrize("text", ["x" * 10_001, 5, ["a"], "NUL\u0000", {"a": 1}])
def test_a_bad_text_is_refused(alices, told, text):
    response = create(alices, text=text)
    assert response.status_code == 422
    assert not Note.objects.exists()


def test_the_longest_text_is_kept_whole(alices, told):
    text = "🎓" * 10_000
    assert create(alices, text=text).json()["text"] == text


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 400),
        (b"[]", 422),
        (b"null", 422),
        (b'"words"', 422),
        (b'{"timestamp": NaN}', 400),
        (b'{"timestamp": "1:00", "text": "\\ud800"}', 422),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b'{"timestamp": ' + b"9" * 5000 + b"}", 400),
        (b'{"timestamp": "1:00", "text": "' + b"x" * 2_000_000 + b'"}', 413),
    ],
)
def test_a_malformed_or_huge_body_gets_a_clear_error(alices, told, body, status):
    response = alices.post(NOTES, data=body, content_type="application/json")
    assert response.status_code == status
    error = response.json()["error"]
    assert set(error) == {"code", "message", "details"}
    assert error["message"]
    assert not Note.objects.exists()


def test_another_media_type_is_refused(alices, told):
    response = alices.post(NOTES, data="timestamp=1:00", content_type="application/x-www-form-urlencoded")
    assert (response.status_code, response.json()["error"]["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")


def test_ones_notes_are_listed_oldest_first_or_by_time(alices, bobs, told):
    create(alices, timestamp="9:00", text="first")
    create(alices, timestamp="1:00", text="second")
    create(bobs, timestamp="5:00", text="Bob's")
    assert [note["text"] for note in alices.get(NOTES).json()] == ["first", "second"]
    assert [note["text"] for note in alices.get(f"{NOTES}?order=timestamp").json()] == ["second", "first"]
    assert alices.get(f"{NOTES}?order=random").status_code == 422
    assert alices.get(f"{NOTES}?order=").status_code == 422


def test_a_video_nobody_knows_has_no_notes(alices):
    response = alices.get(NOTES)
    assert (response.status_code, response.json()) == (200, [])


@pytest.mark.parametrize("count", [1, 30])
def test_listing_notes_costs_two_queries(alices, alice, django_assert_num_queries, count):
    video = factories.VideoFactory(video_id=VIDEO_ID)
    factories.NoteFactory.create_batch(count, user=alice, video=video)
    with django_assert_num_queries(2):
        assert len(alices.get(NOTES).json()) == count


def count_queries(client):
    with CaptureQueriesContext(connection) as queries:
        assert create(client).status_code == 201
    return len(
        [q for q in queries.captured_queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))]
    )


@pytest.mark.parametrize("waiting", [0, 500])
def test_what_a_note_costs_does_not_depend_on_what_waits(alices, told, waiting):
    Task.objects.bulk_create([Task(kind="fetch_transcript", subject=f"w{n}") for n in range(waiting)])
    # user; video: look, insert; two tasks; lock the video; note; event
    assert count_queries(alices) == 8


def test_a_note_on_a_known_video_costs_less(alices, ready):
    Video.objects.update(metadata_state="ready")
    # user; video; lock the video; note; task; event
    assert count_queries(alices) == 6


def test_a_note_can_be_changed_and_the_ai_is_called_off(alices, ready):
    note = create(alices).json()
    response = alices.patch(f"/v2/notes/{note['id']}", {"text": "Mine."})
    assert response.status_code == 200
    changed = response.json()
    assert (changed["text"], changed["ai_state"], changed["generated_by_ai"]) == ("Mine.", "none", False)
    assert changed["updated_at"] > note["updated_at"]
    assert Task.objects.get(kind="ai_note").state == TaskState.CANCELLED


def test_words_over_an_ai_text_are_the_owners(alices, alice):
    note = factories.NoteFactory(user=alice, generated_by_ai=True, ai_state=AIState.READY)
    changed = alices.patch(f"/v2/notes/{note.pk}", {"text": "Mine."}).json()
    assert (changed["generated_by_ai"], changed["ai_state"]) == (False, "none")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"colour": "red"}, 422),
        ({"text": "a", "timestamp": "1:00"}, 422),
        ({"text": "x" * 10_001}, 422),
        ({"generated_by_ai": None}, 422),
        ({"generated_by_ai": "yes"}, 422),
        ({"\ud800": 1, "text": "a"}, 422),
        (dict.fromkeys(map(str, range(5000)), 1), 422),
        ([], 422),
    ],
)
def test_a_change_that_is_none_is_refused(alices, alice, body, status):
    note = factories.NoteFactory(user=alice)
    response = alices.patch(f"/v2/notes/{note.pk}", json.dumps(body), content_type="application/json")
    assert response.status_code == status


def test_a_note_can_be_deleted(alices, ready):
    note = create(alices).json()
    assert set(alices.delete(f"/v2/notes/{note['id']}").json()) == {"message"}
    assert not Note.objects.exists()
    assert Task.objects.get(kind="ai_note").state == TaskState.CANCELLED
    assert alices.delete(f"/v2/notes/{note['id']}").status_code == 404


def test_a_note_deleted_while_it_is_changed_is_not_found(alices, alice, monkeypatch):
    note = factories.NoteFactory(user=alice)
    monkeypatch.setattr(services.tasks, "settle", lambda **kwargs: Note.objects.filter(pk=note.pk).delete())
    assert alices.patch(f"/v2/notes/{note.pk}", {"text": "a"}).status_code == 404


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_somebody_elses_note_is_not_there(bobs, alice, method):
    note = factories.NoteFactory(user=alice, text="Alice's")
    response = getattr(bobs, method)(f"/v2/notes/{note.pk}", {"text": "Bob's"})
    missing = getattr(bobs, method)("/v2/notes/999999", {"text": "Bob's"})
    assert (
        (response.status_code, response.json())
        == (missing.status_code, missing.json())
        == (404, missing.json())
    )
    note.refresh_from_db()
    assert note.text == "Alice's"


@pytest.mark.parametrize("note_id", [2**63, 10**30])
def test_an_id_past_all_ids_is_not_found(alices, helper, note_id):
    assert alices.patch(f"/v2/notes/{note_id}", {"text": "a"}).status_code == 404
    assert helper.patch(f"/v2/internal/notes/{note_id}", {"text": "a"}).status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", NOTES),
        ("post", NOTES),
        ("patch", "/v2/notes/1"),
        ("delete", "/v2/notes/1"),
        ("get", "/v2/videos"),
    ],
)
def test_guests_and_strangers_have_no_notes(guest, anonymous, method, path):
    assert getattr(guest, method)(path).status_code == 401
    assert getattr(anonymous, method)(path).status_code == 401


def test_each_change_leaves_an_event_on_its_owners_channel(alices, alice, ready):
    note_id = create(alices).json()["id"]
    alices.patch(f"/v2/notes/{note_id}", {"text": "a"})
    alices.delete(f"/v2/notes/{note_id}")
    events = Event.objects.filter(channel=f"notes:{alice.pk}").order_by("id")
    assert [(event.type, event.payload) for event in events] == [
        ("note.created", {"id": note_id}),
        ("note.updated", {"id": note_id}),
        ("note.deleted", {"id": note_id}),
    ]
