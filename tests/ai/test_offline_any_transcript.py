"""Whatever was said, enough of it makes texts that fit."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vidwiz.ai import digest, pieces
from vidwiz.ai.base import Moment, NothingSaid, Talk
from vidwiz.ai.offline import Offline
from vidwiz.common import segments as transcripts

SCRAPS = [
    "so", "the", "water", "Yes.", "I,", "um", "[Music]", ">>", "…", "...", "-", "¿qué", "это", "है।", "गैल्टन",
    "地震です。", "これは、", "人工智能", "مرحبا", "שלום", "ไทย", "👩‍👩‍👧", "1,000", "3.14", "{0}", "{{x}}", "%s", "<b>",
    "&amp;", "&#0;", "a" * 130, "e\u0301" * 30, "\u200d" * 5, "ß", "ŉ", "x" * 39, ", , ,", "why?", "।", "you you you",
]  # fmt: skip

words = st.one_of(st.sampled_from(SCRAPS), st.text(max_size=12))
captions = st.builds(
    lambda said, at, lasts: {"text": " ".join(said), "offset": at, "duration": lasts},
    st.lists(words, min_size=1, max_size=12),
    st.floats(0, 600, allow_nan=False),
    st.one_of(st.none(), st.floats(0, 30, allow_nan=False)),
)
languages = st.sampled_from(["", "en", "hi", "ja", "zh-Hans", "ar", "de", "xx"])


def read(items):
    try:
        return transcripts.read(items)
    except transcripts.BadTranscript:
        return []


patiently = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@patiently
@given(st.lists(captions, max_size=40), st.floats(0, 700, allow_nan=False), languages)
def test_a_note_fits_wherever_enough_was_said(items, seconds, language):
    segments = read(items)
    near = [s for s in segments if s.end >= seconds - 15 and s.offset <= seconds + 15]
    enough = sum(len(caption.text) for caption in pieces.said(near)) >= 40

    try:
        text = Offline().note(Moment(seconds, segments, "", language)).text
    except NothingSaid:
        assert not enough
    else:
        assert 40 <= len(text) <= 120
        assert text == " ".join(text.split())


@patiently
@given(st.lists(captions, max_size=60), languages)
def test_a_summary_fits_wherever_enough_was_said(items, language):
    segments = read(items)
    enough = sum(len(caption.text) for caption in pieces.said(segments)) >= 200

    try:
        # The schema is checked as the summary is made.
        Offline().summary(Talk(segments, "", language))
    except NothingSaid:
        assert not enough
    else:
        assert enough


@patiently
@given(st.lists(captions, min_size=1, max_size=60), st.integers(20, 2_000), languages)
def test_a_digest_fits_its_budget_in_order_and_unaltered(items, budget, language):
    segments = read(items)

    chosen = digest.digest(segments, budget, language)

    assert sum(len(segment.text) + digest.LABEL_CHARS for segment in chosen) <= budget
    assert bool(chosen) == bool(segments)
    assert [s.offset for s in chosen] == sorted(s.offset for s in chosen)
