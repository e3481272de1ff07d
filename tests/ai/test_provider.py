"""The one thing in `vidwiz.ai` that reads settings."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from vidwiz import ai
from vidwiz.ai.gemini import Gemini
from vidwiz.ai.offline import Offline
from vidwiz.ai.openai import OpenAI

COMMON = {
    "AI_MODEL": "",
    "AI_TIMEOUT_SECONDS": 5,
    "AI_MAX_INPUT_CHARS": 1000,
    "GEMINI_API_KEY": "g",
    "GEMINI_BASE_URL": "",
    "OPENAI_API_KEY": "o",
    "OPENAI_BASE_URL": "http://127.0.0.1:9/v1",
}


@pytest.mark.parametrize(("name", "made"), [("offline", Offline), ("gemini", Gemini), ("openai", OpenAI)])
def test_the_settings_name_the_provider(name, made):
    with override_settings(AI_PROVIDER=name, **COMMON):
        assert isinstance(ai.provider(), made)
        assert ai.provider().name == name


def test_one_provider_serves_the_process_until_the_settings_change():
    with override_settings(AI_PROVIDER="openai", **COMMON):
        first = ai.provider()
        assert ai.provider() is first
        with override_settings(AI_MODEL="another"):
            assert ai.provider().model == "another"


def test_a_provider_nobody_knows_is_named_in_the_error():
    with (
        override_settings(AI_PROVIDER="oracle", **COMMON),
        pytest.raises(ImproperlyConfigured, match="oracle"),
    ):
        ai.provider()
