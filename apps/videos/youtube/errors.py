"""Why YouTube gave nothing, in the words of the API's `failure.reason`."""

import re
from enum import StrEnum

MAX_DETAIL = 300
_MAX_READ = 5_000


class Reason(StrEnum):
    BLOCKED = "blocked"
    NO_CAPTIONS = "no_captions"
    LANGUAGE_MISSING = "language_missing"
    AGE_RESTRICTED = "age_restricted"
    PRIVATE = "private"
    NOT_FOUND = "not_found"
    LIVE = "live"
    RATE_LIMITED = "rate_limited"
    UNAVAILABLE = "unavailable"


_NAMES = frozenset(reason.value for reason in Reason)
_RETRYABLE = frozenset({Reason.BLOCKED, Reason.RATE_LIMITED, Reason.UNAVAILABLE})


class YouTubeError(Exception):
    """YouTube did not give what was asked for.

    `reason` says why, `retryable` whether the same request may succeed later, `retry_after` how many
    seconds YouTube asked to wait (None if it did not), `detail` the cause in at most 300 characters,
    for logs and staff, without credentials.
    """

    def __init__(self, reason: Reason, detail: str = "", retry_after: float | None = None) -> None:
        detail = _presentable(detail)
        super().__init__(reason, detail, retry_after)
        self.reason, self.detail, self.retry_after = reason, detail, retry_after

    @property
    def retryable(self) -> bool:
        return self.reason in _RETRYABLE

    def __str__(self) -> str:
        return f"{self.reason}: {self.detail}" if self.detail else str(self.reason)


def _presentable(detail: str) -> str:
    """One bounded line. A proxy's URL may hold its password, and network errors like to quote it."""
    without_credentials = re.sub(r"(?<=://)\S*@", "", detail[:_MAX_READ])
    without_escapes = re.sub(r"\x1b\[[0-9;]*m", "", without_credentials)
    return " ".join(without_escapes.split())[:MAX_DETAIL]


# The first that fits wins, so the narrow ones stand before the wide ones: nearly everything is also
# "unavailable", and "isn't available, try again later" means "slow down".
_SIGNS: tuple[tuple[Reason, re.Pattern[str]], ...] = tuple(
    (reason, re.compile(pattern, re.IGNORECASE))
    for reason, pattern in (
        (Reason.UNAVAILABLE, r"\b(?:in|from) your (?:country|region|location)\b|geo.?restrict"),
        (
            Reason.PRIVATE,
            r"\bprivate video|\bvideo is private\b|\bmembers[- ]only\b|\bjoin this channel\b"
            r"|\brequires payment\b|\bmusic premium\b",
        ),
        (
            Reason.AGE_RESTRICTED,
            r"\bage[- _]?(?:restrict|verif|check)|\bconfirm your age\b|\binappropriate for some users\b"
            r"|\bagerestricted\b",
        ),
        (
            Reason.BLOCKED,
            r"\bnot a bot\b|captcha|\bunusual traffic\b|\bautomated queries\b|\bblocking (?:your )?requests\b"
            r"|\bblocked by youtube\b|\b(?:your )?ip (?:has been |is (?:likely being )?|was )?blocked\b"
            r"|\bipblocked\b|\brequestblocked\b|\bpo[ _-]?token|\b(?:please sign in|login_required)\b",
        ),
        (
            Reason.RATE_LIMITED,
            r"\btoo many requests\b|\brate[- ]?limit|\bcontent is(?:n't| not) available, try again later\b"
            r"|\b(?:http|status|code|error)\D{0,12}429\b|\b429 client error\b|\bquota exceeded\b",
        ),
        (
            Reason.LIVE,
            r"\blive event (?:will begin|has ended)|\bpremieres? (?:in|will begin|soon)\b|\bpremiering\b"
            r"|\blive_stream_offline\b|\blive ?stream (?:is )?offline\b|\bis (?:currently )?(?:a )?live\b"
            r"|\b(?:a|an active|ongoing|upcoming) live ?stream\b|\bis upcoming\b",
        ),
        (
            Reason.LANGUAGE_MISSING,
            r"\brequested (?:translation )?language\b|\blanguage (?:is )?(?:not available|missing)\b",
        ),
        (
            Reason.NO_CAPTIONS,
            r"\b(?:subtitles|captions|transcripts?) (?:(?:are|is|were|was) )?(?:disabled|unavailable)\b"
            r"|\b(?:subtitles|captions|transcripts?) (?:are|is|were|was) not available\b"
            r"|\b(?:no|without(?: any)?) (?:subtitles|captions|transcripts?)\b|\btranscriptsdisabled\b"
            r"|\bnotranscript(?:found|available)\b|\b(?:transcript|track) is empty\b|\bempty transcript\b",
        ),
        (
            Reason.NOT_FOUND,
            r"\bvideo (?:is )?unavailable\b|\bno longer available\b|\bisn't available any ?more\b"
            r"|\b(?:has been|was) (?:removed|deleted|terminated)\b|\bdoes not exist\b|\bdoesn't exist\b"
            r"|\bnot available on youtube\b|\bthis video is(?:n't| not) available\b|\bvideo not found\b"
            r"|\binvalid (?:youtube )?video ?id\b|\binvalidvideoid\b|\bvideounavailable\b"
            r"|\bincomplete youtube id\b",
        ),
    )
)
# An address quotes an id, and yt-dlp's prefix too: any word can stand in one.
_QUOTED = re.compile(r"https?://\S+|\[youtube[^\]]*\]\s+[\w-]{11}:", re.IGNORECASE)


def reason_of(text: str) -> Reason:
    """The reason in a message of YouTube, yt-dlp, youtube-transcript-api or a helper; a reason's own name
    is that reason. What can't be told is `unavailable`, which may be tried again."""
    text = text[:_MAX_READ].replace("\u2019", "'").strip()
    if text.lower() in _NAMES:
        return Reason(text.lower())
    text = _QUOTED.sub(" ", text)
    return next((reason for reason, sign in _SIGNS if sign.search(text)), Reason.UNAVAILABLE)
