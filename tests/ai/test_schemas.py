import pydantic
import pytest

from vidwiz.ai.base import NoteText, Summary

NOTE = "Gluten forms by itself during the autolyse."
SUMMARY = "Bread needs flour, water, salt and time. " * 6
QUESTIONS = ["What is a sourdough starter?", "Why is the oven so hot?", "When is the loaf done baking?"]


def test_a_note_is_one_line_with_its_whitespace_folded():
    assert NoteText(text=f"  {NOTE}\n\u2028\tIt rests. ").text == f"{NOTE} It rests."


@pytest.mark.parametrize("length", [40, 120])
def test_a_note_of_a_permitted_length_passes(length):
    assert len(NoteText(text="a" * length).text) == length


@pytest.mark.parametrize("text", ["a" * 39, "a" * 121, " " * 60, "-" * 60, "a" * 39 + " " * 30, ""])
def test_a_note_of_another_length_or_without_words_is_refused(text):
    with pytest.raises(pydantic.ValidationError):
        NoteText(text=text)


def test_what_no_database_or_encoder_takes_is_cleaned_away():
    dirty = f"\ufeff{NOTE[:10]}\x00\ud800\x07\u202e\u200b{NOTE[10:]}\x7f"

    assert NoteText(text=dirty).text == NOTE


def test_characters_that_are_cleaned_away_do_not_count_as_length():
    with pytest.raises(pydantic.ValidationError):
        NoteText(text="short" + "\u200b" * 60)


def test_joiners_that_shape_words_stay():
    persian = "می\u200cخواهم کتاب\u200cها را بخوانم و از آن\u200cها یاد بگیرم"

    assert NoteText(text=persian).text == persian


def test_a_summary_has_three_questions():
    assert Summary(summary=SUMMARY, suggested_questions=QUESTIONS).suggested_questions == QUESTIONS


@pytest.mark.parametrize(
    "questions",
    [
        QUESTIONS[:2],
        [*QUESTIONS, "Is there a fourth question here?"],
        [QUESTIONS[0], QUESTIONS[1], f"  {QUESTIONS[0].upper()} "],
        [QUESTIONS[0], QUESTIONS[1], "Too short?"],
        [QUESTIONS[0], QUESTIONS[1], "Why? " * 30],
        [QUESTIONS[0], QUESTIONS[1], "? " * 15 + "?"],
        [QUESTIONS[0], QUESTIONS[1], None],
    ],
)
def test_questions_that_are_not_three_or_not_different_or_not_of_their_length_are_refused(questions):
    with pytest.raises(pydantic.ValidationError):
        Summary(summary=SUMMARY, suggested_questions=questions)


@pytest.mark.parametrize("summary", ["a " * 99, "a" * 801])
def test_a_summary_of_another_length_is_refused(summary):
    with pytest.raises(pydantic.ValidationError):
        Summary(summary=summary, suggested_questions=QUESTIONS)
