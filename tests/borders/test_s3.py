"""Transcripts in S3, over real HTTP."""

import boto3
import pytest
from django.conf import settings as django_settings

from apps.videos import services, storage
from apps.videos.models import State, Transcript, Video
from tests.conftest import VIDEO_ID
from vidwiz import settings as vidwiz_settings


def use_bucket(settings, monkeypatch, endpoint):
    """The storage that VidWiz's own settings make of these names."""
    monkeypatch.setattr(vidwiz_settings, "S3_TRANSCRIPT_BUCKET_NAME", "transcripts-of-tests")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", endpoint)
    settings.STORAGES = django_settings.STORAGES | {"default": vidwiz_settings.transcript_storage()}


@pytest.fixture
def bucket(aws, credentials, settings, monkeypatch):
    use_bucket(settings, monkeypatch, aws)
    bucket = boto3.resource("s3").create_bucket(Bucket="transcripts-of-tests")
    yield bucket
    bucket.objects.all().delete()
    bucket.delete()


def store(segments):
    return services.store_transcript(video_id=VIDEO_ID, what=segments, language="en", source="youtube")


@pytest.mark.django_db
def test_words_go_to_the_bucket_and_come_back(bucket, told, segments):
    store(segments)
    assert [item.key for item in bucket.objects.all()] == [f"transcripts/{VIDEO_ID}.json"]
    assert storage.read(Transcript.objects.get()) == segments


@pytest.mark.django_db
def test_another_transcript_takes_the_place_of_the_first(bucket, told, segments):
    store(segments)
    store(segments[:5])
    assert len(list(bucket.objects.all())) == 1
    assert storage.read(Transcript.objects.get()) == segments[:5]


@pytest.mark.django_db
def test_an_object_that_vanished_is_found_out(bucket, told, segments):
    store(segments)
    bucket.objects.all().delete()
    with pytest.raises(storage.TranscriptVanished):
        storage.read(Transcript.objects.get())


@pytest.mark.django_db
def test_an_object_is_erased_and_one_that_is_not_there_is_as_good(bucket, told, segments):
    store(segments)
    key = Transcript.objects.get().storage_key
    storage.erase(key)
    assert list(bucket.objects.all()) == []
    storage.erase(key)


def test_nothing_is_taken_for_erased_where_nobody_answers(credentials, settings, monkeypatch):
    use_bucket(settings, monkeypatch, "http://127.0.0.1:9")
    with pytest.raises(storage.StorageUnavailable):
        storage.erase("transcripts/private/1/x.json")


@pytest.mark.django_db
@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:9", None], ids=["nobody listens", "no such bucket"])
def test_a_storage_that_is_down_makes_nothing_ready(
    aws, credentials, settings, monkeypatch, told, segments, endpoint
):
    use_bucket(settings, monkeypatch, endpoint or aws)
    services.ensure_video(video_id=VIDEO_ID)
    with pytest.raises(storage.StorageUnavailable):
        store(segments)
    assert Video.objects.get().transcript_state == State.PENDING
    assert not Transcript.objects.exists()
