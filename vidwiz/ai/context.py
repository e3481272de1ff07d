"""What was said around a moment, and whether enough was said at all."""

from collections.abc import Sequence

from vidwiz.ai import pieces
from vidwiz.ai.base import NOTE_CHARS, SUMMARY_CHARS, Moment, NothingSaid, Talk
from vidwiz.ai.digest import LABEL_CHARS
from vidwiz.common import segments
from vidwiz.common.segments import Segment

NEAR_SECONDS = 15.0
NEAR_SEGMENTS = 15
# Transcripts have holes: fifteen segments away may be another chapter, half an hour later.
FARTHEST_SECONDS = 120.0


def of_note(moment: Moment) -> list[Segment]:
    """The segments, unaltered, from 15 s before to 15 s after the moment, and 15 on each side of it, but
    none wholly more than 120 s away. Raises `NothingSaid` if fewer words than a note has are in them."""
    heard = [
        segment
        for segment in segments.around(
            moment.segments, moment.seconds, within_seconds=NEAR_SECONDS, at_least_each_side=NEAR_SEGMENTS
        )
        if distance(segment, moment.seconds) <= FARTHEST_SECONDS
    ]
    if _chars(heard, enough=NOTE_CHARS[0]) < NOTE_CHARS[0]:
        raise NothingSaid("Too little was said around this moment.")
    return heard


def of_summary(talk: Talk) -> Sequence[Segment]:
    """The whole transcript. Raises `NothingSaid` if fewer words than a summary has are in it."""
    if _chars(talk.segments, enough=SUMMARY_CHARS[0]) < SUMMARY_CHARS[0]:
        raise NothingSaid("Too little was said in this video.")
    return talk.segments


def distance(segment: Segment, seconds: float) -> float:
    """Seconds between a moment and a segment, 0 while it is heard."""
    return max(segment.offset - seconds, seconds - segment.end, 0.0)


def nearest(heard: Sequence[Segment], seconds: float, budget_chars: int) -> list[Segment]:
    """As many of the nearest segments as fit a budget of characters, in order."""
    kept: list[Segment] = []
    for segment in sorted(heard, key=lambda segment: distance(segment, seconds)):
        budget_chars -= len(segment.text) + LABEL_CHARS
        if budget_chars < 0 and kept:
            break
        kept.append(segment)
    return sorted(kept, key=lambda segment: segment.offset)


def _chars(heard: Sequence[Segment], *, enough: int) -> int:
    """Characters of cleaned words, counted no further than `enough`."""
    total = 0
    for segment in heard:
        total += sum(len(caption.text) for caption in pieces.said([segment]))
        if total >= enough:
            break
    return total
