"""`open`, and how a screen is shown: the app in a terminal, two pages elsewhere."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracetui.cli import options
from tracetui.cli.hand_over.baseline import asked_while_it_runs, while_it_runs
from tracetui.cli.views import print_top, print_waterfall, read, understood
from tracetui.settings import Settings
from tracetui.ui.app.tty import has_terminal

if TYPE_CHECKING:
    from tracetui.ingest import Ingest
    from tracetui.ui.feed.feed import Find
    from tracetui.ui.feed.fitting_mode import SpanIds

FIRST_LOOK_S = 0.2
"""So long a recording is read before the app starts: what is no trace at all is said without it."""


@click.command("open")
@options.paths
@options.theme
@options.ascii_
@options.limit
@while_it_runs
@click.option("--replay", is_flag=True, help="Play the recording as if it were live (in the app: p).")
def open_(paths: Sequence[str], baseline: str | None, *, replay: bool) -> int:
    """Open recorded files or directories.

    PATH is a span file, a directory of them, or - for standard input.
    """
    settings = options.chosen()
    find = asked_while_it_runs(baseline) if baseline else None
    if not has_terminal():
        return print_pages(read(paths), find)
    return show_recording(paths, settings, replay=replay, find=find)


def show_recording(
    paths: Sequence[str],
    settings: Settings,
    *,
    replay: bool = False,
    find: "Find | None" = None,
    at: "SpanIds | None" = None,
) -> int:
    """Run the app over recorded files, at a span of them; its exit code.

    Raises `InputError` for what is no trace at all.
    """
    from tracetui.ingest import Ingest, require_trace

    ingest = Ingest(paths, memory=settings.memory, cache=settings.cache, jobs=settings.jobs)
    ingest.sweep()
    until = time.perf_counter() + FIRST_LOOK_S
    while not ingest.ended and time.perf_counter() < until:
        ingest.step()
    if ingest.ended:
        require_trace(ingest, paths)
    return show(ingest, title_of(paths), settings, replay=replay, find=find, at=at)


def print_pages(ingest: "Ingest", find: "Find | None" = None) -> int:
    """Print the waterfall and the slowest tests, for logs; urgent facts last."""
    from msgspec.structs import replace

    from tracetui.cli.printing import Printer
    from tracetui.report.drawing.alarms import alarms

    findings = understood(ingest)
    if find is not None:
        findings = replace(findings, baseline=find(findings))
    print_waterfall(findings)
    print()
    print_top(findings)
    Printer().lines(alarms(findings, options.chosen().limit))
    return 0


def show(
    ingest: "Ingest",
    title: str,
    settings: Settings,
    follow: Path | None = None,
    *,
    replay: bool = False,
    find: "Find | None" = None,
    at: "SpanIds | None" = None,
) -> int:
    """Run the app; returns its exit code."""
    from tracetui.ui import run_app

    try:
        return run_app(ingest, title, settings, follow, replay=replay, find=find, at=at)
    finally:
        ingest.close()


def title_of(paths: Sequence[str]) -> str:
    """What a recording is called."""
    name = Path(paths[0]).resolve().name or paths[0]
    return name if len(paths) == 1 else f"{name} and {len(paths) - 1} more"
