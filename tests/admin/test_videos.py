"""Videos in the admin: where their page leads, how a task leads to it, and when one may be deleted."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.videos.models import Reason, State, Transcript, Video
from tests import factories

VIDEO_ID = "a_5Fb-c_-_1"  # the admin's own addresses give underscores a meaning


def delete(video: Video) -> str:
    return reverse("admin:videos_video_delete", args=[video.pk])


def test_a_failed_stage_says_why(staff: Client):
    factories.VideoFactory(transcript_state=State.FAILED, transcript_failure=Reason.NO_CAPTIONS)
    assert "failed: no_captions" in staff.get(reverse("admin:videos_video_changelist")).text


def test_a_video_leads_to_its_notes_transcripts_and_tasks(staff: Client):
    video = factories.VideoFactory(video_id=VIDEO_ID)
    notes = reverse("admin:notes_note_changelist", query={"video__exact": video.pk})
    transcripts = reverse("admin:videos_transcript_changelist", query={"video__exact": video.pk})
    tasks = reverse("admin:tasks_task_changelist", query={"subject__exact": VIDEO_ID})
    rows = {
        notes: factories.NoteFactory(video=video),
        transcripts: factories.TranscriptFactory(video=video),
        tasks: factories.TaskFactory(subject=VIDEO_ID),
    }
    factories.NoteFactory()
    factories.TranscriptFactory()
    factories.TaskFactory()
    page = staff.get(reverse("admin:videos_video_change", args=[video.pk])).text
    assert {path: path in page for path in rows} == dict.fromkeys(rows, True)
    assert {path: list(staff.get(path).context["cl"].result_list) for path in rows} == {
        path: [row] for path, row in rows.items()
    }
    assert f"https://www.youtube.com/watch?v={VIDEO_ID}" in page


@pytest.mark.parametrize("kind", ["fetch_metadata", "fetch_transcript", "ai_summary"])
def test_a_task_leads_to_its_video(staff: Client, kind: str):
    video = factories.VideoFactory(video_id=VIDEO_ID)
    task = factories.TaskFactory(kind=kind, subject=VIDEO_ID)
    path = reverse("admin:videos_video_change", args=["a_5F5Fb-c_5F-_5F1"], query={"_to_field": "video_id"})
    assert path in staff.get(reverse("admin:tasks_task_change", args=[task.pk])).text
    assert staff.get(path).context["original"] == video


def test_a_task_leads_to_its_note(staff: Client):
    note = factories.NoteFactory()
    factories.TaskFactory(kind="ai_note", subject=str(note.pk))
    path = reverse("admin:notes_note_change", args=[note.pk])
    assert path in staff.get(reverse("admin:tasks_task_changelist")).text


def test_a_task_of_a_kind_that_nobody_registered_is_shown(staff: Client):
    factories.TaskFactory(kind="of_yore", subject="something")
    assert "something" in staff.get(reverse("admin:tasks_task_changelist")).text


def test_a_task_whose_video_is_gone_leads_back_with_a_word(staff: Client):
    path = reverse("admin:videos_video_change", args=["gone0000000"], query={"_to_field": "video_id"})
    assert "Perhaps it was deleted?" in staff.get(path, follow=True).text


def test_a_video_that_nobody_uses_is_deleted_with_its_shared_transcript(staff: Client):
    video = factories.TranscriptFactory().video
    assert staff.get(delete(video)).status_code == 200
    staff.post(delete(video), {"post": "yes"})
    assert not Video.objects.filter(pk=video.pk).exists()
    assert not Transcript.objects.exists()


def test_a_video_with_notes_is_kept_and_says_which(staff: Client):
    video = factories.VideoFactory()
    notes = factories.NoteFactory.create_batch(25, video=video)
    answer = staff.post(delete(video), {"post": "yes"})
    assert "protected related objects" in answer.text
    assert reverse("admin:notes_note_change", args=[notes[0].pk]) in answer.text
    assert len(answer.context["protected"]) == 20
    assert Video.objects.filter(pk=video.pk).exists()


def test_a_video_with_somebodys_own_transcript_is_kept(staff: Client, alice: User):
    transcript = factories.TranscriptFactory(owner=alice)
    assert "protected related objects" in staff.post(delete(transcript.video), {"post": "yes"}).text
    assert Transcript.objects.filter(pk=transcript.pk).exists()
