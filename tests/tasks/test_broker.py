import json

import pytest

from apps.tasks import broker, kinds
from apps.tasks.tasks import perform


@pytest.fixture
def folder(settings):
    messages = settings.DATA_DIR / "broker" / "messages"
    for left in messages.iterdir():  # what other tests told; nobody listens here
        left.unlink()
    return messages


def test_a_message_carries_a_kind_and_an_id_and_appears_whole(folder):
    broker.tell(kinds.get("fetch_transcript"), ["dQw4w9WgXcQ"])
    (message,) = folder.glob("*.fetch.msg")
    assert not list(folder.glob("*.unfinished"))
    headers = json.loads(message.read_text())["headers"]
    assert headers["task"] == "tasks.perform"
    assert headers["argsrepr"] == "('fetch_transcript', 'dQw4w9WgXcQ')"
    assert headers["timelimit"][0] == 110


def test_a_broker_that_is_down_is_logged_fails_nobody_and_is_left_alone_for_a_while(monkeypatch, caplog):
    tried = []

    def down(*args, **kwargs):
        tried.append(args)
        raise OSError("no space left")

    monkeypatch.setattr(perform, "apply_async", down)
    broker.tell(kinds.get("fetch_transcript"), ["a", "b"])
    broker.tell(kinds.get("fetch_metadata"), ["a"])
    assert "the sweeper will" in caplog.text
    assert len(tried) == 1
    monkeypatch.setattr(broker, "_silent_until", 0.0)
    broker.tell(kinds.get("fetch_metadata"), ["a"])
    assert len(tried) == 2
