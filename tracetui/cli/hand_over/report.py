"""`tracetui report`: how the tests of a run ended, as the files that CI systems read."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from tracetui.cli import options
from tracetui.cli.hand_over.output import deliver, out

FORMATS = ("junit", "ctrf", "csv", "json")


@click.command()
@options.paths
@click.option("--format", "form", type=click.Choice(FORMATS), required=True, help="What to write.")
@out
@options.filtered
@options.one_run
def report(
    paths: Sequence[str], form: str, path: Path | None, wanted: str | None, run: str | None, job: str | None
) -> None:
    """Write how the tests of a run ended, for CI systems to read.

    PATH is a span file, a directory of them, or - for standard input; of several runs the newest counts, or
    that of --run. Each test is in it once, with its own time, what hooks took, and its earlier attempts.
    """
    from tracetui.cli.views import examined
    from tracetui.report.formats import formats
    from tracetui.report.formats.results import Results

    ingest, findings, lens = examined(paths, wanted, run, job)
    deliver(formats.FORMATS[form](Results(findings, ingest.span, lens)), path)
    if len(findings.runs) > 1 and run is None:
        runs = len(findings.runs)
        print(f"tracetui: {form}: the newest of {runs} runs (--run all for all)", file=sys.stderr)
