"""Texts made from transcripts. `provider()` is the one that the settings name; `base` has its shape."""

import functools
import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from vidwiz.ai.base import Provider

# Where `AI_MODEL` is empty.
DEFAULT_MODELS = {"offline": "", "gemini": "gemini-2.5-flash", "openai": "gpt-5-mini"}


def provider() -> Provider:
    """The provider that `AI_PROVIDER` names. One a process, made again when its settings change."""
    name = settings.AI_PROVIDER
    if name not in DEFAULT_MODELS:
        raise ImproperlyConfigured(f"AI_PROVIDER is {name!r}: it must be one of {', '.join(DEFAULT_MODELS)}.")
    if name == "offline":
        return _offline()
    service = name.upper()
    return _prompted(
        # A forked worker must not share its parent's sockets.
        os.getpid(),
        name,
        model=settings.AI_MODEL or DEFAULT_MODELS[name],
        api_key=getattr(settings, f"{service}_API_KEY"),
        base_url=getattr(settings, f"{service}_BASE_URL"),
        timeout_seconds=float(settings.AI_TIMEOUT_SECONDS),
        max_input_chars=int(settings.AI_MAX_INPUT_CHARS),
    )


@functools.lru_cache(maxsize=1)
def _offline() -> Provider:
    from vidwiz.ai.offline import Offline

    return Offline()


@functools.lru_cache(maxsize=1)
def _prompted(
    _pid: int,
    name: str,
    *,
    model: str,
    api_key: str,
    base_url: str,
    timeout_seconds: float,
    max_input_chars: int,
) -> Provider:
    from vidwiz.ai import gemini, openai

    made = gemini.Gemini if name == "gemini" else openai.OpenAI
    return made(
        model=model,
        api_key=api_key,
        base_url=base_url,
        timeout_seconds=timeout_seconds,
        max_input_chars=max_input_chars,
    )
