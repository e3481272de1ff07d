"""Transcripts in Django's default storage: a local folder, or S3. Never inside a transaction: it may be slow."""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from apps.videos.models import Transcript
from vidwiz.common import errors, segments
from vidwiz.common.segments import Segment

# What the largest accepted transcript makes, and room; a reader never takes in more.
MAX_BYTES = 64 * 1024 * 1024

_FAILURES = (OSError, BotoCoreError, ClientError)


class StorageUnavailable(errors.Unavailable):
    """The transcript storage does not answer right now. Nothing is lost; try again in a minute."""


class TranscriptVanished(errors.NotFound):
    """The transcript is no longer in storage. It will be fetched again."""


class Stored(NamedTuple):
    key: str
    digest: str


def key_of(video_id: str) -> str:
    return f"transcripts/{video_id}.json"


def write(*, video_id: str, what: Sequence[Segment]) -> Stored:
    """Raises `StorageUnavailable`; otherwise the words are where the key says."""
    data = segments.dump(what)
    key = key_of(video_id)
    try:
        saved_as = default_storage.save(key, ContentFile(data))
    except _FAILURES as error:
        raise StorageUnavailable from error
    return Stored(saved_as, hashlib.sha256(data).hexdigest())


def read(transcript: Transcript) -> list[Segment]:
    """Raises `TranscriptVanished` if the object is gone or is not a transcript, `StorageUnavailable` otherwise."""
    try:
        return segments.load(read_bytes(transcript))
    except segments.BadTranscript:
        raise TranscriptVanished from None


def read_bytes(transcript: Transcript) -> bytes:
    """What is stored, as it is. Raises `TranscriptVanished` if it is gone, `StorageUnavailable` otherwise."""
    try:
        with default_storage.open(transcript.storage_key) as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise TranscriptVanished from None
    except _FAILURES as error:
        raise StorageUnavailable from error
    if len(data) > MAX_BYTES:
        raise TranscriptVanished
    return data


def erase(key: str) -> None:
    """Raises `StorageUnavailable`; otherwise nothing is there, as it may have been before."""
    try:
        default_storage.delete(key)
    except _FAILURES as error:
        raise StorageUnavailable from error
