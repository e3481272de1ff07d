import time
import tracemalloc

import pytest

from tests.ai import talks
from vidwiz.ai.base import Moment, NothingSaid, Talk
from vidwiz.ai.offline import Offline
from vidwiz.ai.questions import ABOUT, AT, questions
from vidwiz.common.segments import Segment


def summary(segments, language="en"):
    return Offline().summary(Talk(segments, "", language))


def test_the_sentences_stand_in_the_order_they_were_said():
    said = " ".join(segment.text for segment in talks.BREAD)
    found = summary(talks.BREAD).summary

    places = [said.find(sentence[1:]) for sentence in found.rstrip(".").split(". ")]
    assert places == sorted(places)
    assert -1 not in places


def test_the_questions_ask_about_what_the_talk_is_about():
    asked = " ".join(summary(talks.BREAD).suggested_questions)

    assert "dough" in asked or "starter" in asked or "loaf" in asked


@pytest.mark.parametrize(
    ("segments", "language", "mark"),
    [(talks.HINDI, "hi", "वीडियो"), (talks.JAPANESE, "ja", "動画"), (talks.ARABIC, "ar", "الفيديو")],
)
def test_the_questions_are_in_the_language_of_the_talk(segments, language, mark):
    # These talks are short: said twice, with other times, there is enough to choose from.
    again = [segment._replace(offset=segment.offset + 60) for segment in segments]

    found = summary([*segments, *again], language)

    assert all(mark in question for question in found.suggested_questions)


def test_the_language_is_guessed_from_the_script_where_nobody_told_it():
    assert "वीडियो" in summary(talks.HINDI, "").suggested_questions[0]


def test_the_same_sentence_is_not_said_twice():
    refrain = talks.spoken(*["The river carries sand from the mountains down to the sea."] * 8)

    found = summary([*talks.BREAD, *(s._replace(offset=s.offset + 100) for s in refrain)])

    assert found.summary.count("The river carries sand") <= 1


def test_captions_without_punctuation_give_a_summary():
    found = summary(talks.AUTOMATIC)

    assert "bicycle" in found.summary


def test_one_word_over_and_over_gives_a_summary_and_asks_about_times():
    found = summary(talks.spoken(*["na na hey hey"] * 60))

    assert any(":" in question for question in found.suggested_questions)


def test_too_little_said_makes_no_summary():
    with pytest.raises(NothingSaid, match="in this video"):
        summary(talks.spoken("Not even two hundred characters.", "[Music]"))


def test_braces_in_a_transcript_stay_braces():
    code = talks.spoken(
        *[f"the function {{render}} calls {{0}} for template number {at}." for at in range(30)]
    )

    assert summary(code)


def test_twelve_hours_of_captions_take_seconds_and_bounded_memory():
    segments = talks.long(50_000)
    summary(talks.BREAD)  # libraries are loaded

    began = time.perf_counter()
    summary(segments)
    Offline().note(Moment(20_000.0, segments, "", "en"))
    took = time.perf_counter() - began

    assert took < 8


def test_ten_million_characters_of_captions_stay_within_memory():
    segments = [Segment(f"caption {at} " + "word " * 100, at * 1.5, 1.5) for at in range(20_000)]
    summary(talks.BREAD)

    tracemalloc.start()
    summary(segments)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 150_000_000


@pytest.mark.parametrize("scrap", [", , abc def ", "and so the ", "a", "<a ", "A b. ", "地", "http://a.b/"])
def test_floods_that_nobody_would_say_take_seconds_too(scrap):
    flood = scrap * (300_000 // len(scrap))
    summary(talks.BREAD)  # libraries are loaded

    began = time.perf_counter()
    for segments in ([Segment(flood, 0.0, 3600.0)], talks.spoken(*[flood[:60]] * 5_000)):
        Offline().summary(Talk(segments))
        Offline().note(Moment(10.0, segments))

    assert time.perf_counter() - began < 8


@pytest.mark.parametrize("language", sorted(ABOUT))
@pytest.mark.parametrize("phrases", [["ab", "cd", "ef"], ["ab"], [], ["x" * 48, "y" * 48, "z" * 48]])
def test_every_language_has_questions_of_the_right_length(language, phrases):
    asked = questions(phrases, [0.0, 0.0, 0.0], language)

    assert len(set(asked)) == 3
    assert {20 <= len(question) <= 120 for question in asked} == {True}


def test_every_language_can_ask_about_times():
    assert set(ABOUT) == set(AT)
