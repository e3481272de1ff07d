"""Says in one line why `make run` can't start, before a supervisor tries again and again."""

import os
import socket
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import vidwiz.settings  # noqa: F401 - stops here if a setting can't work

host, port = os.environ["HOST"], os.environ["PORT"]
if not port.isdecimal() or not 0 < int(port) < 65536:
    sys.exit(f"VidWiz can't start: PORT is {port!r}; it must be a number from 1 to 65535.")
try:
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)
except OSError as error:
    sys.exit(
        f"VidWiz can't start: it can't listen on {host}:{port} ({error.strerror}). Try another, like: PORT=8001 make run"
    )
