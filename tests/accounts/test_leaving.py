"""An account goes: what goes with it, what stays, and what happens to those who are in the middle of something."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import close_old_connections, connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from apps.accounts import leaving, long_term_tokens, sign_ins
from apps.accounts.models import User
from apps.events.models import Event
from apps.notes import services as notes
from apps.notes.models import AIState, Note
from apps.tasks.models import Task, TaskState
from apps.videos import services as videos
from apps.videos.models import Transcript, Video
from tests import factories
from tests.conftest import VIDEO_ID, tokens_of
from tests.serving import serving
from vidwiz import ai

NOTES = f"/v2/videos/{VIDEO_ID}/notes"


def traces_of(pk, *words):
    """Each row of any table that refers to this user, or in which one of these words stands."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        theirs = {field.attname for field in model._meta.concrete_fields if field.related_model is User}
        found += [
            (model.__name__, row)
            for row in model._base_manager.values()
            if (model is User and row["id"] == pk)
            or any(row[name] == pk for name in theirs)
            or any(word in str(value) for value in row.values() for word in words)
        ]
    return found


def private_transcript(owner, video, words=b"[]"):
    key = default_storage.save(f"transcripts/private/{owner.pk}/{video.video_id}.json", ContentFile(words))
    return factories.TranscriptFactory(video=video, owner=owner, source="upload", storage_key=key)


def test_nothing_of_the_account_is_left_in_any_table(alices, alice, bob, told):
    pk = alice.pk
    video = factories.VideoFactory(video_id=VIDEO_ID, title="Everybody's")
    alices.post(NOTES, {"timestamp": "0:10", "text": "Alice's words"})
    alices.post(NOTES, {"timestamp": "0:20"})
    private_transcript(alice, video)
    long_term_tokens.create(user=alice, name="Phone")
    sign_ins.refresh(tokens_of(alice).refresh)
    EmailAddress.objects.create(user=alice, email=alice.email)
    SocialAccount.objects.create(user=alice, provider="google", uid="1")
    LogEntry.objects.create(
        user=bob,
        content_type=ContentType.objects.get_for_model(User),
        object_id=pk,
        object_repr=str(alice),
        action_flag=CHANGE,
    )
    tell_tales = ("alice@example.com", "Alice's words", f"notes:{pk}")
    assert {name for name, _ in traces_of(pk, *tell_tales)} == {
        "User", "Note", "Transcript", "Event", "LogEntry", "SignIn", "LongTermToken", "OutstandingToken",
        "EmailAddress", "SocialAccount",
    }  # fmt: skip
    leaving.delete_account(user=alice)
    assert traces_of(pk, *tell_tales) == []


def test_what_is_not_the_accounts_stays(alices, bobs, alice, bob, told, segments):
    videos.store_transcript(video_id=VIDEO_ID, what=segments, language="en", source="youtube")
    videos.store_summary(video_id=VIDEO_ID, summary="Short.", questions=None, made_by={"provider": "helper"})
    video = Video.objects.get()
    for client in (alices, bobs):
        client.post(NOTES, {"timestamp": "0:10", "text": "Mine."})
        client.post(NOTES, {"timestamp": "0:20"})
    private_transcript(bob, video, b"Bob's")
    leaving.delete_account(user=alice)
    assert [note["timestamp"] for note in bobs.get(NOTES).json()] == ["0:10", "0:20"]
    assert bobs.get(f"/v2/videos/{VIDEO_ID}").json()["summary"] == "Short."
    assert len(bobs.get(f"/v2/videos/{VIDEO_ID}/transcript").json()["segments"]) == len(segments)
    assert Transcript.objects.get(owner=bob).storage_key.endswith(f"/{bob.pk}/{VIDEO_ID}.json")
    assert not Task.objects.filter(kind="erase_file").exists()
    assert Event.objects.filter(channel=f"notes:{bob.pk}").count() == 2
    assert Task.objects.filter(kind="ai_note", state=TaskState.PENDING).count() == 1


def test_the_token_of_an_account_that_is_gone_opens_nothing(alices, alice):
    leaving.delete_account(user=alice)
    assert alices.get("/v2/users/me").status_code == 401


def test_an_account_that_is_gone_can_be_deleted_again(alice):
    again = User.objects.get()
    leaving.delete_account(user=alice)
    leaving.delete_account(user=again)
    assert not User.objects.exists()


