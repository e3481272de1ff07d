"""Rows for tests. The cast: Alice owns things, Bob is another user, Charlie a stranger with nothing."""

import factory
from django.utils import timezone

from apps.accounts.models import User
from apps.notes.models import AIState, Note, seconds_of
from apps.tasks.models import Task
from apps.videos.models import State, Transcript, Video


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"user{n}@example.com")
    name = "Somebody"


class VideoFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Video

    video_id = factory.Sequence(lambda n: f"vid{n:08d}")
    title = factory.Sequence(lambda n: f"Video {n}")
    metadata_state = State.READY
    transcript_state = State.PENDING
    summary_state = State.NONE


class TranscriptFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Transcript

    video = factory.SubFactory(VideoFactory, transcript_state=State.READY)
    language = "en"
    source = Transcript.Source.YOUTUBE
    storage_key = factory.LazyAttribute(lambda row: f"transcripts/{row.video.video_id}.json")
    digest = "0" * 64
    segment_count = 3
    duration_seconds = 600.0


class NoteFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Note

    user = factory.SubFactory(UserFactory)
    video = factory.SubFactory(VideoFactory)
    timestamp = "1:00"
    timestamp_seconds = factory.LazyAttribute(lambda row: seconds_of(row.timestamp))
    text = "What was said."
    ai_state = AIState.NONE


class TaskFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Task

    kind = "fetch_transcript"
    subject = factory.Sequence(lambda n: f"sub{n:08d}")
    due_at = factory.LazyFunction(timezone.now)
    tell_at = factory.LazyFunction(timezone.now)
