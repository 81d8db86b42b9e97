"""`tracetui prune`: removes old runs from a directory, each completely."""

import json
import sys
import time
from typing import TYPE_CHECKING

import click

from tracetui.cli import options

if TYPE_CHECKING:
    from tracetui.ingest.old_runs import OldRun

_LISTED = 10


@click.command()
@click.argument("directory", metavar="DIR", type=click.Path(exists=True, file_okay=False))
@click.option("--keep", type=click.IntRange(min=0), metavar="N", help="Keep the newest N runs.")
@click.option(
    "--older",
    callback=options.age,
    metavar="AGE",
    help="Remove only runs that ended longer ago, such as 30d.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be removed, and remove nothing.")
@click.option("--yes", is_flag=True, help="Do not ask first; needed without a terminal.")
@options.memory
@options.form
def prune(
    directory: str, keep: int | None, older: int | None, dry_run: bool, yes: bool, form: str
) -> int | None:
    """Remove old runs from DIR, each with all of its files.

    Only files that hold spans of these runs, or that their writers left beside them, are removed. A run that
    is being written stays, and so does one reached through a link. With --keep and --older both must agree.
    """
    if keep is None and older is None:
        raise click.UsageError("say which runs: --keep N, --older AGE, or both")
    from tracetui.cli.views import reading
    from tracetui.ingest.old_runs import chosen, old_runs, remove

    with reading() as line:
        runs = old_runs(directory, options.chosen().memory, line.at)
    leaving = chosen(runs, keep, older, time.time_ns())
    if form == "table":
        _show(runs, leaving)
    removes = bool(leaving) and not dry_run and (yes or _agreed())
    kept = remove(directory, leaving) if removes else []
    if removes and not kept and form == "table":
        print("removed")
    if form == "json":
        print(json.dumps(_document(directory, runs, leaving, kept, removed=removes)))
    for path, why in kept:
        click.echo(f"tracetui: {_safe(path)}: {why}; kept", err=True)
    return 1 if kept else None


def _agreed() -> bool:
    """The user's answer; raises `UsageError` if nobody can be asked."""
    if not sys.stdin.isatty():
        raise click.UsageError("there is no terminal to ask on; add --yes, or --dry-run to look first")
    return click.confirm("Remove them?", err=True)


def _show(runs: "list[OldRun]", leaving: "list[OldRun]") -> None:
    from tracetui import units
    from tracetui.ingest.old_runs import described
    from tracetui.report.drawing.style import many

    held = [run for run in runs if run.held]
    totals = described(leaving)
    if leaving:
        oldest, newest = units.timestamp(totals["oldest_ns"]), units.timestamp(totals["newest_ns"])
        ends = f"the oldest ended {oldest}, the newest {newest}"
        runs_in_files = f"{many(totals['runs'], 'run')} in {many(totals['files'], 'file')}"
        print(f"{runs_in_files}, {units.size(totals['bytes'])}; {ends} UTC")
        for run in leaving[:_LISTED]:
            print(f"  {units.timestamp(run.end_ns)}  {_safe(', '.join(run.names))}")
        if len(leaving) > _LISTED:
            print(f"  and {len(leaving) - _LISTED} more")
    else:
        print("nothing to remove")
    for run in held:
        print(f"stays: {_safe(', '.join(run.names))}: {run.held}")


def _document(
    directory: str,
    runs: "list[OldRun]",
    leaving: "list[OldRun]",
    kept: list[tuple[str, str]],
    *,
    removed: bool,
) -> dict[str, object]:
    from tracetui.ingest.old_runs import described

    return {
        "schema": "tracetui.prune/1",
        "directory": _safe(directory),
        "removed": removed,
        **described(leaving),
        "left": [
            {
                "names": [_safe(name) for name in run.names],
                "start_ns": run.start_ns,
                "end_ns": run.end_ns,
                "files": [_safe(file.path) for file in run.files],
            }
            for run in leaving
        ],
        "held": [{"names": [_safe(name) for name in run.names], "why": run.held} for run in runs if run.held],
        "failed": [{"file": _safe(path), "why": why} for path, why in kept],
    }


def _safe(text: str) -> str:
    from tracetui.text import sanitize

    return sanitize(text)