def test_what_the_ai_was_still_to_write_is_called_off(alices, alice, told, segments):
    videos.store_transcript(video_id=VIDEO_ID, what=segments, language="en", source="youtube")
    alices.post(NOTES, {"timestamp": "0:10"})
    alices.post(NOTES, {"timestamp": "0:20"})
    leaving.delete_account(user=alice)
    states = Task.objects.filter(kind="ai_note").values_list("state", flat=True)
    assert list(states) == [TaskState.CANCELLED] * 2


def test_a_worker_in_the_middle_of_a_note_finds_it_gone(alices, alice, told, segments, monkeypatch, work):
    videos.store_transcript(video_id=VIDEO_ID, what=segments, language="en", source="youtube")
    alices.post(NOTES, {"timestamp": "1:00"})
    provider = ai.provider()

    class Slow:
        name, model = provider.name, provider.model

        def note(self, moment):
            leaving.delete_account(user=alice)
            return provider.note(moment)

    monkeypatch.setattr(ai, "provider", Slow)
    (task,) = work("ai_note")
    assert (task.state, task.last_error) == (TaskState.CANCELLED, "")
    assert not Note.objects.exists()
    assert not Event.objects.filter(channel=f"notes:{alice.pk}").exists()


def test_a_task_that_nobody_called_off_ends_as_quietly(alices, alice, told, segments, work):
    videos.store_transcript(video_id=VIDEO_ID, what=segments, language="en", source="youtube")
    alices.post(NOTES, {"timestamp": "1:00"})
    leaving.delete_account(user=alice)
    Task.objects.filter(kind="ai_note").update(state=TaskState.PENDING)
    (task,) = work("ai_note")
    assert (task.state, task.last_error) == (TaskState.COMPLETED, "")


def statements_to_delete(notes_count):
    user = factories.UserFactory()
    video = factories.VideoFactory()
    factories.NoteFactory.create_batch(
        notes_count, user=user, video=video, ai_state=AIState.PENDING, text=None
    )
    with CaptureQueriesContext(
        connection,
    ) as queries:
        leaving.delete_account(user=user)
    return len(queries)


def test_many_notes_go_in_as_few_statements_as_one(db):
    assert statements_to_delete(1) == statements_to_delete(300)


# --- Words in storage


def test_private_words_are_erased_from_storage(alice, told, work):
    video = factories.VideoFactory()
    key = private_transcript(alice, video).storage_key
    leaving.delete_account(user=alice)
    (task,) = work("erase_file")
    assert (task.subject, task.state) == (key, TaskState.COMPLETED)
    assert not default_storage.exists(key)


def test_the_broker_is_told_after_the_account_is_gone(alice, told, django_capture_on_commit_callbacks):
    key = private_transcript(alice, factories.VideoFactory()).storage_key
    with django_capture_on_commit_callbacks(execute=True):
        leaving.delete_account(user=alice)
        assert told == []
    assert told == [("erase_file", key)]


def test_a_storage_that_is_down_is_asked_again_until_it_is_up(alice, told, work, monkeypatch):
    key = private_transcript(alice, factories.VideoFactory()).storage_key

    def down(name):
        raise OSError("no route to storage")

    leaving.delete_account(user=alice)
    with monkeypatch.context() as patched:
        patched.setattr(default_storage, "delete", down)
        (task,) = work("erase_file")
    assert (task.state, task.last_error) == (TaskState.PENDING, "storage: no route to storage")
    assert default_storage.exists(key)
    # Days later, and many tries.
    Task.objects.filter(pk=task.pk).update(attempts=150, due_at=task.created_at)
    (task,) = work("erase_file")
    assert (task.state, default_storage.exists(key)) == (TaskState.COMPLETED, False)


def test_what_can_not_be_erased_at_all_is_said_in_the_log(alice, told, work, monkeypatch, caplog):
    key = private_transcript(alice, factories.VideoFactory()).storage_key

    def down(name):
        raise OSError("gone for good")

    leaving.delete_account(user=alice)
    Task.objects.update(attempts=199)
    monkeypatch.setattr(default_storage, "delete", down)
    (task,) = work("erase_file")
    assert task.state == TaskState.FAILED
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == [
        f"{key} can't be erased from storage and has to be, by hand: storage: gone for good"
    ]


