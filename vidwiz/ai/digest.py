"""The telling part of a transcript that is too long for what reads it."""

from collections.abc import Iterable, Sequence

from vidwiz.ai import keyphrases
from vidwiz.common.segments import Segment

# What a line costs beside its words where it is read: "[1:02:03] " and the line break.
LABEL_CHARS = 12
# Passages of this many segments stay together: a line alone is hard to follow.
PASSAGE_SEGMENTS = 4


def digest(segments: Sequence[Segment], budget_chars: int, language: str = "") -> list[Segment]:
    """The most telling segments, spread evenly over the video, in order, unaltered.

    Each counts its characters and `LABEL_CHARS` against `budget_chars`; all come back if they fit. Never
    empty unless `segments` is: the one segment that is longer than the whole budget comes back cut.
    """
    if sum(map(_cost, segments)) <= budget_chars:
        return list(segments)
    weighed = keyphrases.weights(sample([segment.text for segment in segments]), language)
    passages = [
        range(first, min(first + PASSAGE_SEGMENTS, len(segments)))
        for first in range(0, len(segments), PASSAGE_SEGMENTS)
    ]
    costs = [sum(_cost(segments[index]) for index in passage) for passage in passages]
    worth = [
        keyphrases.telling(" ".join(segments[index].text for index in passage), weighed)
        for passage in passages
    ]
    kept: set[int] = set()
    # Half as many stretches as passages fit: each gives its best, then the best of what is left fill up.
    stretches = max(1, int(budget_chars / (sum(costs) / len(costs)) / 2))
    for stretch in range(stretches):
        first, last = (len(passages) * edge // stretches for edge in (stretch, stretch + 1))
        budget_chars = _take(
            sorted(range(first, last), key=lambda at: -worth[at])[:1], costs, kept, budget_chars
        )
    by_worth = sorted(range(len(passages)), key=lambda at: -worth[at])
    _take((at for at in by_worth if at not in kept), costs, kept, budget_chars)
    if not kept:
        best = max(segments, key=lambda segment: keyphrases.telling(segment.text[:2_000], weighed))
        return [best._replace(text=best.text[: max(1, budget_chars - LABEL_CHARS)])]
    return [segments[index] for at in sorted(kept) for index in passages[at]]


def sample(texts: Sequence[str], budget_chars: int = keyphrases.SEEN_CHARS) -> list[str]:
    """Runs of texts from evenly over the whole, together about `budget_chars` long."""
    total = sum(map(len, texts))
    if total <= budget_chars:
        return list(texts)
    run = 20
    step = max(run, int(run * total / budget_chars) + 1)
    taken, size = [], 0
    for first in range(0, len(texts), step):
        for value in texts[first : first + run]:
            taken.append(value[: budget_chars - size])
            size += len(taken[-1])
            if size >= budget_chars:
                return taken
    return taken


def _cost(segment: Segment) -> int:
    return len(segment.text) + LABEL_CHARS


def _take(candidates: Iterable[int], costs: Sequence[int], kept: set[int], budget_chars: int) -> int:
    for at in candidates:
        if costs[at] <= budget_chars:
            kept.add(at)
            budget_chars -= costs[at]
    return budget_chars
