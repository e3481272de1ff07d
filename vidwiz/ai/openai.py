"""OpenAI, and everything that speaks its protocol: OpenRouter, Ollama, vLLM."""

import json
from typing import TYPE_CHECKING, Any

from vidwiz.ai import failures
from vidwiz.ai.prompted import Prompted, Unfit

if TYPE_CHECKING:
    import openai
    from openai.types import shared_params

# How servers that know no structured output, or not this one, name what they refuse.
_REFUSED_FORMAT = ("response_format", "json_schema", "structured output", "guided")


class OpenAI(Prompted):
    """Everything that speaks OpenAI's protocol. Local servers need no key."""

    name = "openai"

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._made: openai.OpenAI | None = None
        # False once the server refused it; the prompt says the shape too.
        self._structured = True

    def generate(self, system: str, user: str, schema: dict[str, Any]) -> str:
        if not self._api_key and not self._base_url:
            raise failures.no_key()
        import httpx2  # these are 40 MB: not before the first answer is wanted
        import openai

        from vidwiz.ai import bounded

        try:
            return _text(self._answer(system, user, schema), self._api_key)
        except openai.APIStatusError as error:
            raise failures.from_status(
                "OpenAI", error.status_code, error.response.headers, error.message, secret=self._api_key
            ) from None
        except openai.APITimeoutError:
            raise failures.out_of_time() from None
        except bounded.Broken:
            raise Unfit("It broke off.", broken=True) from None
        except openai.APIConnectionError as error:
            if isinstance(error.__cause__, httpx2.LocalProtocolError):
                raise failures.no_key() from None
            raise failures.out_of_reach() from None
        except (httpx2.InvalidURL, UnicodeEncodeError):
            raise failures.no_key() from None

    def _answer(self, system: str, user: str, schema: dict[str, Any]) -> bytes:
        import openai

        if self._structured:
            try:
                return self._post(
                    system,
                    user,
                    {
                        "type": "json_schema",
                        "json_schema": {"name": "answer", "strict": True, "schema": schema},
                    },
                )
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                said = f"{error.message} {error.body}".casefold()
                if not any(word in said for word in _REFUSED_FORMAT):
                    raise
                self._structured = False
        return self._post(system, user, None)

    def _post(
        self, system: str, user: str, response_format: "shared_params.ResponseFormatJSONSchema | None"
    ) -> bytes:
        import openai

        # No token limit and no temperature: newer models refuse one or the other, older servers its new name.
        raw = self._client().chat.completions.with_raw_response.create(
            model=self.model,
            messages=[{"role": "system", "content": system}, {"role": "user", "content": user}],
            response_format=response_format or openai.omit,
        )
        # Read here, not by the library: compatible servers send what it would not parse.
        return raw.content

    def _client(self) -> "openai.OpenAI":
        with self._lock:
            if self._made is None:
                import openai

                from vidwiz.ai import bounded

                self._made = openai.OpenAI(
                    api_key=self._api_key or "none",
                    base_url=self._base_url or None,
                    timeout=self._timeout_seconds,
                    max_retries=0,  # the ledger of work retries, and knows how often it did
                    http_client=bounded.Client(seconds=self._timeout_seconds),
                )
            return self._made


def _text(body: bytes, api_key: str) -> str:
    try:
        answer = json.loads(body)
        error = answer.get("error")
        if error and not answer.get("choices"):
            # OpenRouter: 200, and the failure of the server behind it in the body.
            status = error.get("code") if isinstance(error, dict) else None
            raise failures.from_status(
                "OpenAI", status if isinstance(status, int) else 502, {}, str(error), secret=api_key
            )
        choice = answer["choices"][0]
        message = choice["message"]
        text = message.get("content") or ""
    except (ValueError, RecursionError, KeyError, IndexError, TypeError, AttributeError):
        raise failures.not_its_protocol() from None
    reason = choice.get("finish_reason")
    if message.get("refusal") or reason == "content_filter":
        raise failures.blocked()
    if not isinstance(text, str):
        raise failures.not_its_protocol()
    if reason == "length":
        raise Unfit("It was cut short: answer more briefly.", text)
    return text
