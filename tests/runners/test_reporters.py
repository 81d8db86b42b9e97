"""Our reporters for runners in JavaScript: each test with its name, outcome and time, live, nothing lost."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.running import environment
from tests.cli.running import tracetui as run
from tests.npm import needs
from tests.runners.running import RECIPES, Recorded, opened, recorded, suite
from tracetui.cli.record.reporter import REPORTERS, names
from tracetui.model.role import HookKind, Outcome, Role

DATA = Path(__file__).parents[1] / "data" / "reporters"
NODE = shutil.which("node")
needs_node = pytest.mark.skipif(not NODE, reason="no node here")
FILES = {"Vitest": "test.mjs", "Jest": "test.js", "Mocha": "test.cjs", "Node": "test.mjs"}
ORDERS = [
    ("an order > is refused", "failed"),
    ("an order > is sent", "skipped"),
    ("an order > that is new > has a total", "passed"),
]
"""What every runner's suite has in its first file."""
MORE = {
    "Vitest": [
        ("an order > is left out", "skipped"),
        ("an order > is paid", "skipped"),
        ("is flaky", "passed"),
        ("should not hold", "xfailed"),
    ],
    "Jest": [
        ("an order > is paid", "skipped"),
        ("an order > is refused", "rerun"),
        ("is flaky", "passed"),
        ("is flaky", "rerun"),
        ("should not hold", "xfailed"),
    ],
    "Mocha": [
        ("a depot > opens", "error"),
        ("an order > is flaky", "passed"),
        ("an order > is flaky", "rerun"),
        ("an order > is left out", "skipped"),
        ("an order > is paid", "skipped"),
    ],
    "Node": [
        ("an order > is left out", "skipped"),
        ("an order > is paid", "xfailed"),
        ("has parts", "passed"),
        ("has parts > one", "passed"),
    ],
}
PLAYWRIGHT = [
    ("depot.spec.js::opens", "passed"),
    ("orders.spec.js::an order > hangs", "error"),
    ("orders.spec.js::an order > has a total", "passed"),
    ("orders.spec.js::an order > is flaky", "passed"),
    ("orders.spec.js::an order > is flaky", "rerun"),
    ("orders.spec.js::an order > is refused", "failed"),
    ("orders.spec.js::an order > is sent", "skipped"),
    ("orders.spec.js::an order > should not hold", "xfailed"),
]
RUNNERS = [
    pytest.param("Vitest", marks=needs("vitest")),
    pytest.param("Jest", marks=needs("jest")),
    pytest.param("Mocha", marks=needs("mocha")),
    pytest.param("Node", marks=needs_node),
]


def expected(runner: str) -> list[tuple[str, str]]:
    """What the tests of a runner's suite are called, and how they end."""
    if runner == "Playwright":
        return PLAYWRIGHT
    orders = [(f"orders.{FILES[runner]}::{name}", outcome) for name, outcome in ORDERS + MORE[runner]]
    return sorted([*orders, (f"depot.{FILES[runner]}::opens", "passed")])


@pytest.mark.parametrize("runner", ["Playwright", *FILES])
def test_what_was_recorded_once(runner: str) -> None:
    """The same, where there is no runner: of what each of them sent when this was written."""
    assert opened(DATA / f"{runner.lower()}.traces.jsonl").outcomes(Role.TEST) == expected(runner)


@pytest.mark.parametrize("runner", RUNNERS)
def test_each_test_as_its_runner_tells_it(runner: str, tmp_path: Path) -> None:
    """By its file, its groups and its name; so does the run end. One waits until it sees itself live."""
    more = " *.test.cjs" if runner == "Mocha" else ""
    found = recorded(suite(runner.lower(), tmp_path), RECIPES[runner] + more)
    assert found.outcomes(Role.TEST) == expected(runner)
    assert found.ran.returncode != 0
    assert {outcome for _, outcome in found.outcomes(Role.SUITE)} == {"failed"}
    nothing_is_lost(found)
    errors_are_told(found)
    times_are_right(found)
    if runner != "Mocha":  # It ends where a file does not load.
        (broken,) = found.rows(Role.HOOK)
        assert found.snapshot.title(broken) == f"broken.{FILES[runner]}"
        assert found.snapshot.hook_kind[broken] == HookKind.COLLECTION
        assert found.outcome(broken) == "failed"


def nothing_is_lost(found: Recorded) -> None:
    """All is sent, and spans that were told of when they began have taken the place of that."""
    assert b"lost 0" in found.ran.stderr
    assert b"could not be sent" not in found.ran.stderr
    assert found.snapshot.health.rejected == found.snapshot.health.torn == 0
    assert found.snapshot.health.collisions == 0
    assert (found.snapshot.end_ns > 0).all()


