"""A stand-in for YouTube on loopback: enough of it for the real youtube-transcript-api and yt-dlp.

    with FakeYouTube() as fake:
        fake.videos["abcdefghijk"] = Video(tracks=(Track("de", automatic=True),))
        fetch_transcript("abcdefghijk", YouTube(origin=fake.origin))

An id that is not in `videos` is `default`, which is a video that does not exist unless one is given.
`python -m tests.standins.youtube PORT` serves a playable video for every id.
"""

import sys
import threading
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, Self
from urllib.parse import parse_qs, urlsplit

from tests.youtube import pages
from tests.youtube.pages import Track, Video

__all__ = ["FakeYouTube", "Fault", "Seen", "Track", "Video"]

DRIP_SECONDS = 0.05


@dataclass(frozen=True)
class Fault:
    """What goes wrong with a video at one step (`watch`, `player`, `timedtext`): the name of a `_fault_`
    method below."""

    kind: str
    at: str = "watch"
    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)


class Seen(NamedTuple):
    """A request that came in; `target` as on the request line, `client` the player's client name."""

    method: str
    target: str
    video_id: str
    client: str
    cookie: str


class FakeYouTube:
    def __init__(self, *, default: Video | None = None, port: int = 0) -> None:
        self.default = default or pages.MISSING
        self.videos: dict[str, Video] = {}
        self.faults: dict[str, Fault] = {}
        self.requests: list[Seen] = []
        self.released = threading.Event()  # lets go of those who hang, ends those who drip
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.fake = self
        self.origin = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    fake: FakeYouTube

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what many tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._route({})

    def do_POST(self) -> None:
        self._route(pages.read_json(self.rfile.read(int(self.headers.get("Content-Length") or 0))))

    def _route(self, body: dict[str, Any]) -> None:
        fake, url = self.server.fake, urlsplit(self.path)
        query = parse_qs(url.query)
        video_id = query.get("v", [""])[0] or str(body.get("videoId", ""))
        client = body.get("context", {}).get("client", {}).get("clientName", "")
        cookie = self.headers.get("Cookie", "")
        fake.requests.append(Seen(self.command, self.path, video_id, client, cookie))
        step, video = url.path.rsplit("/", 1)[-1], fake.videos.get(video_id, fake.default)
        fault = fake.faults.get(video_id)
        if fault and fault.at == step:
            getattr(self, f"_fault_{fault.kind}")(fault)
        elif step == "watch":
            self._send(pages.watch(video_id, video), "text/html; charset=utf-8")
        elif step == "player":
            self._send(pages.player(video_id, video))
        elif step == "next":
            self._send(pages.to_json(pages.initial_data(video)))
        elif step == "timedtext":
            self._send(pages.timedtext((video.tracks or ())[int(query["n"][0])]), "text/xml; charset=utf-8")
        elif url.path.startswith("/sorry/"):
            self._send(pages.CAPTCHA, "text/html", 429)
        else:
            self._send("Not found", "text/plain", 404)

    def _send(
        self,
        text: str,
        kind: str = "application/json",
        status: int = 200,
        headers: dict[str, str] | None = None,
    ) -> None:
        body = text.encode()
        self._begin(len(body), kind, status, headers)
        self.wfile.write(body)

    def _begin(
        self, length: int, kind: str, status: int = 200, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in ({"Content-Type": kind, "Content-Length": str(length)} | (headers or {})).items():
            self.send_header(name, value)
        self.end_headers()

    def _fault_status(self, fault: Fault) -> None:
        self._send("<html>No.</html>", "text/html", fault.status, fault.headers)

    def _fault_hang(self, fault: Fault) -> None:
        self.server.fake.released.wait()
        self.close_connection = True

    def _fault_drip(self, fault: Fault) -> None:
        self._begin(10_000_000, "text/html")
        self._drip()

    def _fault_drip_chunk(self, fault: Fault) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n")
        self._drip()

    def _fault_drip_header(self, fault: Fault) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        self._drip()

    def _drip(self) -> None:
        self.close_connection = True
        while not self.server.fake.released.wait(DRIP_SECONDS):
            self.wfile.write(b"x")

    def _fault_cut(self, fault: Fault) -> None:
        self._begin(10_000, "text/html")
        self.wfile.write(b"<html>")
        self.close_connection = True

    def _fault_huge(self, fault: Fault) -> None:
        self._begin(1 << 40, "text/html")
        self.close_connection = True
        while not self.server.fake.released.is_set():
            self.wfile.write(b"x" * 65_536)

    def _fault_zipped(self, fault: Fault) -> None:
        self.close_connection = True
        bomb = pages.zipped(16 * 1024 * 1024)
        self._begin(len(bomb), "text/html", headers={"Content-Encoding": "gzip"})
        self.wfile.write(bomb)

    def _fault_garbage(self, fault: Fault) -> None:
        self._send("\x00<{]garbage", "application/json")

    def _fault_empty(self, fault: Fault) -> None:
        self._send("", "text/xml")

    def _fault_list(self, fault: Fault) -> None:
        self._send("[1, 2]")

    def _fault_deep(self, fault: Fault) -> None:
        self._send("[" * 200_000)

    def _fault_bad_tracks(self, fault: Fault) -> None:
        self._send(pages.to_json({"playabilityStatus": {"status": "OK"}, "captions": pages.BAD_TRACKS}))

    def _fault_captcha(self, fault: Fault) -> None:
        self._send(pages.CAPTCHA, "text/html")

    def _fault_sorry(self, fault: Fault) -> None:
        there = f"https://www.google.com/sorry/index?continue={escape(self.path)}"
        self._send("", "text/html", 302, {"Location": there})

    def _fault_astray(self, fault: Fault) -> None:
        self._send("", "text/html", 302, {"Location": "http://169.254.169.254/latest/meta-data"})

    def _fault_consent(self, fault: Fault) -> None:
        """Asks once: whoever brings the cookie may pass."""
        if "CONSENT=YES+cb.1" in self.headers.get("Cookie", ""):
            video_id = parse_qs(urlsplit(self.path).query)["v"][0]
            fake = self.server.fake
            self._send(pages.watch(video_id, fake.videos.get(video_id, fake.default)), "text/html")
        else:
            self._send(pages.CONSENT, "text/html")

    def _fault_consent_forever(self, fault: Fault) -> None:
        self._send(pages.CONSENT, "text/html")


if __name__ == "__main__":
    standin = FakeYouTube(default=Video(), port=int(sys.argv[1]) if len(sys.argv) > 1 else 0)
    sys.stdout.write(f"{standin.origin}\n")
    sys.stdout.flush()
    threading.Event().wait()
