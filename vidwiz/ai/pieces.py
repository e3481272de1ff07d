"""Captions cut sentences in pieces, and pieces hold several sentences: what was said, as it was said, with
its times."""

import bisect
import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import sentencex

from vidwiz.ai import text
from vidwiz.common.segments import Segment

# A silence this long, in seconds, ends a sentence whatever the punctuation says.
SILENCE_SECONDS = 8.0
# A sentence up to this length is left whole, so that it fits a note; a longer one is taken apart.
WHOLE_CHARS = 118
# A stretch without any full stop is handed to the sentence splitter in parts of this many characters.
BLOCK_CHARS = 20_000


class Piece(NamedTuple):
    """A sentence or part of one; `start` and `end` in seconds. `opens`: it begins where a sentence (or an
    independent clause) begins; `closes`: it ends where one ends."""

    text: str
    start: float
    end: float
    opens: bool
    closes: bool


class _Block(NamedTuple):
    """Captions without a long silence between them, as one text; `starts[i]` is where caption i begins."""

    text: str
    starts: list[int]
    captions: list[Segment]

    def seconds(self, at: int) -> float:
        index = bisect.bisect_right(self.starts, at) - 1
        caption, inside = self.captions[index], at - self.starts[index]
        return caption.offset + caption.duration * min(1.0, inside / max(1, len(caption.text)))


def said(segments: Sequence[Segment]) -> list[Segment]:
    """The captions in which something was said, their text cleaned."""
    return [
        Segment(words, segment.offset, segment.duration)
        for segment in segments
        if (words := text.spoken(segment.text))
    ]


def clauses(captions: Sequence[Segment], language: str) -> Iterator[Piece]:
    """Sentences of at most `WHOLE_CHARS`; longer ones in parts: at commas, else where a clause opens,
    else where a caption ends, else between words."""
    for block in _blocks(captions):
        for start, end in _sentence_spans(block.text, language):
            spans = [(start, end, True, True)]
            for kind in _BREAKS:
                spans = [part for span in spans for part in _split(block, span, kind)]
            for span in spans:
                yield _piece(block, *span)


def _blocks(captions: Sequence[Segment]) -> Iterator[_Block]:
    parts: list[str] = []
    block = _Block("", [], [])
    size = 0
    for caption in captions:
        if block.captions:
            last = block.captions[-1]
            if caption.offset - last.end > SILENCE_SECONDS or size > BLOCK_CHARS:
                yield block._replace(text="".join(parts))
                parts, block, size = [], _Block("", [], []), 0
            else:
                parts.append(text.glue(last.text, caption.text))
                size += len(parts[-1])
        block.starts.append(size)
        block.captions.append(caption)
        parts.append(caption.text)
        size += len(caption.text)
    if block.captions:
        yield block._replace(text="".join(parts))


def _sentence_spans(block: str, language: str) -> Iterator[tuple[int, int]]:
    at = 0
    for sentence in sentencex.segment(language.partition("-")[0] or "en", block):
        if sentence.strip():
            lead = len(sentence) - len(sentence.lstrip())
            yield at + lead, at + len(sentence.rstrip())
        at += len(sentence)


def _piece(block: _Block, start: int, end: int, opens: bool, closes: bool) -> Piece:
    return Piece(block.text[start:end], block.seconds(start), block.seconds(end), opens, closes)


_COMMA = re.compile(r"[,;:،؛][\"”’)]?\s+|\s[–—-]\s|[、，；：—]")
# Speech recognisers leave out the full stop but often keep the capital ("… screwy But the idea …").
_CAPITAL = re.compile(
    r"\s+(?=(?:It|It's|But|The|So|And|That|That's|This|These|We|We're|You|What|If|For|In|They|There|Then"
    r"|When|Now|Or|How|Because|Well|Okay|Let's|Here|Once|Next)\s)"
)
# Only before what looks like a subject: "so we start", not "so much".
_OPENER = re.compile(
    r"\s+(?=(?:so|and|but|because|now|okay|if|when|then|well|where|while|or)\s+(?:so\s|then\s|now\s|if\s|when\s)?"
    r"(?:i|we|you|it|he|she|they|there|this|that|these|those|the|a|an|what|in|let's|for|if|when"
    r"|(?:i|we|you|it|he|she|they|there|that|what)'\w+)\s)",
    re.IGNORECASE,
)
_SPACE = re.compile(r"\s+")

_Break = tuple[Callable[[_Block, int, int], list[int]], bool, bool]


def _matches(pattern: re.Pattern[str]) -> Callable[[_Block, int, int], list[int]]:
    return lambda block, start, end: [found.end() for found in pattern.finditer(block.text, start, end)]


def _caption_starts(block: _Block, start: int, end: int) -> list[int]:
    first, last = bisect.bisect_right(block.starts, start), bisect.bisect_left(block.starts, end)
    return block.starts[first:last]


def _between_words(block: _Block, start: int, end: int) -> list[int]:
    breaks, at = [], start
    while end - at > WHOLE_CHARS:
        space = block.text.rfind(" ", at + 1, at + WHOLE_CHARS)
        at = space + 1 if space > at else at + WHOLE_CHARS - 8
        breaks.append(at)
    return breaks


# In order; the flags say whether what follows reads as a beginning, and what comes before as an end.
_BREAKS: list[_Break] = [
    (_matches(_CAPITAL), True, True),
    (_matches(_COMMA), False, False),
    (_matches(_OPENER), True, False),
    (_caption_starts, False, False),
    (_between_words, False, False),
]


def _split(
    block: _Block, span: tuple[int, int, bool, bool], kind: _Break
) -> list[tuple[int, int, bool, bool]]:
    start, end, opens, closes = span
    find, begins, ends = kind
    if end - start <= WHOLE_CHARS:
        return [span]
    breaks = [at for at in find(block, start, end) if start < at < end]
    edges = [start, *breaks, end]
    parts = []
    for index, (first, last) in enumerate(itertools.pairwise(edges)):
        stripped = len(block.text[first:last].rstrip())
        if stripped:
            parts.append(
                (
                    first,
                    first + stripped,
                    opens if index == 0 else begins,
                    closes if index == len(edges) - 2 else ends,
                )
            )
    return parts
