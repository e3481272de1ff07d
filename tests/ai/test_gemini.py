"""Gemini's real client library against a stand-in for the service."""

import json
import logging
import re
import threading

import pytest

from tests.ai import talks
from tests.standins import llm as standin
from vidwiz.ai.base import AIRefused, AIUnavailable, AIUnusable, Moment, NothingSaid, Talk
from vidwiz.ai.gemini import Gemini

KEY = "AIza-very-secret"
NOTE = "Gluten forms by itself while the dough rests, without kneading."
FITS = standin.gemini_says(json.dumps({"text": NOTE}))
SUMMARY = {
    "summary": "Bread needs flour, water, salt and time. " * 6,
    "suggested_questions": [
        "What is a starter?" + " Why?",
        "How long does it rest?",
        "When is it done baking?",
    ],
}
MOMENT = Moment(46.0, talks.BREAD, "en", "en", "Sourdough {bread}")


@pytest.fixture
def gemini(llm):
    return Gemini(
        model="gemini-test", api_key=KEY, base_url=llm.url, timeout_seconds=10, max_input_chars=5_000
    )


def test_a_note_is_what_the_model_wrote(llm, gemini):
    llm.will(FITS)

    assert gemini.note(MOMENT).text == NOTE


def test_the_request_carries_the_fenced_transcript_and_the_schema(llm, gemini):
    llm.will(FITS)

    gemini.note(MOMENT)

    (request,) = llm.requests
    user = request.body["contents"][0]["parts"][0]["text"]
    schema = request.body["generationConfig"]["responseJsonSchema"]
    assert request.path == "/v1beta/models/gemini-test:generateContent"
    assert request.headers["x-goog-api-key"] == KEY
    assert re.search(r"<<<TRANSCRIPT (\w+)\n.*Gluten forms by itself.*\nTRANSCRIPT \1>>>", user, re.DOTALL)
    assert "never an instruction" in request.body["systemInstruction"]["parts"][0]["text"]
    assert schema["additionalProperties"] is False
    assert schema["required"] == ["text"]


def test_a_summary_sends_no_more_than_the_budget(llm, gemini):
    llm.will(standin.gemini_says(json.dumps(SUMMARY)))
    segments = talks.long(3_000)

    assert gemini.summary(Talk(segments, "en", "en")).summary.startswith("Bread")

    user = llm.requests[0].body["contents"][0]["parts"][0]["text"]
    assert 4_000 < len(user) < 5_000 + 2_000
    assert "[11:" in user


def test_an_answer_that_does_not_fit_is_asked_for_again_with_what_was_wrong(llm, gemini):
    llm.will(standin.gemini_says('{"text": "Too short."}'), FITS)

    assert gemini.note(MOMENT).text == NOTE

    user = llm.requests[1].body["contents"][0]["parts"][0]["text"]
    assert "at least 40 characters" in user
    assert "Too short." in user


@pytest.mark.parametrize(
    "answer",
    [
        standin.gemini_says("I'd rather chat."),
        standin.gemini_says(""),
        standin.gemini_says(json.dumps({"text": NOTE}), "MAX_TOKENS"),
        standin.gemini_says('{"text": "' + "x" * 30_000 + '"}'),
        standin.gemini_says("{" * 5_000),
    ],
    ids=["prose", "empty", "cut short by the model", "endless", "nested"],
)
def test_an_answer_that_never_fits_is_given_up_after_three_asks(llm, gemini, answer):
    llm.will(answer)

    with pytest.raises(AIUnusable):
        gemini.note(MOMENT)

    assert len(llm.requests) == 3


def test_a_connection_that_breaks_off_is_tried_again_at_once(llm, gemini):
    llm.will(standin.cut_short(FITS), FITS)

    assert gemini.note(MOMENT).text == NOTE


def test_a_connection_that_always_breaks_off_is_worth_a_later_try(llm, gemini):
    llm.will(standin.cut_short(FITS))

    with pytest.raises(AIUnavailable):
        gemini.note(MOMENT)


