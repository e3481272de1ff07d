"""The words of a summary: central sentences from all over a video, in the order they were said."""

from collections.abc import Sequence

from vidwiz.ai import keyphrases, text
from vidwiz.ai.base import SUMMARY_CHARS
from vidwiz.ai.pieces import Piece
from vidwiz.ai.tighten import chats, leans, settle, tighten

SENTENCES = 6
# What reads well in a summary, in characters.
SENTENCE_CHARS = (45, 190)
# Sentences that share more than this part of their telling words say the same.
ALIKE = 0.5


class _Sentence:
    def __init__(self, at: int, line: str, worth: float, weighed: dict[str, float]) -> None:
        self.at, self.line, self.worth = at, line, worth
        self.words = {word for word in text.words(line) if weighed.get(word, 0.2)}

    def like(self, other: "_Sentence") -> bool:
        return len(self.words & other.words) > ALIKE * max(1, min(len(self.words), len(other.words)))


def best_sentences(clauses: Sequence[Piece], language: str, weighed: dict[str, float]) -> str:
    """`SENTENCES` or fewer sentences, one from each stretch of the video; "" if none reads well."""
    found = _sentences(clauses, language, weighed)
    picked: list[_Sentence] = []
    for stretch in range(SENTENCES):
        first, last = (len(clauses) * edge // SENTENCES for edge in (stretch, stretch + 1))
        _add_best([sentence for sentence in found if first <= sentence.at < last], picked)
    while _size(picked) < SUMMARY_CHARS[0] and _add_best(found, picked):
        pass
    while _size(picked) > SUMMARY_CHARS[1]:
        picked.remove(min(picked, key=lambda sentence: sentence.worth))
    picked.sort(key=lambda sentence: sentence.at)
    line = ""
    for sentence in picked:
        line += text.glue(line, sentence.line) + sentence.line
    return line


def _add_best(candidates: Sequence[_Sentence], picked: list[_Sentence]) -> bool:
    for sentence in sorted(candidates, key=lambda sentence: -sentence.worth):
        if not any(sentence.like(other) for other in picked):
            picked.append(sentence)
            return True
    return False


def _size(picked: Sequence[_Sentence]) -> int:
    return sum(len(sentence.line) + 1 for sentence in picked) - 1


def _sentences(clauses: Sequence[Piece], language: str, weighed: dict[str, float]) -> list[_Sentence]:
    """Clauses put together again, from one that opens to one that closes where the length allows."""
    found: list[_Sentence] = []
    first = 0
    while first < len(clauses):
        last, said = first, clauses[first].text
        while last + 1 < len(clauses) and not (clauses[last].closes and len(said) >= SENTENCE_CHARS[0]):
            longer = said + text.glue(said, clauses[last + 1].text) + clauses[last + 1].text
            if len(longer) > SENTENCE_CHARS[1] or (
                clauses[last].closes and clauses[last].text[-1:] in text.SENTENCE_ENDS
            ):
                break
            last, said = last + 1, longer
        opens = clauses[first].opens
        line = ("" if opens else "…") + tighten(said, language, capital=opens)
        if not clauses[last].closes or line[-1] not in text.SENTENCE_ENDS:
            line = settle(line, language)
        if SENTENCE_CHARS[0] <= len(line):
            whole = opens and clauses[last].closes
            found.append(_Sentence(first, line, _worth(line, whole, weighed), weighed))
        first = last + 1
    return found


def _worth(line: str, whole: bool, weighed: dict[str, float]) -> float:
    worth = keyphrases.telling(line, weighed)
    worth *= 1.0 if whole else 0.6
    worth *= 0.5 if line.endswith(text.QUESTION_MARKS) else 1.0
    worth *= 0.75 if leans(line) else 1.0
    return worth * (0.4 if chats(line) else 1.0)
