import pytest

from vidwiz.ai import text


@pytest.mark.parametrize(
    ("caption", "said"),
    [
        ("[Music]", ""),
        ("♪ ♪", ""),
        ("(APPLAUSE) >> Hello [laughs] there", "Hello there"),
        ("<i>Rain</i> falls<font color='#fff'> here</font>", "Rain falls here"),
        ("salt &amp; water", "salt & water"),
        ("&gt;&gt; JANE: hello", "JANE: hello"),
        ("you you you you see it", "you see it"),
        ("one 0 0 0 two", "one 0 0 0 two"),
        ("if a < b and b > c {x}", "if a < b and b > c {x}"),
        ("- Dialogue\n- in two voices", "Dialogue in two voices"),
        (", , , !!!!!!!! ???", ""),
        ("wait..... what!!!!!!", "wait what"),
        ("f(x) (see above)", "f(x) (see above)"),
    ],
)
def test_only_what_was_said_is_left_of_a_caption(caption, said):
    assert text.spoken(caption) == said


def test_a_text_is_cut_between_words():
    assert text.cut("The quick brown fox jumps over the lazy dog", 30) == "The quick brown fox jumps…"


def test_a_comma_at_the_cut_is_dropped():
    assert text.cut("The quick brown fox, jumping over the dog", 22) == "The quick brown fox…"


def test_a_script_without_spaces_is_cut_at_its_own_punctuation():
    assert (
        text.cut("地震は岩盤が割れて起こります、揺れは激しくなります。", 20)
        == "地震は岩盤が割れて起こります…"
    )


def test_a_letter_keeps_its_marks_where_it_is_cut():
    assert text.cut("कि" * 30, 20)[-2:] == "ि…"


@pytest.mark.parametrize("value", ["a" * 500, "," * 500, "字" * 500, "a b " * 125, "…" * 500])
def test_a_cut_text_keeps_to_its_limit_and_most_of_it(value):
    assert 72 <= len(text.cut(value, 120)) <= 120
