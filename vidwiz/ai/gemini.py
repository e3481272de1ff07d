"""Gemini, through google-genai."""

import json
import re
from typing import TYPE_CHECKING, Any

from vidwiz.ai import failures
from vidwiz.ai.base import AIError
from vidwiz.ai.prompted import Prompted, Unfit

if TYPE_CHECKING:
    from google import genai
    from google.genai import errors, types

_BLOCKED = {
    "SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY",
}  # fmt: skip
_CUT = {"MAX_TOKENS"}


class Gemini(Prompted):
    """Google's Gemini."""

    name = "gemini"

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._made: genai.Client | None = None

    def generate(self, system: str, user: str, schema: dict[str, Any]) -> str:
        if not self._api_key:
            raise failures.no_key()
        import httpx2  # these three are 30 MB: not before the first answer is wanted
        from google.genai import errors, types

        from vidwiz.ai import bounded

        config = types.GenerateContentConfig(
            system_instruction=system, response_mime_type="application/json", response_json_schema=schema
        )
        try:
            answer = self._client().models.generate_content(model=self.model, contents=user, config=config)
        except errors.APIError as error:
            raise self._failure(error) from None
        except bounded.Broken:
            raise Unfit("It broke off.", broken=True) from None
        except httpx2.TimeoutException:
            raise failures.out_of_time() from None
        except (httpx2.LocalProtocolError, httpx2.InvalidURL, UnicodeEncodeError):
            raise failures.no_key() from None
        except httpx2.TransportError:
            raise failures.out_of_reach() from None
        except (ValueError, TypeError, AttributeError):
            # JSON or pydantic errors, and whatever the library stumbles on in an answer of another shape.
            raise failures.not_its_protocol() from None
        return _text(answer)

    def _client(self) -> "genai.Client":
        with self._lock:
            if self._made is None:
                from google import genai
                from google.genai import types

                from vidwiz.ai import bounded

                self._made = genai.Client(
                    api_key=self._api_key,
                    # Said, because GOOGLE_GENAI_USE_VERTEXAI in the environment would turn it.
                    vertexai=False,
                    # No retry_options: the ledger of work retries, and knows how often it did.
                    http_options=types.HttpOptions(
                        base_url=self._base_url or None,
                        api_version="v1beta",  # v1 knows no responseJsonSchema
                        timeout=int(self._timeout_seconds * 1000),
                        httpx_client=bounded.Client(seconds=self._timeout_seconds),
                    ),
                )
            return self._made

    def _failure(self, error: "errors.APIError") -> AIError:
        headers = getattr(error.response, "headers", None) or {}
        details = json.dumps(error.details, default=str)
        # Google asks for patience in the body: {"@type": "…RetryInfo", "retryDelay": "34s"}.
        delay = re.search(r'"retryDelay": "(\d+(?:\.\d+)?)s"', details)
        # A wrong key is a 400 to Google.
        status = 401 if error.code == 400 and "API_KEY_INVALID" in details else error.code
        return failures.from_status(
            "Gemini",
            status,
            headers,
            str(error.message),
            secret=self._api_key,
            retry_after=float(delay[1]) if delay else None,
        )


def _text(answer: "types.GenerateContentResponse") -> str:
    candidate = answer.candidates[0] if answer.candidates else None
    if candidate is None:
        if answer.prompt_feedback and answer.prompt_feedback.block_reason:
            raise failures.blocked()
        if answer.usage_metadata is None and answer.model_version is None:
            # Any JSON parses as an answer without a candidate.
            raise failures.not_its_protocol()
        raise Unfit("It was empty.")
    reason = candidate.finish_reason.name if candidate.finish_reason else "STOP"
    if reason in _BLOCKED:
        raise failures.blocked()
    parts = (candidate.content.parts if candidate.content else None) or []
    text = "".join(part.text for part in parts if part.text and not part.thought)
    if reason in _CUT:
        raise Unfit("It was cut short: answer more briefly.", text)
    return text
