"""A server that speaks as much of Gemini's and OpenAI's protocols as VidWiz uses, with scripted answers."""

import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Answer:
    """One HTTP answer. `missing` bytes are promised in Content-Length and never sent; `hangs` sends nothing
    and `drips` one byte at a time, both until the stand-in is told to stop."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    missing: int = 0
    hangs: bool = False
    drips: bool = False


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, str]
    body: dict[str, Any]


class LLM:
    """Give it answers with `will`; each request takes the next one, and the last one stays."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.over = threading.Event()
        self._answers: list[Answer] = []
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def will(self, *answers: Answer) -> None:
        self._answers = list(answers)

    def next(self, request: Request) -> Answer:
        with self._lock:
            self.requests.append(request)
            return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]

    def start(self) -> None:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()


@contextlib.contextmanager
def serve() -> Iterator[LLM]:
    llm = LLM()
    llm.start()
    try:
        yield llm
    finally:
        llm.stop()


def _json(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    # Escaped, as real servers may: a lone surrogate survives the way.
    return Answer(status, json.dumps(value).encode(), {"Content-Type": "application/json", **(headers or {})})


def openai_says(text: str | None, finish_reason: str = "stop", **message: Any) -> Answer:
    message = {"role": "assistant", "content": text, **message}
    return _json(
        {
            "id": "c1",
            "object": "chat.completion",
            "created": 1,
            "model": "stand-in",
            "choices": [{"index": 0, "message": message, "finish_reason": finish_reason}],
            "usage": {"prompt_tokens": 3, "completion_tokens": 3, "total_tokens": 6},
        }
    )


def openai_fails(status: int, message: str, headers: dict[str, str] | None = None) -> Answer:
    return _json({"error": {"message": message, "type": "error", "code": None}}, status, headers)


def gemini_says(text: str, finish_reason: str = "STOP") -> Answer:
    content = {"role": "model", "parts": [{"text": text}] if text else []}
    return _json(
        {
            "candidates": [{"content": content, "finishReason": finish_reason, "index": 0}],
            "modelVersion": "stand-in",
            "usageMetadata": {"promptTokenCount": 3, "totalTokenCount": 6},
        }
    )


def gemini_blocks() -> Answer:
    return _json({"promptFeedback": {"blockReason": "SAFETY"}})


def gemini_fails(
    status: int,
    message: str,
    headers: dict[str, str] | None = None,
    details: list[dict[str, str]] | None = None,
) -> Answer:
    error = {"code": status, "message": message, "status": "FAILED", "details": details or []}
    return _json({"error": error}, status, headers)


def cut_short(answer: Answer) -> Answer:
    """The same answer, whose connection breaks off in its middle."""
    half = len(answer.body) // 2
    return Answer(answer.status, answer.body[:half], answer.headers, missing=len(answer.body) - half)


def garbage() -> Answer:
    return Answer(200, b"<html><h1>Welcome to the airport Wi-Fi</h1></html>", {"Content-Type": "text/html"})


def hangs() -> Answer:
    return Answer(hangs=True)


def drips() -> Answer:
    return Answer(drips=True, missing=100_000)


def _handler(llm: LLM) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args: Any) -> None:
            pass

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            answer = llm.next(
                Request(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            )
            # A client that gave up has closed the connection by the time it is answered.
            with contextlib.suppress(ConnectionError):
                self._send(answer)

        def _send(self, answer: Answer) -> None:
            if answer.hangs:
                llm.over.wait()
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body) + answer.missing))
            self.end_headers()
            self.wfile.write(answer.body)
            self.wfile.flush()
            while answer.drips and not llm.over.wait(0.02):
                self.wfile.write(b" ")
                self.wfile.flush()
            self.close_connection = bool(answer.missing)

    return Handler
