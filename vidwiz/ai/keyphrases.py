"""What a talk is about: its telling phrases, and how much each word tells."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from vidwiz.ai import text
from vidwiz.ai.stopwords import stopwords

# What yake sees of a talk, in characters: half a second's work.
SEEN_CHARS = 60_000
# A longer "word" is no word, and yake compares words letter by letter.
WORD_CHARS = 40
PHRASE_CHARS = 48

_HAN_RUN = re.compile("[\u3005\u3400-\u9fff\u30a1-\u30fa\u30fc]{2,}")
_HAN_TEXT = re.compile("[\u3041-\u30ff\u3400-\u9fff]")
# Han that bind words rather than being part of one, in Chinese.
_BINDING = re.compile(
    "[的了是在和与也就都而及着或这那我你他她它们个么吗呢吧啊把被让很不有到说要会能对从为以之所其]"
)


def phrases(sentences: Iterable[str], language: str, top: int = 40) -> list[str]:
    """Up to `top` phrases of one to three words, the most telling first, none made of stop words, digits
    or another phrase's first words alone."""
    seen, size = [], 0
    for sentence in sentences:
        if size > SEEN_CHARS:
            break
        seen.append(sentence)
        size += len(sentence)
    if _unspaced(seen):
        return _runs(seen, language, top)
    found: list[str] = []
    whole = f" {' '.join(seen)} ".casefold()
    # Words that stood together once did so by chance; so did a word in a long talk, or it was misheard.
    rarest_word = 1 if len(whole) < 2_000 else 2
    for phrase in _yake(seen, language, top * 3):
        parts = phrase.casefold().split()
        if (
            _says_something(parts, stopwords(language))
            and not (language[:2] in ("en", "") and any(part.endswith("ly") for part in parts))
            and not _like_any(phrase, found)
            and whole.count(phrase.casefold()) >= (2 if len(parts) > 1 else rarest_word)
        ):
            found.append(phrase)
    return found[:top]


def subjects(ranked: Sequence[str]) -> list[str]:
    """Up to three phrases to ask about: of two or three words if there are, with no word in common."""
    chosen: list[str] = []
    for phrase in sorted(ranked, key=lambda phrase: 0 if " " in phrase else 1):
        longer = [other for other in ranked if f" {phrase} " in f" {other} "]
        fullest = max(longer, key=len)
        stems = {_stem(word) for word in fullest.casefold().split()}
        if not any(stems & {_stem(word) for word in other.casefold().split()} for other in chosen):
            chosen.append(fullest)
        if len(chosen) == 3:
            break
    return chosen


def weights(sentences: Sequence[str], language: str, ranked: Sequence[str] | None = None) -> dict[str, float]:
    """How much each word tells, 0 to 1; `telling` says what a missing one is worth. `ranked`: `phrases`
    of the same sentences, where they are at hand."""
    weighed: dict[str, float] = dict.fromkeys(stopwords(language), 0.0)
    if not stopwords(language) - {""}:
        # Nobody listed this language's stop words: its shortest frequent words are most of them.
        counted = Counter(word for sentence in sentences for word in text.words(sentence))
        weighed |= {word: 0.0 for word, _ in counted.most_common(60) if len(word) <= 4}
    for rank, phrase in enumerate(phrases(sentences, language) if ranked is None else ranked):
        for word in text.words(phrase):
            weighed.setdefault(word, 1 / (1 + rank / 12))
    return weighed


def telling(value: str, weighed: dict[str, float]) -> float:
    """How telling a text is, 0 to about 1: what its different words weigh, against how many they are."""
    said = text.words(value)
    found = dict.fromkeys(said)
    heavy = sum(weighed.get(word, 0.0 if word[0].isdigit() else 0.2) for word in found)
    # Who says the same words over again reads out a list, or hesitates.
    variety = len(found) / max(1, len(said))
    return heavy / (5 + 0.35 * len(found)) * min(1.0, 0.25 + variety)


def _yake(sentences: Sequence[str], language: str, top: int) -> list[str]:
    import yake  # a second and 50 MB: only where texts are made

    # yake's own tokenizer is made for articles: it gets plain words and full stops, nothing to stumble on.
    plain = " . ".join(
        " ".join(word for word in map(_plain, sentence.split()) if word) for sentence in sentences
    )
    extractor = yake.KeywordExtractor(
        lan=language[:2] or "en", n=3, top=top, dedup_lim=0.85, stopwords=stopwords(language) or {""}
    )
    return [phrase for phrase, _ in extractor.extract_keywords(plain)]


def _plain(word: str) -> str:
    word = word.strip(text.PUNCTUATION)
    return word if len(word) <= WORD_CHARS and word.replace("-", "").replace("'", "").isprintable() else ""


def _says_something(parts: Sequence[str], stop: frozenset[str]) -> bool:
    whole = " ".join(parts)
    if not 3 <= len(whole) <= PHRASE_CHARS or any(mark in whole for mark in '।?!."<>{}[]|/\\'):
        return False
    telling_parts = [part for part in parts if part not in stop and not any(c.isdigit() for c in part)]
    # It ends and begins with words that tell, and doesn't say one word twice ("log base log").
    return (
        bool(telling_parts)
        and all(part in telling_parts for part in (parts[0], parts[-1]))
        and len(set(parts)) == len(parts)
        and sum(len(part) for part in telling_parts) >= 3
    )


def _like_any(phrase: str, others: Sequence[str]) -> bool:
    stems = {_stem(word) for word in phrase.casefold().split()}
    return any(stems == {_stem(word) for word in other.casefold().split()} for other in others)


def _stem(word: str) -> str:
    return word.removesuffix("'s").rstrip("s") if word.isascii() else word


def _unspaced(sentences: Sequence[str]) -> bool:
    sample = "".join(sentences[:200])
    return len(_HAN_TEXT.findall(sample)) * 2 > len(sample)


def _runs(sentences: Sequence[str], language: str, top: int) -> list[str]:
    """Phrases where nothing divides words: runs of kanji or katakana, the often said and long ones first."""
    counted: Counter[str] = Counter()
    for sentence in sentences:
        for run in _HAN_RUN.findall(sentence):
            for part in _BINDING.split(run) if not language.startswith("ja") else [run]:
                counted.update(_grams(part) if not language.startswith("ja") else [part[:12]])
    stop = stopwords(language)
    ranked = sorted(
        (run for run in counted if len(run) >= 2 and run not in stop),
        key=lambda run: (-counted[run] * (len(run) - 1), run),
    )
    found: list[str] = []
    for run in ranked[: top * 4]:
        if not any(run in other or other in run for other in found):
            found.append(run)
    return found[:top]


def _grams(run: str) -> list[str]:
    return [run[at : at + size] for size in (2, 3, 4, 5, 6) for at in range(len(run) - size + 1)]
