"""OpenAI's real client library against a stand-in for the service."""

import json
import logging
import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from tests.ai import talks
from tests.standins import llm as standin
from vidwiz.ai.base import AIRefused, AIUnavailable, AIUnusable, Moment, Talk
from vidwiz.ai.openai import OpenAI

KEY = "sk-very-secret"
NOTE = "Gluten forms by itself while the dough rests, without kneading."
FITS = standin.openai_says(json.dumps({"text": NOTE}))
MOMENT = Moment(46.0, talks.BREAD, "de", "en", "Sourdough")


@pytest.fixture
def openai(llm):
    return OpenAI(
        model="gpt-test", api_key=KEY, base_url=f"{llm.url}/v1", timeout_seconds=10, max_input_chars=5_000
    )


def said_to_user(request):
    return request.body["messages"][1]["content"]


def test_a_note_is_what_the_model_wrote(llm, openai):
    llm.will(FITS)

    assert openai.note(MOMENT).text == NOTE


def test_the_request_carries_the_fenced_transcript_and_a_strict_schema(llm, openai):
    llm.will(FITS)

    openai.note(MOMENT)

    (request,) = llm.requests
    asked = request.body["response_format"]["json_schema"]
    assert request.path == "/v1/chat/completions"
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.body["model"] == "gpt-test"
    assert re.search(r"<<<TRANSCRIPT (\w+)\n.*\nTRANSCRIPT \1>>>", said_to_user(request), re.DOTALL)
    assert 'tag "de"' in said_to_user(request)
    assert asked["strict"] is True
    assert asked["schema"]["additionalProperties"] is False
    assert "maxLength" not in json.dumps(asked)


@pytest.mark.parametrize(
    "text",
    [
        f'```json\n{{"text": "{NOTE}"}}\n```',
        f'Here {{you}} are: {{"text": "{NOTE}"}} Anything else?',
        f'{{"reasoning": "…", "text": "{NOTE}"}}',
        f'{{"text": "  {NOTE}\n"}}',
        f'{{"text": "{NOTE}\\ud800\\u0000"}}',
    ],
    ids=["code fence", "prose", "more fields", "line break", "unsayable"],
)
def test_an_answer_wrapped_as_models_do_still_counts(llm, openai, text):
    llm.will(standin.openai_says(text))

    assert openai.note(MOMENT).text == NOTE


def test_a_summary_whose_questions_are_alike_is_asked_for_again(llm, openai):
    summary = "Bread needs flour, water, salt and time. " * 6
    alike = {"summary": summary, "suggested_questions": ["What is a sourdough starter?"] * 3}
    different = ["What is a sourdough starter?", "Why is the oven so hot?", "When is the loaf done?"]
    llm.will(
        standin.openai_says(json.dumps(alike)),
        standin.openai_says(json.dumps({**alike, "suggested_questions": different})),
    )

    assert openai.summary(Talk(talks.BREAD)).suggested_questions == different

    assert "must differ" in said_to_user(llm.requests[1])


@pytest.mark.parametrize(
    "answer",
    [
        standin.openai_says("No."),
        standin.openai_says(None),
        standin.openai_says(json.dumps({"text": NOTE}), "length"),
    ],
    ids=["prose", "empty", "cut short by the model"],
)
def test_an_answer_that_never_fits_is_given_up_after_three_asks(llm, openai, answer):
    llm.will(answer)

    with pytest.raises(AIUnusable):
        openai.note(MOMENT)

    assert len(llm.requests) == 3


def test_a_server_without_structured_output_is_asked_without_it_from_then_on(llm, openai):
    llm.will(standin.openai_fails(400, "'response_format' of type json_schema is not supported"), FITS)

    assert openai.note(MOMENT).text == NOTE
    assert openai.note(MOMENT).text == NOTE

    assert ["response_format" in request.body for request in llm.requests] == [True, False, False]


def test_a_connection_that_breaks_off_is_tried_again_at_once(llm, openai):
    llm.will(standin.cut_short(FITS), FITS)

    assert openai.note(MOMENT).text == NOTE


def test_a_connection_that_always_breaks_off_is_worth_a_later_try(llm, openai):
    llm.will(standin.cut_short(FITS))

    with pytest.raises(AIUnavailable):
        openai.note(MOMENT)


