"""Sentences made fit to stand alone: without the words people begin with while they think."""

import re

from vidwiz.ai import text

# Words and commas only; what carries meaning at a start ("so that", "now that", "and/or") stays.
_LEADS = {
    "en": r"(?:and|but|um+|uh+|erm?|oh|okay|ok|alright|all right|anyway|you know|i mean|you see|let's see"
    r"|so(?! (?:that|far|long|much|many|called)\b)|now(?! that\b)|well(?= |,)|yeah|yep|basically|right(?=,)"
    r"|like(?=,)|actually|of course(?=,)|again(?=,)|great(?=,)|then(?=,))",
    "de": r"(?:und|also|ja|äh+m?|nun|genau|aber|okay|ok|so(?=,))",
    "es": r"(?:y|pues|bueno|entonces|eh+|pero|vale|okay|ok|ahora bien)",
    "fr": r"(?:et|alors|donc|bon|ben|euh+|mais|ok|voilà|eh bien|du coup)",
    "pt": r"(?:e|então|bem|né|mas|ok|bom)",
    "it": r"(?:e|allora|dunque|quindi|ma|ok|ecco|beh)",
    "ru": r"(?:ну|и|а|вот|но|так|значит)",
    "hi": r"(?:और|तो|लेकिन|अब)",
}
_LEAD = {
    language: re.compile(rf"(?:{words}(?:\s*,)?\s+)+", re.IGNORECASE) for language, words in _LEADS.items()
}
_ENGLISH_HESITATION = re.compile(
    r",?\s+(?:um+|uh+|erm)\b,?(?=\s)|,\s*(?:you know|I mean|like),(?=\s)"
    r"|\b(the|a|an|to|of|I|we|in|and|so|but|for|with)(?=\s+\1\s)\s+"
)


def tighten(sentence: str, language: str, *, capital: bool = True) -> str:
    """`sentence` without lead-in fillers, begun with a capital; the fillers stay if little else is there."""
    code = language.partition("-")[0].casefold() or "en"
    lead = _LEAD.get(code)
    found = lead.match(sentence) if lead else None
    rest = sentence[found.end() :] if found else sentence
    if code == "en":
        rest = _ENGLISH_HESITATION.sub("", rest)
    rest = rest if len(rest) >= 12 else sentence
    # Some letters have two capitals' worth ("ß"): those are left alone.
    return rest[0].upper() + rest[1:] if capital and len(rest[0].upper()) == 1 else rest


_PROMISING = """the a an of that this these and or but so to with for in on at as is are was which its it's
    their your my by from like because if than when where what how i we you particular very not some any much so
    too more most just merely"""
_DANGLING = frozenset(_PROMISING.split())


def settle(line: str, language: str) -> str:
    """A line that stops mid-sentence: without the words that promise another, and with "…"."""
    line = line.rstrip(text.LOOSE_ENDS)
    if language.partition("-")[0].casefold() in ("en", ""):
        words = line.split(" ")
        while len(words) > 1 and words[-1].casefold().strip(",") in _DANGLING:
            words.pop()
        line = " ".join(words).rstrip(text.LOOSE_ENDS)
    return line + "…"


_LEANING = re.compile(
    r"…?(?:this|that|that's|these|those|it|it's|they|they're|he|she|there|there's|here|here's|which|such|then"
    r"|what that|if that|one of them|both|either|you'll|you're|imagine|suppose|in our example)\b",
    re.IGNORECASE,
)
_CHAT = re.compile(
    r"\b(?:subscribe|patreon|sponsor\w*|channel|next video|last video|this video|comments?|link in|check out"
    r"|description|thanks? (?:you|for|to)|welcome|see you|let me|let's|i'm|i'll|i'd|i've|my"
    r"|i (?:want|like|think|should|could|made|also)|we're going to|we'll|go(?:ing)? (?:decently )?deep)\b",
    re.IGNORECASE,
)


def leans(line: str) -> bool:
    """It begins with a word that points at something said before (in English)."""
    return _LEANING.match(line) is not None


def chats(line: str) -> bool:
    """It speaks to the viewer, or about the video, rather than about its subject (in English)."""
    return _CHAT.search(line) is not None
