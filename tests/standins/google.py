"""Google's certificate server, and ID tokens signed by its key, as Google makes them."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

WEB = "web.apps.googleusercontent.com"
EXTENSION = "extension.apps.googleusercontent.com"


@cache
def key(name: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def certificate(name: str) -> str:
    """PEM, as the endpoint gives it for each key id."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key(name).public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=9))
        .sign(key(name), hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
        .decode()
    )


class Google:
    """Answers with `status` and the certificates of `keys`, to be kept for `max_age` seconds; counts how often."""

    def __init__(self) -> None:
        self.keys = ["first"]
        self.max_age = 3600
        self.status = 200
        self.body: bytes | None = None
        self.asked = 0
        self.url = ""

    def token(self, *, kid: str = "first", signed_by: str = "first", **claims: Any) -> str:
        now = int(time.time())
        good = {
            "iss": "https://accounts.google.com",
            "aud": WEB,
            "azp": WEB,
            "sub": "110169484474386276334",
            "email": "ann@example.com",
            "email_verified": True,
            "name": "Ann B",
            "picture": "https://lh3.googleusercontent.com/a/ann",
            "iat": now,
            "exp": now + 3600,
        }
        wanted = {name: value for name, value in (good | claims).items() if value is not None}
        return jwt.encode(wanted, key(signed_by), algorithm="RS256", headers={"kid": kid})


@contextmanager
def google() -> Iterator[Google]:
    stand_in = Google()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            stand_in.asked += 1
            body = stand_in.body
            if body is None:
                body = json.dumps({name: certificate(name) for name in stand_in.keys}).encode()
            self.send_response(stand_in.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Cache-Control", f"public, max-age={stand_in.max_age}, must-revalidate")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    stand_in.url = f"http://127.0.0.1:{server.server_address[1]}/certs"
    try:
        yield stand_in
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
