"""What the rest of VidWiz knows of AI: two questions, the shape of their answers, and how they fail."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Protocol

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, field_validator

from vidwiz.ai import text
from vidwiz.common.segments import Segment

# Kept with each text that was made. Change it when a prompt, or the offline choosing, changes meaning.
PROMPT_VERSION = "1"

NOTE_CHARS = (40, 120)
SUMMARY_CHARS = (200, 800)
QUESTION_CHARS = (20, 120)
QUESTIONS = 3


@dataclass(frozen=True)
class Moment:
    """A moment somebody caught, and everything that was said in its video.

    `seconds` from the start; `segments` the whole transcript, by offset. Languages are BCP-47: `language`
    is the one the answer is wanted in, "" for the transcript's own, which may be "" too: not known.
    """

    seconds: float
    segments: Sequence[Segment]
    language: str = ""
    transcript_language: str = ""
    title: str = ""


@dataclass(frozen=True)
class Talk:
    """All that was said in a video; the fields are those of `Moment`."""

    segments: Sequence[Segment]
    language: str = ""
    transcript_language: str = ""
    title: str = ""


def _worded(value: str) -> str:
    if not any(character.isalnum() for character in value):
        raise ValueError("must contain words")
    return value


# One line: control characters gone and whitespace folded before anything is counted.
_ONE_LINE = BeforeValidator(lambda value: text.clean(value) if isinstance(value, str) else value)


def _described(description: str, chars: tuple[int, int]) -> Any:
    return Field(description=f"{description} {chars[0]} to {chars[1]} characters, one line, plain text.")


_Note = Annotated[str, StringConstraints(min_length=NOTE_CHARS[0], max_length=NOTE_CHARS[1]), _ONE_LINE]
_Summary = Annotated[
    str, StringConstraints(min_length=SUMMARY_CHARS[0], max_length=SUMMARY_CHARS[1]), _ONE_LINE
]
_Question = Annotated[
    str,
    StringConstraints(min_length=QUESTION_CHARS[0], max_length=QUESTION_CHARS[1]),
    _ONE_LINE,
    _described("A question a viewer may ask and the video answers.", QUESTION_CHARS),
]


class NoteText(BaseModel):
    """The text of one note. The schema that models are given, and the check on all that comes back."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    text: _Note = _described("What is worth remembering of this moment.", NOTE_CHARS)

    _has_words = field_validator("text")(_worded)


class Summary(BaseModel):
    """A video's summary and three different questions to begin with. Sent and checked like `NoteText`."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    summary: _Summary = _described("What the video says, in its own order.", SUMMARY_CHARS)
    suggested_questions: list[_Question] = Field(
        min_length=QUESTIONS, max_length=QUESTIONS, description="Exactly three questions, all different."
    )

    _has_words = field_validator("summary")(_worded)

    @field_validator("suggested_questions")
    @classmethod
    def _different(cls, questions: list[str]) -> list[str]:
        if len({_worded(question).casefold() for question in questions}) < len(questions):
            raise ValueError("the questions must differ")
        return questions


class AIError(Exception):
    """The AI text could not be made."""

    def __init__(self, reason: str = "") -> None:
        # `reason` is shown to people: never a key, never a server's own words.
        self.reason = reason or (type(self).__doc__ or "").strip()
        super().__init__(self.reason)


class AIUnavailable(AIError):
    """The AI service can't answer just now."""

    # Worth a retry. `retry_after` is what the service asked for, in seconds; None if it named nothing.
    def __init__(self, reason: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class AIRefused(AIError):
    """The AI service refused the request."""


class AIUnusable(AIError):
    """The AI service gave no usable answer, though it was asked again."""


class NothingSaid(AIError):
    """Too little was said there to make a text from."""


class Provider(Protocol):
    """Makes texts from transcripts. Both methods raise an `AIError`; one instance serves many threads."""

    @property
    def name(self) -> str: ...

    @property
    def model(self) -> str: ...

    def note(self, moment: Moment) -> NoteText: ...

    def summary(self, talk: Talk) -> Summary: ...
