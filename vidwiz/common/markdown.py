"""Other people's words in a Markdown file: they stay words, whatever characters they are made of."""

import re
from itertools import pairwise

# What CommonMark, GitHub or Obsidian may take for markup or a link anywhere in a line …
_SPECIAL = re.compile(r"[\\`*_{}\[\]<>&~|^$#@]|={2,}|%{2,}|:(?=//)|(?<=www)\.", re.IGNORECASE)
# … and what only means something where a line begins: lists, underlines of headings, definitions.
_BEGINS_A_BLOCK = re.compile(r"([-+=:]|\d{1,9}[.)](?=\s|$))")
# Controls; and what turns the direction of all that follows in a line.
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def escape(words: str) -> str:
    """One line that shows just these words."""
    line = _SPECIAL.sub(_backslashed, " ".join(_UNSEEN.sub("", words).split()))
    if begins := _BEGINS_A_BLOCK.match(line):
        line = f"{line[: begins.end() - 1]}\\{line[begins.end() - 1 :]}"
    return line


def _backslashed(special: re.Match[str]) -> str:
    return "".join(f"\\{character}" for character in special[0])


def escape_lines(words: str, *, indent: str) -> str:
    """Several lines that keep their breaks and indentation, within a list item: all but the first begin with `indent`."""
    lines = [_indented(line) for line in words.strip().splitlines()]
    shown = lines[0] if lines else ""
    for before, line in pairwise(lines):
        # Two spaces at its end keep the break of a line; an empty one ends the paragraph.
        shown += f"  \n{indent}{line}" if before and line else f"\n{indent}{line}" if line else "\n"
    return shown


def _indented(line: str) -> str:
    line = line.expandtabs(4).rstrip()
    # Ordinary spaces would be dropped, or make code of it.
    return "\u00a0" * (len(line) - len(line.lstrip())) + escape(line)