@pytest.mark.parametrize(
    ("answer", "retry_after"),
    [
        (standin.openai_fails(429, "Slow down", {"Retry-After": "17"}), 17.0),
        (standin.openai_fails(429, "Slow down", {"Retry-After": "-5"}), 0.0),
        (standin.openai_fails(429, "Slow down", {"Retry-After": "soon"}), None),
        (standin.openai_fails(500, "Internal"), None),
        (standin.openai_fails(503, "Overloaded", {"Retry-After": "2"}), 2.0),
        (standin.garbage(), None),
        (standin.Answer(200, b'{"choices": [{"mess'), None),
        (standin.Answer(200, b'{"choices": []}'), None),
        (standin.Answer(200, b"[]"), None),
        (standin.Answer(200, b'{"error": {"code": 502, "message": "upstream"}}'), None),
    ],
)
def test_what_may_pass_is_worth_a_retry_and_is_not_retried_here(llm, openai, answer, retry_after):
    llm.will(answer)

    with pytest.raises(AIUnavailable) as caught:
        openai.note(MOMENT)

    assert caught.value.retry_after == retry_after
    assert len(llm.requests) == 1


def test_a_retry_after_may_be_a_date(llm, openai):
    at = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)
    llm.will(standin.openai_fails(429, "Slow down", {"Retry-After": at}))

    with pytest.raises(AIUnavailable) as caught:
        openai.note(MOMENT)

    assert caught.value.retry_after == pytest.approx(100, abs=5)


@pytest.mark.parametrize("answer", [standin.hangs(), standin.drips()], ids=["silent", "dripping"])
def test_a_server_that_never_ends_is_given_up(llm, answer):
    llm.will(answer)
    hasty = OpenAI(model="m", api_key=KEY, base_url=llm.url, timeout_seconds=0.3, max_input_chars=5_000)

    with pytest.raises(AIUnavailable, match="too long"):
        hasty.note(MOMENT)


def test_nobody_listening_is_worth_a_retry():
    gone = OpenAI(
        model="m", api_key=KEY, base_url="http://127.0.0.1:9", timeout_seconds=10, max_input_chars=5_000
    )

    with pytest.raises(AIUnavailable, match="reached"):
        gone.note(MOMENT)


def test_an_answer_of_megabytes_is_not_read(llm, openai):
    llm.will(standin.openai_says("x" * 2_000_000))

    with pytest.raises(AIUnavailable):
        openai.note(MOMENT)


@pytest.mark.parametrize(
    "answer",
    [
        standin.openai_fails(401, f"Incorrect API key provided: {KEY}"),
        standin.openai_fails(403, f"{KEY} may not"),
        standin.openai_fails(404, "The model does not exist"),
        standin.openai_fails(400, "Context length exceeded"),
        standin.openai_fails(302, "Elsewhere", {"Location": "http://127.0.0.1:9/"}),
        standin.openai_says(None, refusal="I can't help with that."),
        standin.openai_says("", "content_filter"),
    ],
)
def test_what_will_not_pass_is_refused_and_the_key_is_told_to_nobody(llm, openai, answer, caplog):
    caplog.set_level(logging.DEBUG)
    llm.will(answer)

    with pytest.raises(AIRefused) as caught:
        openai.note(MOMENT)

    assert len(llm.requests) == 1
    assert KEY not in caught.value.reason + caplog.text
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_local_server_needs_no_key(llm):
    llm.will(FITS)
    local = OpenAI(model="m", api_key="", base_url=f"{llm.url}/v1", timeout_seconds=10, max_input_chars=5_000)

    assert local.note(MOMENT).text == NOTE


@pytest.mark.parametrize(("key", "base"), [("", ""), ("ключ", "/v1"), ("two\nlines", "/v1")])
def test_a_key_that_no_header_can_carry_is_refused(llm, key, base):
    llm.will(FITS)
    keyless = OpenAI(
        model="m", api_key=key, base_url=base and llm.url + base, timeout_seconds=10, max_input_chars=5_000
    )

    with pytest.raises(AIRefused, match="key"):
        keyless.note(MOMENT)
