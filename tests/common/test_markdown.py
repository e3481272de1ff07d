"""What a reader of Markdown makes of words that try to be more than words."""

import pytest
from markdown_it import MarkdownIt

from vidwiz.common.markdown import escape, escape_lines

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])

HOSTILE = [
    "[click](https://evil.example)",
    "![pixel](https://evil.example/1.gif)",
    "<script>alert(1)</script>",
    "<https://evil.example>",
    "https://evil.example and www.evil.example",
    "# heading",
    "- item",
    "+ item",
    "1. item",
    "2) item",
    "> quote",
    "---",
    "===",
    "``` code",
    "`code` *em* _em_ **strong** ~~gone~~",
    "&lt;entity&gt; &copy;",
    "a | b",
    "[label]: https://evil.example",
    "ends with a backslash \\",
    "\\[not escaped\\](x)",
    "नमस्ते 🎉 it's 5% off at 3:30, C# & Node.js 2.0 (new!)",
]


def shown(markdown):
    """The kinds of token that are no plain text, and the text."""
    kinds, text = set(), ""
    for token in READER.parse(markdown):
        for child in token.children or [token]:
            if child.type in {"text", "text_special"}:
                text += child.content
            elif child.type == "softbreak":
                text += "\n"
            elif child.type not in {"paragraph_open", "paragraph_close", "inline", "hardbreak"}:
                kinds.add(child.type)
            elif child.type == "hardbreak":
                text += "\n"
    return kinds, text


@pytest.mark.parametrize("words", HOSTILE)
def test_a_line_shows_just_its_words(words):
    assert shown(escape(words)) == (set(), words)


@pytest.mark.parametrize("words", HOSTILE)
def test_so_does_the_second_line_of_a_note(words):
    kinds, text = shown("- first\n  " + escape_lines(f"x\n{words}", indent="  ").partition("\n  ")[2])
    assert kinds == {"bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close"}
    assert text == f"first\n{words}"


@pytest.mark.parametrize("link", ["https\\://", "www\\."])
def test_bare_links_are_no_links_to_readers_that_look_for_them(link):
    assert link in escape("https://evil.example www.evil.example")


def test_what_needs_no_escape_stays_readable():
    words = 'It\'s 12:30 (half past), "quoted", 3.14, a-b, x+y, 100%, a=b; fine!'
    assert escape(words) == words


def test_a_line_stays_one_line_and_hides_nothing():
    assert (
        escape("one\r\ntwo\u2028three\x85four\x00\x1b[31m \u202egpj.exe")
        == "one two three four\\[31m gpj.exe"
    )


def test_lines_keep_their_breaks_and_indentation():
    assert escape_lines("one\n  two\r\n\n\n\tthree\n   \nfour ", indent="  ") == (
        "one  \n  \u00a0\u00a0two\n\n\n  \u00a0\u00a0\u00a0\u00a0three\n\n  four"
    )


def test_nothing_is_nothing():
    assert (escape(" \n "), escape_lines(" \n ", indent="  ")) == ("", "")