def test_nothing_there_to_erase_is_as_good(alice, told, work):
    default_storage.delete(private_transcript(alice, factories.VideoFactory()).storage_key)
    leaving.delete_account(user=alice)
    (task,) = work("erase_file")
    assert task.state == TaskState.COMPLETED


def test_a_file_that_somebody_still_has_is_never_erased(alice, told, work, segments):
    videos.store_transcript(video_id=VIDEO_ID, what=segments, language="en", source="youtube")
    shared = Transcript.objects.get()
    factories.TranscriptFactory(video=shared.video, owner=alice, storage_key=shared.storage_key)
    leaving.delete_account(user=alice)
    (task,) = work("erase_file")
    assert (task.state, default_storage.exists(shared.storage_key)) == (TaskState.COMPLETED, True)


def test_the_longest_key_fits_into_a_task(db):
    longest = f"transcripts/private/{2**63 - 1}/{VIDEO_ID}.json"
    assert len(longest) <= Task._meta.get_field("subject").max_length


# --- Requests that race with the deletion


def test_a_note_for_an_account_that_goes_meanwhile_is_refused(transactional_db, anonymous, told):
    """The door was passed, and then the account went: what the database refuses is the caller's 401."""
    alice = factories.UserFactory()
    anonymous.force_authenticate(user=User.objects.get(pk=alice.pk))
    leaving.delete_account(user=alice)
    response = anonymous.post(NOTES, {"timestamp": "0:10"})
    assert (response.status_code, response.json()["error"]["code"]) == (401, "UNAUTHORIZED")
    assert response["WWW-Authenticate"] == "Bearer"
    assert (Video.objects.count(), Task.objects.count(), Event.objects.count()) == (0, 0, 0)


def test_so_is_a_change_of_its_profile(transactional_db, anonymous):
    alice = factories.UserFactory()
    anonymous.force_authenticate(user=User.objects.get(pk=alice.pk))
    leaving.delete_account(user=alice)
    assert anonymous.patch("/v2/users/me", {"name": "Still here"}).status_code == 401


def test_a_note_that_went_with_its_account_leaves_no_event(alices, alice, told):
    note = Note.objects.get(pk=alices.post(NOTES, {"timestamp": "0:10", "text": "x"}).json()["id"])
    leaving.delete_account(user=alice)
    notes.delete_note(note=note)
    assert not Event.objects.filter(channel=f"notes:{alice.pk}").exists()


CLIENTS = 4


@pytest.mark.parametrize("turn", range(3))
def test_notes_caught_while_the_account_goes_are_kept_or_refused_never_an_error(
    transactional_db, segments, work, turn
):
    user = factories.UserFactory(email="alice@example.com")
    pk = user.pk
    headers = {"Authorization": f"Bearer {tokens_of(user).access}"}
    under_way = threading.Barrier(CLIENTS + 1)

    def catch(url, client):
        """Until the account is gone: what each call answered."""
        statuses = []
        while 401 not in statuses:
            body = {"timestamp": "0:10"} if len(statuses) % 2 else {"timestamp": "0:20", "text": "Mine."}
            video_id = f"new{client if len(statuses) % 3 else 0:08d}"
            response = requests.post(
                f"{url}/v2/videos/{video_id}/notes", json=body, headers=headers, timeout=30
            )
            statuses.append(response.status_code)
            if len(statuses) == 3:
                under_way.wait(30)
        return set(statuses)

    def arrive():
        try:
            for n in range(CLIENTS):
                videos.store_transcript(
                    video_id=f"new{n:08d}", what=segments[n:], language="en", source="youtube"
                )
        finally:
            connection.close()

    with serving() as url, ThreadPoolExecutor(CLIENTS + 1) as pool:
        answers = [pool.submit(catch, url, client) for client in range(CLIENTS)]
        under_way.wait(30)
        arrival = pool.submit(arrive)
        leaving.delete_account(user=user)
        assert [answer.result() for answer in answers] == [{201, 401}] * CLIENTS
        arrival.result()
    close_old_connections()
    assert traces_of(pk, "alice@example.com", f"notes:{pk}") == []
    work("ai_note")  # what was asked for in the very moment finds its note gone
    ended = Task.objects.filter(kind="ai_note").values_list("state", flat=True)
    assert set(ended) <= {TaskState.CANCELLED, TaskState.COMPLETED}
    assert APIClient().get("/v2/users/me", headers=headers).status_code == 401
