"""The words of a note, picked from the clauses that were said near its moment."""

import math
from collections.abc import Iterator, Sequence

from vidwiz.ai import keyphrases, text
from vidwiz.ai.base import NOTE_CHARS
from vidwiz.ai.pieces import Piece
from vidwiz.ai.tighten import chats, leans, settle, tighten

# People catch a moment just after they heard what they want to keep.
REACTION_SECONDS = 2.0
# A stretch that is too long by this much is still tried, cut.
CUT_CHARS = 170
STRETCH_CLAUSES = 12
# A note doesn't go on over a silence this long, in seconds.
SILENCE_SECONDS = 10.0


def best_line(
    clauses: Sequence[Piece], seconds: float, language: str, weighed: dict[str, float]
) -> str | None:
    """The best line of a note's length among neighbouring clauses; None if none has that length."""
    best, best_worth = None, -math.inf
    for stretch in _stretches(clauses):
        line = _line(stretch, language)
        if NOTE_CHARS[0] <= len(line) <= NOTE_CHARS[1]:
            worth = _worth(stretch, line, seconds, weighed)
            if worth > best_worth:
                best, best_worth = line, worth
    return best


def _stretches(clauses: Sequence[Piece]) -> Iterator[Sequence[Piece]]:
    for first in range(len(clauses)):
        size = 0
        for last in range(first, min(first + STRETCH_CLAUSES, len(clauses))):
            if last > first and clauses[last].start - clauses[last - 1].end > SILENCE_SECONDS:
                break
            size += len(clauses[last].text) + 1
            if size > CUT_CHARS and last > first:
                break
            yield clauses[first : last + 1]


def joined(stretch: Sequence[Piece]) -> str:
    """The pieces' words, one after the other."""
    parts: list[str] = []
    for piece in stretch:
        parts += [text.glue(parts[-1], piece.text) if parts else "", piece.text]
    return "".join(parts)


def _line(stretch: Sequence[Piece], language: str) -> str:
    said = joined(stretch)
    opens = stretch[0].opens
    line = ("" if opens else "…") + tighten(said, language, capital=opens)
    whole = stretch[-1].closes and len(line) <= NOTE_CHARS[1]
    return line if whole else settle(text.cut(line, NOTE_CHARS[1]), language)


def _worth(stretch: Sequence[Piece], line: str, seconds: float, weighed: dict[str, float]) -> float:
    moment = seconds - REACTION_SECONDS
    away = max(stretch[0].start - moment, moment - stretch[-1].end, 0.0)
    worth = 1.1 * math.exp(-away / 9) + 1.6 * keyphrases.telling(line, weighed)
    worth += 0.3 * stretch[0].opens + 0.4 * (not line.endswith("…"))
    # A whole sentence and the beginning of another.
    worth -= 0.25 * (line.endswith("…") and any(piece.closes for piece in stretch[:-1]))
    worth += 0.15 * min(1.0, len(line) / 90)
    if line.rstrip("…").endswith(text.QUESTION_MARKS):
        worth -= 0.25
    if leans(line):
        worth -= 0.15
    if chats(line):
        worth -= 0.2
    return worth
