"""`tracetui export`: a recording as another tool's file."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracetui import units
from tracetui.cli import options
from tracetui.cli.hand_over.output import deliver, deliver_bytes, out
from tracetui.cli.progress import progress
from tracetui.errors import InputError

if TYPE_CHECKING:
    from tracetui.export.subject import Subject

TO = ("perfetto", "speedscope", "jaeger", "otlp", "csv", "test-durations", "parquet")
DRAWN = ("perfetto", "speedscope", "jaeger")
"""Formats of viewers that draw nothing but time."""


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
    test-durations for pytest-split, csv and parquet for DuckDB, pandas or Spark. Standard error says what a
    format cannot carry.
    """
    if wanted and to == "test-durations":
        raise click.UsageError("test-durations are of all tests of a run: leave --filter out")
    from msgspec.structs import replace

    from tracetui.cli.views import examined
    from tracetui.export.subject import subject
    from tracetui.text import sanitize

    write = _writer(to, path)
    ingest, findings, lens = examined(paths, wanted, run, job)
    if to in DRAWN and findings.no_timeline:
        raise InputError(findings.no_timeline)
    what = subject(findings, lens, ingest.span)
    shown = path is not None or not sys.stdout.isatty()
    with progress(f"writing {to}", _spans, len(what.rows), shown=shown) as line:
        write(replace(what, advance=line.advance))
    if what.notes:
        print(f"tracetui: {to}: {sanitize(what.said())}", file=sys.stderr)


def _writer(to: str, path: Path | None) -> "Callable[[Subject], None]":
    """The function that writes a format to a file; raises `InputError` before anything is read if it
    cannot.
    """
    if to != "parquet":
        from tracetui.export.formats import FORMATS

        return lambda what: deliver(FORMATS[to](what), path)
    try:
        from tracetui.export.tables.parquet import parquet
    except ImportError:
        raise InputError("pyarrow is not installed; it comes with: pip install 'tracetui[parquet]'") from None
    if path is None and sys.stdout.isatty():
        raise InputError("parquet is no text to print: name a file with -o FILE")
    return lambda what: deliver_bytes(parquet(what), path)


def _spans(count: int) -> str:
    return units.many(count, "span")
