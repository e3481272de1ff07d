"""Words of captions: cleaned, counted, joined and cut, whatever the script."""

import html
import re
import string
import unicodedata

# Joiners shape Hindi, Persian and emoji; marks order Hebrew and Arabic. All other format characters hide.
_KEPT_FORMAT = "\u200c\u200d\u200e\u200f"
_HIDDEN = {"Cc", "Cs", "Cf"}
_ALSO_HIDDEN = "\ufffe\uffff"

_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,80}>|\{\\[^{}]{0,40}\}")
_SOUND = re.compile(
    r"[\[【][^\[\]【】]{0,40}[\]】]|\((?:[A-Z][A-Z ]{2,30}|(?i:music|applause|laughter|laughs|cheering))\)"
)
_MARKERS = re.compile(r"(?:^|(?<=\s))(?:>>+|-(?=\s))|[♪♫♬]")
# "you you you you": what recognisers write into silence. Digits may well be said three times over.
_STUTTER = re.compile(r"(?<!\S)([^\W\d]+(?:'[^\W\d]+)?)(?:,?\s+\1){2,}(?!\S)", re.IGNORECASE)

# ", , ," and "!!!!!!": no words, and enough of them would pass for a text.
_WORDLESS = re.compile(r"(?<!\S)[^\w\s]+(?:\s+[^\w\s]+)+(?!\S)|([^\w\s])(?:\1){3,}")

# Scripts written without spaces: Thai, Lao, Khmer, Burmese; kana; Han.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef"
_UNSPACED_CHARACTER = re.compile(f"[{_UNSPACED}]")
_KANA = re.compile("[\u3041-\u30ff]")
_HAN = re.compile("[\u3005\u3400-\u9fff\uf900-\ufaff]+|[\u30a1-\u30fa\u30fc]{2,}")

PUNCTUATION = string.punctuation + "।॥،؛؟…“”‘’«»„‹›、。！？（）「」『』・：；，．—–¿¡"
SENTENCE_ENDS = ".!?…。！？।॥؟"
QUESTION_MARKS = ("?", "？", "؟")
# What a text that stops mid-sentence doesn't end with.
LOOSE_ENDS = " ,;:–—、，；：،؛-…"
_STOPS = "、。，！？；।॥,.;!?"


def clean(value: str) -> str:
    """One line: whitespace folded to single spaces, control and hidden characters gone."""
    folded = " ".join(value.split())
    if folded.isascii() and folded.isprintable():
        return folded
    return " ".join(
        "".join(
            character
            for character in folded
            if character in _KEPT_FORMAT
            or (unicodedata.category(character) not in _HIDDEN and character not in _ALSO_HIDDEN)
        ).split()
    )


def spoken(caption: str) -> str:
    """What was said in a caption: without markup, [Music], >> and stutter; "" if that leaves no word."""
    if "&" in caption:
        caption = html.unescape(caption)
    if "<" in caption or "{" in caption:
        caption = _MARKUP.sub(" ", caption)
    if any(mark in caption for mark in "[【("):
        caption = _SOUND.sub(" ", caption)
    caption = clean(_WORDLESS.sub(" ", _MARKERS.sub(" ", caption)))
    caption = _STUTTER.sub(r"\1", caption)
    return caption if any(character.isalnum() for character in caption) else ""


def glue(before: str, after: str) -> str:
    """What stands between two captions: nothing in a script without spaces, else a space."""
    if not before or not after:
        return ""
    return "" if _UNSPACED_CHARACTER.match(before[-1]) and _UNSPACED_CHARACTER.match(after[0]) else " "


def words(value: str) -> list[str]:
    """Words in order, casefolded, without punctuation. Where nothing divides words, what can stand for
    them: runs of kanji and katakana in Japanese, pairs of characters in Chinese."""
    found = []
    for chunk in value.casefold().split():
        word = chunk.strip(PUNCTUATION)
        if not word:
            continue
        if word.isascii() or not _UNSPACED_CHARACTER.search(word):
            found.append(word)
        elif _KANA.search(word):
            found.extend(_HAN.findall(word))
        else:
            for run in _HAN.findall(word):
                found.extend(run[at : at + 2] for at in range(max(1, len(run) - 1)))
    return found


def cut(value: str, limit: int) -> str:
    """At most `limit` characters, ended at a word with "…" where it is too long; keeps at least 60 %."""
    if len(value) <= limit:
        return value
    least = int(limit * 0.6)
    end = _boundary(value, limit - 1, least)
    kept = value[:end].rstrip(LOOSE_ENDS)
    return (kept if len(kept) >= least else value[:end].rstrip()) + "…"


def _boundary(value: str, end: int, least: int) -> int:
    """The last place at or before `end`, but after `least`, where a text may be cut."""
    if value[end].isspace():
        return end
    space = value.rfind(" ", least, end)
    if space != -1:
        return space
    stop = max(value.rfind(mark, least, end) for mark in _STOPS)
    if stop != -1:
        return stop + 1
    # Never between a letter and the marks it carries.
    while end > least and (value[end] in "\u200c\u200d" or unicodedata.category(value[end]).startswith("M")):
        end -= 1
    return end