def errors_are_told(found: Recorded) -> None:
    """The message, without colours, and where it was."""
    lines = "".join(path.read_text() for path in found.directory.glob("*.traces.jsonl")).splitlines()
    groups = [group for each in lines for group in json.loads(each)["resourceSpans"]]
    spans = [span for group in groups for scoped in group["scopeSpans"] for span in scoped["spans"]]
    failed = [span for span in spans if span["name"] == "an order > is refused"]
    assert failed
    for span in failed:
        (event,) = span["events"]
        told = {each["key"]: each["value"]["stringValue"] for each in event["attributes"]}
        assert "equal" in told["exception.message"]
        assert "orders." in told["exception.stacktrace"]
        assert "\x1b" not in "".join(told.values())


def times_are_right(found: Recorded) -> None:
    """A test that waits 200 ms takes them, and no test is longer than what it stands in."""
    snapshot = found.snapshot
    for row in found.rows(Role.TEST):
        above = int(snapshot.parent_row[row])
        assert snapshot.start_ns[above] <= snapshot.start_ns[row] <= snapshot.end_ns[row]
        if snapshot.title(row).endswith("::opens") and snapshot.outcome[row] == Outcome.PASSED:
            assert snapshot.end_ns[row] - snapshot.start_ns[row] >= 195_000_000


@needs("@playwright/test")
def test_playwright(tmp_path: Path) -> None:
    """Tests by worker, with hooks, fixtures and steps; an attempt that is not the last is a rerun."""
    found = recorded(suite("playwright", tmp_path), RECIPES["Playwright"])
    assert found.outcomes(Role.TEST) == PLAYWRIGHT
    lanes = {found.snapshot.worker(row) for row in found.rows(Role.TEST)}
    assert lanes == {"worker 0", "worker 1"}
    kinds = {
        found.snapshot.title(row): HookKind(int(found.snapshot.hook_kind[row]))
        for row in found.rows(Role.HOOK)
    }
    assert kinds == {"beforeAll hook": HookKind.CLASS, 'Fixture "total"': HookKind.FUNCTION}
    assert "adds up" in [title for title, _ in found.outcomes(Role.OTHER)]
    assert found.ran.returncode == 1
    nothing_is_lost(found)


KILLS = """
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
const isIn = (name) => readFileSync(`spans/logs/${name}`, 'utf8').includes('> hangs')
const isTold = () => existsSync('spans/logs') && readdirSync('spans/logs').some(isIn)
describe('depot', () => {
  test('opens', () => {})
  test('hangs', async () => {
    while (!isTold()) await new Promise((resolve) => setTimeout(resolve, 20))
    process.kill(process.ppid, 'SIGKILL')
  })
})
"""


@needs_node
def test_a_runner_that_is_killed(tmp_path: Path) -> None:
    """What ran when it died is cut off, in its group; what had ended is there."""
    (tmp_path / "depot.test.mjs").write_text(KILLS)
    found = recorded(tmp_path, RECIPES["Node"])
    assert found.ran.returncode == 128 + 9
    assert found.outcomes(Role.TEST) == [
        ("depot.test.mjs::depot > hangs", "cut_off"),
        ("depot.test.mjs::depot > opens", "passed"),
    ]
    assert ("depot", "cut_off") in found.outcomes(Role.OTHER)


@needs("@playwright/test")
def test_playwright_that_collects_nothing(tmp_path: Path) -> None:
    """It runs no test if a file does not load: that is told of it, and the run has failed."""
    place = suite("playwright", tmp_path)
    (place / "broken.spec.js").write_text("throw new Error('nothing here can be collected')\n")
    found = recorded(place, RECIPES["Playwright"])
    assert found.outcomes(Role.TEST) == []
    assert found.outcomes(Role.HOOK) == [("broken.spec.js", "failed")]
    assert {outcome for _, outcome in found.outcomes(Role.SUITE)} == {"failed"}


@needs_node
@pytest.mark.parametrize(
    ("endpoint", "said"), [("", b""), ("http://127.0.0.1:9", b"spans could not be sent: ")]
)
def test_what_cannot_be_sent_fails_nothing(endpoint: str, said: bytes, tmp_path: Path) -> None:
    """A configuration names a reporter for good: where nobody listens it says nothing, or one line."""
    variables = {name: value for name, value in environment().items() if not name.startswith("OTEL_")}
    if endpoint:
        variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint
    (tmp_path / "depot.test.mjs").write_text("import { test } from 'node:test'\ntest('opens', () => {})")
    options = [f"--test-reporter={REPORTERS / 'node-test.cjs'}", "--test-reporter-destination=stdout"]
    ran = subprocess.run(
        [str(NODE), "--test", *options, "depot.test.mjs"],
        cwd=tmp_path,
        env=variables,
        capture_output=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout, ran.stderr.count(b"\n")) == (0, b"", bool(said))
    assert said in ran.stderr


def test_where_reporters_lie() -> None:
    """One path by name, all names without one, and what is meant by a name that is none."""
    assert run("reporter").stdout.decode().split() == names()
    assert set(names()) == {"jest", "mocha", "node-test", "playwright", "vitest"}
    path = Path(run("reporter", "jest").stdout.decode().strip())
    assert path.is_file()
    assert path.is_absolute()
    ran = run("reporter", "jset")
    assert (ran.returncode, b"no reporter for jset (did you mean jest?)" in ran.stderr) == (2, True)
