import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidwiz.common import segments
from vidwiz.common.segments import BadTranscript, Segment


def test_segments_are_read_in_the_order_in_which_they_are_heard():
    sent = [{"text": "b", "offset": 5, "duration": 1}, {"text": "a", "start": 0.5}]
    assert segments.read(sent) == [Segment("a", 0.5, 4.5), Segment("b", 5.0, 1.0)]


def test_a_guessed_duration_lasts_to_the_next_segment_but_not_for_ever():
    sent = [{"text": "a", "offset": 0}, {"text": "b", "offset": 3}, {"text": "c", "offset": 60}]
    assert [segment.duration for segment in segments.read(sent)] == [3.0, 10.0, 10.0]


def test_offset_wins_over_start():
    assert segments.read([{"text": "a", "offset": 1, "start": 2}])[0].offset == 1.0


@pytest.mark.parametrize(
    ("item", "field"),
    [
        ({}, "text"),
        ({"text": None, "offset": 0}, "text"),
        ({"text": "a", "offset": None}, "offset"),
        ({"text": "a", "offset": math.nan}, "offset"),
        ({"text": "a", "offset": math.inf}, "offset"),
        ({"text": "a", "offset": 10**400}, "offset"),
        ({"text": "a", "offset": 0, "duration": "1"}, "duration"),
    ],
)
def test_the_first_wrong_item_and_field_are_named(item, field):
    with pytest.raises(BadTranscript) as caught:
        segments.read([{"text": "fine", "offset": 0}, item])
    assert (caught.value.index, caught.value.field) == (1, field)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3),
)
item = st.dictionaries(st.sampled_from(["text", "offset", "start", "duration"]), anything)
good_item = st.fixed_dictionaries(
    {"text": st.text(), "offset": st.floats(0, 100_000)}, optional={"duration": st.floats(0, 100)}
)


@given(st.lists(item | good_item, max_size=6) | anything)
def test_whatever_is_sent_becomes_segments_or_is_refused(sent):
    try:
        read = segments.read(sent)
    except BadTranscript:
        return
    assert read == sorted(read, key=lambda segment: segment.offset)
    assert segments.load(segments.dump(read)) == read


@pytest.mark.parametrize("stored", [b"", b"[", b"{}", b"[1]", b'[{"text": "a"}]', b"\xff"])
def test_what_is_not_a_stored_transcript_is_refused(stored):
    with pytest.raises(BadTranscript):
        segments.load(stored)


TALK = [Segment(f"s{n}", float(n * 10), 10.0) for n in range(20)]


@pytest.mark.parametrize(
    ("seconds", "within", "each_side", "expected"),
    [
        (100, 15, 0, ["s8", "s9", "s10", "s11"]),
        (0, 15, 0, ["s0", "s1"]),
        (500, 15, 0, []),
        (500, 15, 2, ["s18", "s19"]),
        (0, 0, 2, ["s0", "s1", "s2"]),
        (100, 5, 2, ["s9", "s10", "s11", "s12"]),
    ],
)
def test_what_is_heard_around_a_moment(seconds, within, each_side, expected):
    found = segments.around(TALK, seconds, within_seconds=within, at_least_each_side=each_side)
    assert [segment.text for segment in found] == expected


def test_a_long_segment_that_began_before_is_still_heard():
    talk = [Segment("long", 0.0, 100.0), Segment("short", 1.0, 1.0), Segment("later", 90.0, 5.0)]
    assert [s.text for s in segments.around(talk, 60, within_seconds=1)] == ["long"]
