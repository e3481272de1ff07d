"""From a caught moment to its text, with the offline AI."""

import pytest
from django.db import connection

from apps.events.models import Event
from apps.notes import services
from apps.notes.models import AIState, Note
from apps.tasks.models import Task, TaskState
from apps.videos import services as videos
from apps.videos.models import State, Video
from tests import factories
from tests.conftest import VIDEO_ID

NOTES = f"/v2/videos/{VIDEO_ID}/notes"


def arrive(segments):
    return videos.store_transcript(video_id=VIDEO_ID, what=segments, language="en", source="youtube")


def catch(client, timestamp="1:00", **body):
    return Note.objects.get(pk=client.post(NOTES, {"timestamp": timestamp} | body).json()["id"])


def test_the_transcript_gives_every_waiting_note_its_task(alices, bobs, told, segments):
    waiting = {str(catch(alices).pk), str(catch(bobs, "2:00").pk)}
    catch(alices, "3:00", text="Already written.")
    arrive(segments)
    assert set(Task.objects.filter(kind="ai_note").values_list("subject", flat=True)) == waiting


def test_a_note_is_filled_with_what_was_said_there(alices, told, segments, work):
    note = catch(alices, "1:00")
    arrive(segments)
    work("ai_note")
    note.refresh_from_db()
    assert note.generated_by_ai
    assert note.ai_state == AIState.READY
    assert 40 <= len(note.text) <= 120
    around = " ".join(s.text for s in segments if 45 - s.duration <= s.offset <= 75).casefold()
    words = note.text.casefold().strip(".…").split()
    assert [word for word in words if word.strip(",.…") not in around] == []
    assert (note.ai_provider, note.ai_prompt_version, note.ai_transcript.video.video_id) == (
        "offline",
        "1",
        VIDEO_ID,
    )


def test_a_note_is_filled_once_though_the_work_is_told_twice(alices, alice, told, segments, work):
    note = catch(alices)
    arrive(segments)
    work("ai_note")
    text = Note.objects.get().text
    Task.objects.filter(kind="ai_note").update(state=TaskState.PENDING)
    work("ai_note")
    assert Note.objects.get().text == text
    updates = Event.objects.filter(channel=f"notes:{alice.pk}", type="note.updated", payload={"id": note.pk})
    assert updates.count() == 1


def test_what_the_owner_typed_while_the_ai_worked_is_kept(alices, told, segments, monkeypatch, work):
    from vidwiz import ai

    note = catch(alices)
    arrive(segments)
    provider = ai.provider()

    class Slow:
        name, model = provider.name, provider.model

        def note(self, moment):
            alices.patch(f"/v2/notes/{note.pk}", {"text": "Typed meanwhile."})
            return provider.note(moment)

    monkeypatch.setattr(ai, "provider", Slow)
    work("ai_note")
    note.refresh_from_db()
    assert (note.text, note.generated_by_ai, note.ai_state) == ("Typed meanwhile.", False, AIState.NONE)


def test_a_moment_past_the_end_keeps_its_note_and_says_why(alices, told, segments, work):
    videos.store_metadata(video_id=VIDEO_ID, metadata={"duration": 300})
    arrive(segments)
    note = catch(alices, "59:59")
    (task,) = work("ai_note")
    note.refresh_from_db()
    assert (note.text, note.ai_state) == (None, AIState.FAILED)
    assert "past the end of the video (5:00)" in note.ai_error
    assert (task.state, task.attempts) == (TaskState.FAILED, 1)


@pytest.mark.parametrize("metadata", [{"duration": 330}, None], ids=["a longer video", "not known yet"])
def test_a_moment_in_the_silence_before_the_end_is_not_past_it(alices, told, segments, work, metadata):
    if metadata:
        videos.store_metadata(video_id=VIDEO_ID, metadata=metadata)
    arrive(segments)
    note = catch(alices, "5:10")
    work("ai_note")
    note.refresh_from_db()
    assert note.ai_state == AIState.READY


