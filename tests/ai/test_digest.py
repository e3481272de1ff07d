import time

from tests.ai import talks
from vidwiz.ai.digest import LABEL_CHARS, digest


def test_what_fits_comes_back_whole():
    assert digest(talks.BREAD, 10_000) == talks.BREAD


def test_a_digest_is_spread_over_the_whole_video():
    segments = talks.long(2_000)
    end = segments[-1].end

    chosen = digest(segments, 8_000, "en")

    tenths = {int(10 * segment.offset / end) for segment in chosen}
    assert tenths == set(range(10))


def test_a_digest_uses_its_budget():
    chosen = digest(talks.long(2_000), 8_000, "en")

    assert 7_000 < sum(len(segment.text) + LABEL_CHARS for segment in chosen) <= 8_000


def test_a_caption_longer_than_the_budget_is_cut():
    chosen = digest([talks.BREAD[0]._replace(text="dough " * 1_000)], 500)

    assert [len(segment.text) for segment in chosen] == [500 - LABEL_CHARS]


def test_twelve_hours_are_digested_in_seconds():
    segments = talks.long(50_000)

    began = time.perf_counter()
    digest(segments, 200_000, "en")

    assert time.perf_counter() - began < 8
