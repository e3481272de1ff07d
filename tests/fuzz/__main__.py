"""Calls every operation of /v2/openapi.json on the real server, as its schemas allow and as they don't: `make fuzz`.

FUZZ_EXAMPLES: at most so many cases an operation and phase. FUZZ_SEED: another seed makes other cases, the same
one the same. What follows on the command line goes to schemathesis, like `--include-operation-id create_note`.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from tests.fuzz import cast
from tests.serving import serving_process

EXAMPLES = os.environ.get("FUZZ_EXAMPLES", "50")
SEED = os.environ.get("FUZZ_SEED", "1")


def main(options: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="vidwiz-fuzz-") as folder:
        report, log = Path(folder) / "report.json", Path(folder) / "log"
        with (
            no_certificates() as certificates,
            serving_process(
                Path(folder),
                ADMIN_TOKEN=cast.ADMIN_TOKEN,
                GOOGLE_CLIENT_ID="fuzz",
                GOOGLE_CERTS_URL=certificates,
            ) as url,
        ):
            os.environ["FUZZ_URL"] = url
            cast.make_rows()
            command = [
                f"{sys.prefix}/bin/schemathesis",
                *("--config-file", str(Path(__file__).with_name("schemathesis.toml"))),
                *("run", f"{url}/v2/openapi.json"),
                *("--max-examples", EXAMPLES, "--seed", SEED),
                *("--report-json-path", str(report)),
                *options,
            ]
            failed = subprocess.run(command, check=False).returncode
        errors = [line for line in log.read_text().splitlines(keepends=True) if " ERROR " in line]
        if failed:
            print("From the server's log:", *(errors[-20:] or ["no error"]), sep="\n")
        if report.exists():
            print(summary(json.loads(report.read_text())))
    return failed


@contextmanager
def no_certificates() -> Iterator[str]:
    """The address of what stands in for Google's certificates: none, so no token is Google's."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def summary(report: dict) -> str:
    cases = report["test_cases"]
    never = [
        name
        for name, phases in report["valid_rates"].items()
        if not sum(rate["accepted"] for rate in phases.values())
    ]
    return (
        f"Never answered with 2xx: {', '.join(sorted(never)) or 'none of them'}\n"
        f"{report['operations']['tested']} of {report['operations']['total']} operations, "
        f"{cases['generated']} cases, {cases['unique_failures']} failures, {report['running_time']:.0f} s "
        f"(FUZZ_SEED={SEED}, FUZZ_EXAMPLES={EXAMPLES})"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
