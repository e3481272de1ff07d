"""What is one user's alone of videos: the transcripts that they handed in."""

from collections.abc import Iterable, Iterator

from apps.accounts.leaving import Belongings, File, Row
from apps.accounts.models import User
from apps.tasks import services as tasks
from apps.videos import storage
from apps.videos.kinds import ERASE_FILE
from apps.videos.models import Transcript

PAGE = 200


class PrivateTranscripts(Belongings):
    def __init__(self, user: User) -> None:
        super().__init__(user)
        self._problems: dict[int, str] = {}  # by primary key: why a file of the export is not there

    def files(self) -> Iterator[File]:
        for transcript in self._rows():
            try:
                words = storage.read_bytes(transcript)
            except (storage.StorageUnavailable, storage.TranscriptVanished) as error:
                # The rest must not be kept from its owner; the row says what is missing.
                self._problems[transcript.pk] = PROBLEMS[type(error)]
            else:
                yield f"transcripts/{transcript.video.video_id}.json", words

    def sections(self) -> dict[str, Row | Iterable[Row]]:
        return {"transcripts": map(self._row, self._rows())}

    def forget(self) -> None:
        keys = Transcript.objects.filter(owner=self.user).values_list("storage_key", flat=True)
        tasks.enqueue(kind=ERASE_FILE, subjects=keys)

    def _rows(self) -> Iterator[Transcript]:
        own = Transcript.objects.filter(owner=self.user).select_related("video").order_by("pk")
        own = own.defer("video__metadata", "video__summary", "video__suggested_questions")
        last = 0
        while page := list(own.filter(pk__gt=last)[:PAGE]):
            yield from page
            last = page[-1].pk

    def _row(self, transcript: Transcript) -> Row:
        return {
            "video_id": transcript.video.video_id,
            "title": transcript.video.title or None,
            "language": transcript.language,
            "source": transcript.source,
            "segment_count": transcript.segment_count,
            "duration_seconds": transcript.duration_seconds,
            "created_at": transcript.created_at,
            "updated_at": transcript.updated_at,
            "problem": self._problems.get(transcript.pk),
        }


PROBLEMS = {
    storage.StorageUnavailable: "The storage did not answer, so the words are not in this export. Export again later.",
    storage.TranscriptVanished: "The words are no longer in storage, so they are not in this export.",
}
