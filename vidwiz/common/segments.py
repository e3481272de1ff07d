"""What was said, as a list of segments: reading it from strangers, keeping it, finding a moment in it."""

import bisect
import json
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

MAX_SEGMENTS = 100_000
MAX_OFFSET_SECONDS = 48 * 3600.0
# A segment that came without a duration lasts until the next one starts, but no longer than this.
LONGEST_GUESSED_SECONDS = 10.0

# NUL is refused by PostgreSQL, a lone surrogate by every encoder: neither was ever said.
_UNSAYABLE = {0: None} | dict.fromkeys(range(0xD800, 0xE000))


class Segment(NamedTuple):
    """One caption: `text` as shown, `offset` from the video's start and `duration`, both in seconds."""

    text: str
    offset: float
    duration: float

    @property
    def end(self) -> float:
        return self.offset + self.duration


class BadTranscript(ValueError):
    """This is not a transcript: a list of {text, offset, duration} in seconds is expected."""

    code = "transcript"

    def __init__(self, message: str, *, index: int | None = None, field: str = "") -> None:
        super().__init__(message)
        self.message, self.index, self.field = message, index, field


class NothingSaid(BadTranscript):
    """The transcript is empty."""

    code = "empty"


def read(items: Any) -> list[Segment]:
    """Segments, by offset, of a list `[{text, offset | start, duration?}]` in seconds that a stranger sent.

    Blank segments are dropped, overlaps and holes are kept as they are. Raises `BadTranscript`, which
    names the first item and field that is wrong.
    """
    if not isinstance(items, list):
        raise BadTranscript("Expected a list of segments.")
    if len(items) > MAX_SEGMENTS:
        raise BadTranscript(f"At most {MAX_SEGMENTS} segments can be kept.")
    rows: list[tuple[float, int, str, float | None]] = []
    for index, item in enumerate(items):
        if not isinstance(item, dict):
            raise BadTranscript("Expected an object with text and offset.", index=index)
        text = item.get("text")
        if not isinstance(text, str):
            raise BadTranscript("Expected the text that was said.", index=index, field="text")
        offset_field = "start" if item.get("offset") is None and "start" in item else "offset"
        offset = _seconds(item.get(offset_field), index=index, field=offset_field)
        duration = item.get("duration")
        if duration is not None:
            duration = _seconds(duration, index=index, field="duration")
        text = text.translate(_UNSAYABLE)
        if text.strip():
            rows.append((offset, index, text, duration))
    if not rows:
        raise NothingSaid("The transcript is empty.")
    rows.sort(key=lambda row: row[:2])
    return [
        Segment(text, offset, _guess(rows, at) if duration is None else duration)
        for at, (offset, _, text, duration) in enumerate(rows)
    ]


def _seconds(value: Any, *, index: int, field: str) -> float:
    # bool is an int to Python, and NaN is a float; neither is a time.
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MAX_OFFSET_SECONDS:
        raise BadTranscript("Expected a number of seconds, zero or more.", index=index, field=field)
    return round(float(value), 3) + 0.0  # never -0.0


def _guess(rows: Sequence[tuple[float, int, str, float | None]], at: int) -> float:
    until_next = rows[at + 1][0] - rows[at][0] if at + 1 < len(rows) else math.inf
    return round(min(until_next, LONGEST_GUESSED_SECONDS), 3)


def dump(segments: Sequence[Segment]) -> bytes:
    """The stored form, `[{text, offset, duration}]` as UTF-8 JSON; the same segments give the same bytes."""
    return json.dumps(
        [segment._asdict() for segment in segments], ensure_ascii=False, separators=(",", ":")
    ).encode()


def load(stored: bytes) -> list[Segment]:
    """What `dump` wrote. Raises `BadTranscript` if it is not that, a file cut short for instance."""
    try:
        kept = [Segment(item["text"], item["offset"], item["duration"]) for item in json.loads(stored)]
    except (ValueError, KeyError, TypeError) as error:
        raise BadTranscript("The stored transcript can't be read.") from error
    if not kept:
        raise BadTranscript("The stored transcript is empty.")
    return kept


def around(
    segments: Sequence[Segment], seconds: float, *, within_seconds: float, at_least_each_side: int = 0
) -> list[Segment]:
    """The segments, by offset, that are heard less than `within_seconds` from a moment, widened to
    `at_least_each_side` segments before and after it where there are so many."""
    here = bisect.bisect_right(segments, seconds, key=lambda segment: segment.offset)
    first, last = max(0, here - at_least_each_side), min(len(segments), here + at_least_each_side)
    while last < len(segments) and segments[last].offset <= seconds + within_seconds:
        last += 1
    # Segments may overlap, so one that began long ago may still be heard: look past the first that is not.
    wide_start = bisect.bisect_left(
        segments, seconds - within_seconds - 60, key=lambda segment: segment.offset
    )
    heard = [segment for segment in segments[wide_start:first] if segment.end >= seconds - within_seconds]
    return heard + list(segments[first:last])
