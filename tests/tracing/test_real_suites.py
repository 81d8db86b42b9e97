"""Real suites that nobody here wrote: source distributions with their own tests, traced and not.

    python -m pytest -m nightly tests/tracing/test_real_suites.py [-k click]

They are fetched with pip, at the versions below, and installed beside this environment, not into it.
"""

from __future__ import annotations

import faulthandler
import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.tracing.recording import clean_environment, spans_in, with_role
from tracetui.analysis.study.findings import study
from tracetui.ingest import load
from tracetui.model.role import Outcome

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(1500)]

OTHERS = ("asyncio", "cacheprovider", "randomly", "syrupy")
OBSERVER = """
    import json, os

    WORDS = ("passed", "failed", "error", "skipped", "xfailed", "xpassed")

    def pytest_terminal_summary(terminalreporter):
        found = [
            (report.nodeid, word)
            for word in WORDS
            for report in terminalreporter.stats.get(word, ())
            if hasattr(report, "when") and not hasattr(report, "context")
        ]
        with open(os.environ["OBSERVED"], "w") as file:
            json.dump(found, file)
"""


@dataclass(frozen=True)
class Suite:
    """A distribution with tests: what they need beside it, and how they are run."""

    name: str
    version: str
    needs: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()


PACKAGING = tuple(f"tests/test_{name}.py" for name in ("markers", "metadata", "tags", "utils"))
# Those that need no network.
ANYIO = (
    "tests/streams",
    *(f"tests/test_{name}.py" for name in ("eventloop", "synchronization", "taskgroups")),
)
OTEL = ("opentelemetry-test-utils==0.66b2", "opentelemetry-instrumentation==0.66b2", "flaky==3.8.1")
OTEL_BEFORE = ("opentelemetry-test-utils==0.66b1", "opentelemetry-instrumentation==0.66b1")
SUITES = (
    Suite("click", "8.5.1"),
    Suite("attrs", "26.1.0", ("cloudpickle==3.1.3", "pympler==1.1")),
    Suite("more-itertools", "11.2.1", (), ("--doctest-modules", "more_itertools", "tests")),
    Suite("pluggy", "1.7.0"),
    # Of its 60,000 tests some thousand.
    Suite("packaging", "26.3", ("pretend==1.0.9", "tomli_w==1.2.0"), PACKAGING),
    Suite("jinja2", "3.1.6", ("markupsafe==3.0.4", "trio==0.35.0")),
    # Tests about spans, which must see none of ours.
    Suite("opentelemetry-sdk", "1.45.2", (*OTEL, "psutil==7.2.2"), ("tests/trace", "tests/context")),
    Suite("opentelemetry-instrumentation-wsgi", "0.66b2", (*OTEL, "opentelemetry-util-http==0.66b2")),
    Suite("opentelemetry-instrumentation-threading", "0.66b1", OTEL_BEFORE),
    Suite(
        "anyio", "4.16.0", ("trio==0.35.0", "trustme==1.2.1", "psutil==7.2.2", "pytest-mock==3.17.0"), ANYIO
    ),
)


@pytest.fixture(scope="module", params=SUITES, ids=lambda suite: suite.name)
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A suite, unpacked and with all that it needs."""
    suite: Suite = request.param
    directory = tmp_path_factory.mktemp(suite.name)
    _pip(
        "download", "--no-deps", "--no-binary", suite.name, "-d", directory, f"{suite.name}=={suite.version}"
    )
    (archive,) = directory.glob("*.tar.gz")
    subprocess.run(["tar", "-xzf", archive, "-C", directory], check=True)
    (source,) = (path for path in directory.iterdir() if path.is_dir())
    # At one go: a second time pip would leave alone what is in a namespace that is there.
    alone = () if suite.needs else ("--no-deps",)
    _pip("install", *alone, "--target", directory / "lib", archive, *suite.needs)
    (directory / "lib" / "observer.py").write_text(textwrap.dedent(OBSERVER))
    return Place(suite, source, directory)


def _pip(*arguments: str | Path) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True, timeout=600)


@dataclass(frozen=True)
class Place:
    """Where a suite is, and how it is run there."""

    suite: Suite
    source: Path
    directory: Path

    def run(self, *arguments: str) -> list[tuple[str, str]]:
        """What became of its tests, as pytest counts them: names and words, in order."""
        observed = self.directory / "observed.json"
        observed.unlink(missing_ok=True)
        paths = os.pathsep.join([str(self.directory / "lib"), str(self.source)])
        others = [option for name in OTHERS for option in ("-p", f"no:{name}")]
        options = ["-p", "observer", "--no-header", "-q", *others]
        ran = subprocess.run(
            [sys.executable, "-m", "pytest", *options, *self.suite.arguments, *arguments],
            cwd=self.source,
            env=clean_environment({"PYTHONPATH": paths, "OBSERVED": str(observed)}),
            check=False,
            capture_output=True,
            timeout=600,
        )
        assert observed.exists(), ran.stdout + ran.stderr
        return sorted((name, word) for name, word in json.loads(observed.read_bytes()))


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["plain", "xdist"])
def test_a_suite_does_not_notice_and_the_trace_has_it_all(
    place: Place, tmp_path: Path, workers: tuple[str, ...]
) -> None:
    """The same outcomes with and without the plugin; the trace has each test once, with its outcome."""
    # What ends a process that hangs is too early where a suite takes its time; there is a limit of its own.
    faulthandler.cancel_dump_traceback_later()
    plain = place.run("--no-tracetui", *workers)
    assert place.run(f"--tracetui={tmp_path / 'spans'}", *workers) == plain
    assert len(plain) > 10
    told = [
        (str(span.attributes["pytest.nodeid"]), str(span.attributes["pytest.outcome"]))
        for span in with_role(spans_in(tmp_path / "spans"), "test")
    ]
    assert sorted(told) == plain
    assert _as_read(tmp_path / "spans") == _counted(plain)


def _as_read(directory: Path) -> Mapping[str, int]:
    """The tests by outcome, as the viewer counts them; they are all that were expected."""
    summary = study(load([str(directory)]).table.snapshot(), 0).summary
    assert (summary.state, summary.suites, summary.expected) == ("ended", 1, summary.tests)
    return {outcome.label: number for outcome, number in summary.outcomes.items()}


def _counted(found: list[tuple[str, str]]) -> Mapping[str, int]:
    words = [word for _, word in found]
    return {outcome.label: words.count(outcome.label) for outcome in Outcome if outcome.label in words}