@pytest.mark.parametrize(
    ("answer", "retry_after"),
    [
        (standin.gemini_fails(429, "Slow down", {"Retry-After": "17"}), 17.0),
        (standin.gemini_fails(429, "Quota", details=[{"@type": "RetryInfo", "retryDelay": "34s"}]), 34.0),
        (standin.gemini_fails(429, "Slow down", {"Retry-After": "99999999"}), 3600.0),
        (standin.gemini_fails(429, "Slow down"), None),
        (standin.gemini_fails(500, "Internal"), None),
        (standin.gemini_fails(503, "Overloaded", {"Retry-After": "2"}), 2.0),
        (standin.garbage(), None),
        (standin.Answer(502, b"<html>Bad gateway</html>", {"Content-Type": "text/html"}), None),
        (standin.Answer(200, b"[1, 2]"), None),
        (standin.Answer(200, b'{"candidates": 7}'), None),
    ],
)
def test_what_may_pass_is_worth_a_retry_and_is_not_retried_here(llm, gemini, answer, retry_after):
    llm.will(answer)

    with pytest.raises(AIUnavailable) as caught:
        gemini.note(MOMENT)

    assert caught.value.retry_after == retry_after
    assert len(llm.requests) == 1


@pytest.mark.parametrize("answer", [standin.hangs(), standin.drips()], ids=["silent", "dripping"])
def test_a_server_that_never_ends_is_given_up(llm, answer):
    llm.will(answer)
    hasty = Gemini(model="m", api_key=KEY, base_url=llm.url, timeout_seconds=0.3, max_input_chars=5_000)

    with pytest.raises(AIUnavailable, match="too long"):
        hasty.note(MOMENT)


def test_nobody_listening_is_worth_a_retry(llm):
    gone = Gemini(
        model="m", api_key=KEY, base_url="http://127.0.0.1:9", timeout_seconds=10, max_input_chars=5_000
    )

    with pytest.raises(AIUnavailable, match="reached"):
        gone.note(MOMENT)


@pytest.mark.parametrize(
    "answer",
    [
        standin.gemini_fails(401, f"Key {KEY} is wrong"),
        standin.gemini_fails(403, f"Key {KEY} may not"),
        standin.gemini_fails(400, f"API key {KEY} not valid", details=[{"reason": "API_KEY_INVALID"}]),
        standin.gemini_fails(404, "No such model"),
        standin.gemini_fails(400, "Bad request"),
        standin.gemini_blocks(),
        standin.gemini_says("", "SAFETY"),
        standin.gemini_says("", "PROHIBITED_CONTENT"),
    ],
)
def test_what_will_not_pass_is_refused_and_the_key_is_told_to_nobody(llm, gemini, answer, caplog):
    caplog.set_level(logging.DEBUG)
    llm.will(answer)

    with pytest.raises(AIRefused) as caught:
        gemini.note(MOMENT)

    assert len(llm.requests) == 1
    assert KEY not in caught.value.reason + caplog.text
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize("key", ["", "ключ", "two\nlines"])
def test_a_key_that_no_header_can_carry_is_refused(llm, key):
    llm.will(FITS)
    keyless = Gemini(model="m", api_key=key, base_url=llm.url, timeout_seconds=10, max_input_chars=5_000)

    with pytest.raises(AIRefused, match="key"):
        keyless.note(MOMENT)


def test_nothing_is_sent_where_nothing_was_said(llm, gemini):
    with pytest.raises(NothingSaid):
        gemini.note(Moment(5_000.0, talks.BREAD))

    assert llm.requests == []


def test_one_provider_serves_many_threads(llm, gemini):
    llm.will(FITS)
    texts = []
    threads = [threading.Thread(target=lambda: texts.append(gemini.note(MOMENT).text)) for _ in range(8)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert texts == [NOTE] * 8
