"""`demo`: a small real suite under pytest, traced, and watched while it runs. Leaves no files behind."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

import click

from tracetui.cli import options
from tracetui.cli.screens import print_pages, show
from tracetui.cli.views import read
from tracetui.errors import TracetuiError
from tracetui.rerun.process_groups import end_group, leaving_in_order
from tracetui.settings import Settings
from tracetui.ui.app.tty import has_terminal

SUITE = Path(__file__).parents[1] / "demo" / "suite"
EXPECTED = (0, 1)
"""Pytest's codes for a run of which no test, or some, failed: one of the suite's does on purpose."""

_OTHERS = ("PYTEST_", "OTEL_", "TRACETUI_", "TRACEPARENT", "TRACESTATE", "BAGGAGE")
"""Settings for other runs than this one; some would send its spans to a network."""


@click.command()
@click.option("--keep", metavar="DIR", help="Keep the spans in DIR (default: they are removed at the end).")
@options.theme
@options.ascii_
def demo(keep: str | None) -> int:
    """Run the bundled suite under pytest and watch it."""
    settings = options.chosen()
    with ExitStack() as stack:
        stack.enter_context(leaving_in_order())
        work = Path(stack.enter_context(TemporaryDirectory(prefix="tracetui-demo-")))
        spans = Path(keep).absolute() if keep else work / "spans"
        spans.mkdir(mode=0o700, parents=True, exist_ok=True)
        log = stack.enter_context((work / "pytest.log").open("w+"))
        suite = stack.enter_context(_running(work, spans, log))
        code = _watched(spans, settings) if has_terminal() else _waited_for(suite)
        _require_run(suite, spans, log)
        if not has_terminal():
            print_pages(read([str(spans)]))
    if keep:
        print(f"the spans are in {_shown(keep)} (open with: tracetui open {_shown(keep)})")
    return code


def _watched(spans: Path, settings: Settings) -> int:
    from tracetui.ingest import Ingest

    return show(Ingest([str(spans)], follow=True), "demo", settings, spans)


def _waited_for(suite: subprocess.Popen[str]) -> int:
    print("running the bundled suite on 2 workers ...", file=sys.stderr, flush=True)
    suite.wait()
    return 0


def _require_run(suite: subprocess.Popen[str], spans: Path, log: IO[str]) -> None:
    """Raises if the suite has ended other than a test run ends."""
    code = suite.poll()
    if code is not None and not (code in EXPECTED and any(spans.rglob("*.jsonl"))):
        said = _last_line(log) or f"pytest ended with {code}"
        raise TracetuiError(f"the suite did not run: {said}")


@contextmanager
def _running(work: Path, spans: Path, log: IO[str]) -> Iterator[subprocess.Popen[str]]:
    """The suite in a process group of its own, which is ended afterwards."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(_OTHERS)}
    pytest = [sys.executable, "-m", "pytest", str(SUITE), "-n", "2", "-q", "-p", "no:cacheprovider"]
    suite = subprocess.Popen(
        [*pytest, f"--tracetui={spans}"],
        cwd=work,
        env=environment | {"PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield suite
    finally:
        end_group(suite)


def _last_line(log: IO[str]) -> str:
    log.seek(0)
    lines = [line.strip() for line in log if line.strip()]
    return lines[-1] if lines else ""


def _shown(path: str) -> str:
    from tracetui.text import sanitize

    return sanitize(path)