def test_an_ai_that_is_down_is_tried_again_then_the_note_says_so(alices, told, segments, work, monkeypatch):
    from vidwiz import ai
    from vidwiz.ai import base

    class Down:
        name, model = "down", ""

        def note(self, moment):
            raise base.AIUnavailable("The AI service does not answer.")

    monkeypatch.setattr(ai, "provider", Down)
    arrive(segments)
    note = catch(alices)
    for attempt in range(1, 11):
        (task,) = work("ai_note")
        assert task.attempts == attempt
        note.refresh_from_db()
        assert note.ai_state == (AIState.PENDING if attempt < 10 else AIState.FAILED)
        Task.objects.filter(state=TaskState.PENDING).update(due_at=task.created_at)
    assert "does not answer" in note.ai_error


def test_a_note_that_failed_is_tried_again_with_another_transcript(alices, told, segments, work):
    arrive(segments[:2])
    note = catch(alices, "4:00")
    work("ai_note")
    note.refresh_from_db()
    assert note.ai_state == AIState.FAILED
    arrive(segments)
    work("ai_note")
    note.refresh_from_db()
    assert note.ai_state == AIState.READY


def test_a_deleted_note_leaves_nothing_to_do(alices, told, segments, work):
    arrive(segments)
    note = catch(alices)
    Note.objects.filter(pk=note.pk).delete()
    (task,) = work("ai_note")
    assert task.state == TaskState.COMPLETED


def test_a_transcript_that_vanished_brings_the_note_back_when_it_returns(alices, told, segments, work):
    from django.core.files.storage import default_storage

    from apps.videos import storage

    arrive(segments)
    note = catch(alices)
    default_storage.delete(storage.key_of(VIDEO_ID))
    work("ai_note")
    assert Video.objects.get().transcript_state == State.PENDING
    arrive(segments)
    work("ai_note")
    note.refresh_from_db()
    assert note.ai_state == AIState.READY


def test_helpers_see_the_empty_notes_of_those_who_want_ai(helper, alices, bob, bobs, told):
    bob.ai_notes_enabled = False
    bob.save()
    note = catch(alices)
    catch(alices, text="Written.")
    catch(bobs)
    answer = helper.get(f"/v2/internal/videos/{VIDEO_ID}/ai-notes").json()
    assert [row["id"] for row in answer["notes"]] == [note.pk]
    assert answer["video_id"] == VIDEO_ID


def test_helpers_are_told_when_no_note_waits(helper, alices, told):
    assert helper.get(f"/v2/internal/videos/{VIDEO_ID}/ai-notes").status_code == 404
    catch(alices, text="Written.")
    assert helper.get(f"/v2/internal/videos/{VIDEO_ID}/ai-notes").status_code == 404


def test_a_helper_fills_an_empty_note(helper, alices, told, segments):
    arrive(segments)
    note = catch(alices)
    response = helper.patch(f"/v2/internal/notes/{note.pk}", {"text": "A helper's.", "generated_by_ai": True})
    assert response.status_code == 200
    assert (response.json()["text"], response.json()["ai_state"]) == ("A helper's.", "ready")
    assert Task.objects.get(kind="ai_note").state == TaskState.COMPLETED


def test_a_helper_never_overwrites_what_the_owner_wrote(helper, alices, told):
    note = catch(alices, text="Mine.")
    response = helper.patch(f"/v2/internal/notes/{note.pk}", {"text": "A helper's.", "generated_by_ai": True})
    assert (response.status_code, response.json()["text"]) == (200, "Mine.")


def test_filling_many_waiting_notes_costs_the_same_queries_as_few(
    alice, told, segments, django_assert_max_num_queries
):
    video = videos.ensure_video(video_id=VIDEO_ID)
    for _ in range(60):
        factories.NoteFactory(user=alice, video=video, text=None, ai_state=AIState.PENDING)
    with django_assert_max_num_queries(30):
        services.request_waiting(video)
    assert Task.objects.filter(kind="ai_note").count() == 60
    assert connection.vendor in {"sqlite", "postgresql"}
