"""Our reporters for JavaScript at their edges: any text, error and collector, and nothing fails a run."""

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.cli.running import environment
from tests.runners.running import RECIPES, recorded, suite
from tracetui.cli.record.reporter import REPORTERS
from tracetui.model.role import Role

NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(not NODE, reason="no node here")

DRIVER = """
const { Run } = require(process.argv[1])
const run = new Run('driver')
for (const name of ['a', 'b', 'c']) run.end(run.startTest('x.js', [name]), { status: 'pass' })
run.finish(true)
"""


@contextmanager
def collector(*answers: int) -> Iterator[tuple[str, list[bytes]]]:
    """A collector that answers so, the last for ever; what it took, and where it is."""
    taken: list[bytes] = []
    left = list(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            status = left.pop(0) if len(left) > 1 else left[0]
            if status == 200:
                taken.append(body)
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the library's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", taken
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def driven(script: str, *words: str, **more: str) -> subprocess.CompletedProcess[bytes]:
    """What Node makes of a script."""
    kept = {name: value for name, value in environment().items() if not name.startswith("OTEL_")}
    return subprocess.run(
        [str(NODE), "-e", script, *words], env=kept | more, capture_output=True, check=False
    )


def test_hostile_names_and_errors(tmp_path: Path) -> None:
    """All arrive, whatever a test is called and throws; half a character is none."""
    found = recorded(suite("hostile", tmp_path), RECIPES["Node"])
    tests = found.outcomes(Role.TEST)
    assert len(tests) == 18
    assert sorted(outcome for _, outcome in tests) == ["failed"] * 9 + ["passed"] * 9
    assert "x.test.mjs::\ufffd half" in [title for title, _ in tests]
    assert max(len(title) for title, _ in tests) <= 33 << 10
    assert b"lost 0" in found.ran.stderr
    assert found.snapshot.health.rejected == 0


@pytest.mark.parametrize(
    ("answers", "arrive", "lost"),
    [((503, 200), 4, 0), ((429, 429, 200), 4, 0), ((400,), 0, 4), ((503,), 0, 4)],
)
def test_collectors_that_put_off_or_refuse(answers: tuple[int, ...], arrive: int, lost: int) -> None:
    """They are asked again, but for what they will never take; what is lost is counted, in one line."""
    with collector(*answers) as (endpoint, taken):
        ran = driven(DRIVER, str(REPORTERS / "spans" / "run.cjs"), OTEL_EXPORTER_OTLP_ENDPOINT=endpoint)
    spans = [
        span
        for body in taken
        for group in json.loads(body)["resourceSpans"]
        for scoped in group["scopeSpans"]
        for span in scoped["spans"]
    ]
    assert (ran.returncode, ran.stdout, len(spans)) == (0, b"", arrive)
    status = answers[-1]
    said = f"tracetui: {lost} spans could not be sent: the collector answered {status}\n" if lost else ""
    assert ran.stderr.decode() == said


def test_what_the_environment_says() -> None:
    """Parent, resource and service are those of OpenTelemetry's variables; start records are for us alone."""
    variables = {
        "OTEL_EXPORTER_OTLP_HEADERS": "authorization=Bearer%20x,a=b",
        "OTEL_RESOURCE_ATTRIBUTES": "team=depot%20two,broken",
        "OTEL_SERVICE_NAME": "mine",
        "TRACEPARENT": f"00-{'ab' * 16}-{'cd' * 8}-01",
    }
    with collector(200) as (endpoint, taken):
        driven(
            DRIVER, str(REPORTERS / "spans" / "run.cjs"), OTEL_EXPORTER_OTLP_ENDPOINT=endpoint, **variables
        )
    (group,) = json.loads(taken[0])["resourceSpans"]
    resource = {each["key"]: each["value"].get("stringValue") for each in group["resource"]["attributes"]}
    assert (resource["service.name"], resource["team"]) == ("mine", "depot two")
    spans = group["scopeSpans"][0]["spans"]
    assert {span["traceId"] for span in spans} == {"ab" * 16}
    assert "cd" * 8 in {span["parentSpanId"] for span in spans}
    assert not [body for body in taken if b"resourceLogs" in body]


@pytest.mark.parametrize("name", ["jest", "playwright", "vitest"])
def test_nonsense_of_a_runner_fails_nothing(name: str) -> None:
    """A runner that has changed, and tells of things that a reporter cannot understand: one line, and on."""
    script = """
    const reporter = new (require(process.argv[1]))()
    for (const name of Object.getOwnPropertyNames(Object.getPrototypeOf(reporter)))
      if (name.startsWith('on')) reporter[name](null, 7)
    console.log('on')
    """
    ran = driven(script, str(REPORTERS / f"{name}.cjs"), OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9")
    assert (ran.returncode, ran.stdout) == (0, b"on\n")
    assert ran.stderr.startswith(b"tracetui: the run is not traced any further: ")
    assert ran.stderr.count(b"\n") == 1
