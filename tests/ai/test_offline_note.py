import pytest

from tests.ai import talks
from vidwiz.ai.base import Moment, NothingSaid
from vidwiz.ai.offline import Offline
from vidwiz.common.segments import Segment


def note(segments, seconds, language="en"):
    return Offline().note(Moment(seconds, segments, "", language)).text


def test_the_note_is_a_sentence_that_was_said_at_the_moment():
    assert note(talks.BREAD, 46.0) == "Gluten forms by itself during the autolyse, without any kneading."


def test_a_sentence_that_captions_cut_in_two_is_whole_again():
    assert note(talks.BREAD, 20.0) == (
        "A sourdough starter is a colony of wild yeast and bacteria that lives in a jar of flour and water."
    )


def test_sounds_and_speaker_marks_and_fillers_are_left_out():
    line = note(talks.BREAD[:3], 2.0)

    assert not {"[Music]", ">>"} & set(line.split())
    assert not line.startswith("So")


def test_captions_without_punctuation_give_words_in_their_order():
    line = note(talks.AUTOMATIC, 24.0)

    said = " ".join(segment.text for segment in talks.AUTOMATIC)
    assert line.strip("…")[1:] in said


def test_a_hindi_note_is_a_hindi_sentence():
    assert note(talks.HINDI, 11.0, "hi") in {segment.text for segment in talks.HINDI[1:4]}


def test_a_japanese_note_is_made_of_whole_sentences_without_spaces_between():
    line = note(talks.JAPANESE, 22.0, "ja")

    assert line in "".join(segment.text for segment in talks.JAPANESE)
    assert line.endswith("。")


def test_a_note_from_right_to_left_is_what_was_said():
    line = note(talks.ARABIC, 6.0, "ar")

    assert line.strip("…") in " ".join(segment.text for segment in talks.ARABIC)


def test_a_japanese_flood_of_words_is_cut_within_its_length():
    flood = [Segment("地震の揺れはとても激しくなることがあります" * 20, 0.0, 60.0)]

    assert 40 <= len(note(flood, 30.0, "ja")) <= 120


def test_little_said_nearby_is_filled_up_from_farther_away():
    sparse = [
        Segment("Yes.", 100.0, 1.0),
        Segment("The engine burns hydrogen and oxygen at three thousand degrees.", 130.0, 5.0),
    ]

    assert note(sparse, 100.0) == sparse[1].text


def test_scraps_between_long_silences_are_taken_together():
    scraps = [Segment(f"Only scrap {at} here.", at * 20.0, 1.0) for at in range(5)]

    assert note(scraps, 40.0).startswith("Only scrap 0 here.")


def test_what_was_said_more_than_two_minutes_away_is_not_the_moment():
    with pytest.raises(NothingSaid, match="around this moment"):
        note(talks.BREAD, 24 * 4.0 + 121)


def test_in_a_hole_between_two_parts_only_the_near_part_counts():
    late = [segment._replace(offset=segment.offset + 1000) for segment in talks.AUTOMATIC]

    line = note([*talks.BREAD, *late], 950.0)

    assert line.strip("…")[1:] in " ".join(segment.text for segment in late)


@pytest.mark.parametrize("segments", [[], [Segment("[Music]", 0, 300)], [Segment("Too little.", 0, 5)]])
def test_too_little_said_makes_no_note(segments):
    with pytest.raises(NothingSaid):
        note(segments, 1.0)


def test_the_same_moment_gives_the_same_note():
    assert note(talks.AUTOMATIC, 17.0) == note(list(talks.AUTOMATIC), 17.0)


@pytest.mark.parametrize("language", ["", "en-GB", "xx", "zh-Hant-TW", "../../etc"])
def test_any_language_tag_will_do(language):
    assert 40 <= len(note(talks.BREAD, 30.0, language)) <= 120
