"""`tracetui export`: a recording as another tool's file."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from tracetui.cli import options
from tracetui.cli.hand_over.output import deliver, out, progress

TO = ("perfetto", "speedscope", "jaeger", "otlp", "csv", "test-durations")


@click.command()
@options.paths
@click.option("--to", type=click.Choice(TO), required=True, help="The tool or format.")
@out
@options.filtered
@options.one_run
def export(
    paths: Sequence[str], to: str, path: Path | None, wanted: str | None, run: str | None, job: str | None
) -> None:
    """Write a recording as the file of another tool.

    PATH is a span file, a directory of them, or - for standard input. Perfetto (ui.perfetto.dev) and
    speedscope show worker lanes, Jaeger's UI traces; otlp is for any other reader of OTLP/JSON,
    test-durations for pytest-split. What a format cannot carry is said on standard error.
    """
    if wanted and to == "test-durations":
        raise click.UsageError("test-durations are of all tests of a run: leave --filter out")
    from dataclasses import replace

    from tracetui.cli.views import examined
    from tracetui.export.formats import FORMATS
    from tracetui.export.subject import subject
    from tracetui.text import sanitize

    ingest, findings, lens = examined(paths, wanted, run, job)
    what = subject(findings, lens, ingest.span)
    with progress(len(what.rows), f"{to}:", path) as advance:
        deliver(FORMATS[to](replace(what, advance=advance)), path)
    if what.notes:
        print(f"tracetui: {to}: {sanitize(what.said())}", file=sys.stderr)
