"""A note's way through the ledger with a model behind it: real client libraries, a local server."""

import json

import pytest

from apps.notes.models import AIState, Note
from apps.tasks.models import Task, TaskState
from apps.videos import services as videos
from apps.videos.models import Reason, State, Video
from tests.conftest import VIDEO_ID
from tests.standins import llm as standin

WRITTEN = "A claim on an entry runs out when its worker dies, and another one takes over."
SUMMARY = {
    "summary": "The talk explains a ledger of work. " * 8,
    "suggested_questions": [
        "What is a ledger of work?",
        "When does a claim run out?",
        "What does the sweeper do?",
    ],
}


@pytest.fixture(params=["openai", "gemini"])
def model(request, settings):
    with standin.serve() as server:
        settings.AI_PROVIDER, settings.AI_MODEL = request.param, "model-of-tests"
        settings.OPENAI_BASE_URL, settings.GEMINI_BASE_URL = f"{server.url}/v1", server.url
        settings.OPENAI_API_KEY = settings.GEMINI_API_KEY = "key-of-tests"
        says = {"openai": standin.openai_says, "gemini": standin.gemini_says}[request.param]
        fails = {"openai": standin.openai_fails, "gemini": standin.gemini_fails}[request.param]
        server.name, server.says, server.fails = request.param, lambda it: says(json.dumps(it)), fails
        yield server


@pytest.fixture
def note(alices, told, segments):
    videos.store_transcript(video_id=VIDEO_ID, what=segments, language="en", source="youtube")
    return Note.objects.get(
        pk=alices.post(f"/v2/videos/{VIDEO_ID}/notes", {"timestamp": "1:00"}).json()["id"]
    )


def test_note_and_summary_are_what_the_model_wrote_and_say_so(model, note, work):
    model.will(model.says({"text": WRITTEN}))
    work("ai_note")
    note.refresh_from_db()
    assert (note.text, note.ai_state, note.ai_provider, note.ai_model) == (
        WRITTEN,
        AIState.READY,
        model.name,
        "model-of-tests",
    )
    model.will(model.says(SUMMARY))
    work("ai_summary")
    video = Video.objects.get()
    assert video.suggested_questions == SUMMARY["suggested_questions"]
    assert (video.summary_state, video.summary_provider) == (State.READY, model.name)


def test_a_service_that_asks_for_patience_gets_it(model, note, work):
    model.will(model.fails(429, "slow down", {"Retry-After": "300"}))
    (task,) = work("ai_note")
    assert task.state == TaskState.PENDING
    assert (task.due_at - task.created_at).total_seconds() >= 300
    note.refresh_from_db()
    assert note.ai_state == AIState.PENDING
    assert len(model.requests) == 1


def test_an_answer_that_never_fits_fails_the_note_with_the_reason(model, note, work):
    model.will(model.says({"text": "too short"}))
    (task,) = work("ai_note")
    note.refresh_from_db()
    assert (task.state, task.attempts, len(model.requests)) == (TaskState.FAILED, 1, 3)
    assert (note.text, note.ai_state) == (None, AIState.FAILED)
    assert note.ai_error.startswith("ai_failed: ")


def test_a_refused_key_fails_the_summary_and_is_told_to_nobody(model, note, work, caplog):
    model.will(model.fails(401, "invalid key key-of-tests"))
    (task,) = work("ai_summary")
    video = Video.objects.get()
    assert (video.summary_state, video.summary_failure) == (State.FAILED, Reason.AI_FAILED)
    assert "key-of-tests" not in caplog.text + task.last_error


def test_the_text_is_asked_for_in_the_language_that_the_user_reads(model, note, alice, work):
    alice.ai_language = "hi"
    alice.save()
    model.will(model.says({"text": WRITTEN}))
    work("ai_note")
    assert 'tag \\"hi\\"' in json.dumps(model.requests[0].body)
    assert Task.objects.get(kind="ai_note").state == TaskState.COMPLETED
