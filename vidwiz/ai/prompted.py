"""What the providers with a model share: prompt, parse, check, and ask again when the answer does not fit."""

import json
import logging
import threading
from abc import ABC, abstractmethod
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from vidwiz.ai import context, prompts
from vidwiz.ai.base import AIUnavailable, AIUnusable, Moment, NoteText, Summary, Talk
from vidwiz.ai.digest import digest

logger = logging.getLogger(__name__)

ASKS = 3
# The longest answer that fits has some 4,000 characters, escapes and all; more is not read.
ANSWER_CHARS = 20_000
# How much of an answer that did not fit is shown to the model again.
SHOWN_CHARS = 1_500

Answer = TypeVar("Answer", bound=BaseModel)


class Unfit(Exception):
    """An answer came, but none that can be used. `why` is told to the model when it is asked again."""

    def __init__(self, why: str, answer: str = "", *, broken: bool = False) -> None:
        super().__init__(why)
        # `broken`: the connection ended it, not the model.
        self.why, self.answer, self.broken = why, answer, broken


class Prompted(ABC):
    """A provider that asks a model.

    `base_url` "" is the service's own, `timeout_seconds` bounds one whole answer, `max_input_chars` what the
    model is shown of a transcript.
    """

    name: str

    def __init__(
        self, *, model: str, api_key: str, base_url: str = "", timeout_seconds: float, max_input_chars: int
    ) -> None:
        self.model = model
        self.max_input_chars = max_input_chars
        self._api_key, self._base_url, self._timeout_seconds = api_key, base_url, timeout_seconds
        self._lock = threading.Lock()  # the client is made by whoever needs it first

    @abstractmethod
    def generate(self, system: str, user: str, schema: dict[str, Any]) -> str:
        """The model's answer. Raises `Unfit` if it was cut short, `AIUnavailable` or `AIRefused` if there
        is none. Called from many threads at once; must return or raise within a bounded time."""

    def note(self, moment: Moment) -> NoteText:
        heard = context.nearest(context.of_note(moment), moment.seconds, self.max_input_chars)
        system, user = prompts.note(moment, heard)
        return self._ask(system, user, NoteText)

    def summary(self, talk: Talk) -> Summary:
        heard = digest(context.of_summary(talk), self.max_input_chars, talk.transcript_language)
        system, user = prompts.summary(talk, heard)
        return self._ask(system, user, Summary)

    def _ask(self, system: str, user: str, answer_type: type[Answer]) -> Answer:
        asked = user
        for ask in range(1, ASKS + 1):
            try:
                return _read(self.generate(system, asked, wire_schema(answer_type)), answer_type)
            except Unfit as unfit:
                logger.warning("%s %s: answer %d does not fit: %s", self.name, self.model, ask, unfit.why)
                asked, last = prompts.again(user, unfit.answer[:SHOWN_CHARS], unfit.why), unfit
        if last.broken:
            raise AIUnavailable("The AI service broke off its answers.")
        raise AIUnusable(f"The AI service gave no usable answer, asked {ASKS} times. {last.why}")


def wire_schema(answer_type: type[BaseModel]) -> dict[str, Any]:
    """The JSON Schema that is sent. Without lengths of strings: strict modes refuse them, and decoders
    that obey them stop mid-word at the limit. They are in the descriptions, and checked afterwards."""
    schema = answer_type.model_json_schema()
    del schema["description"]  # a docstring, for us
    return _without(schema, {"minLength", "maxLength", "title"})


def _without(node: Any, keywords: set[str]) -> Any:
    if isinstance(node, dict):
        return {key: _without(value, keywords) for key, value in node.items() if key not in keywords}
    return [_without(item, keywords) for item in node] if isinstance(node, list) else node


def _read(answer: str, answer_type: type[Answer]) -> Answer:
    if not answer.strip():
        raise Unfit("It was empty.")
    if len(answer) > ANSWER_CHARS:
        raise Unfit("It was far too long.", answer)
    found = _object_in(answer)
    if found is None:
        raise Unfit("It holds no JSON object.", answer)
    try:
        # What models add beside what was asked ("reasoning") does no harm.
        return answer_type.model_validate(
            {key: found[key] for key in answer_type.model_fields if key in found}
        )
    except ValidationError as error:
        raise Unfit(_what_is_wrong(error), answer) from None


def _object_in(answer: str) -> dict[str, Any] | None:
    """The first JSON object, within a code fence or prose too."""
    decoder = json.JSONDecoder(strict=False)  # models leave line breaks in strings
    at = answer.find("{")
    for _ in range(50):
        if at == -1:
            return None
        try:
            return decoder.raw_decode(answer, at)[0]
        except (ValueError, RecursionError):
            at = answer.find("{", at + 1)
    return None


def _what_is_wrong(error: ValidationError) -> str:
    details = error.errors(include_url=False, include_input=False, include_context=False)
    return "; ".join(f"{'.'.join(map(str, detail['loc']))}: {detail['msg']}" for detail in details[:5]) + "."
