"""`tracetui report`: the results of a run's tests as files that CI systems read."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from tracetui.cli import options
from tracetui.cli.hand_over.html import write_html
from tracetui.cli.hand_over.markdown import MARKDOWN, write_page
from tracetui.cli.hand_over.output import deliver, out
from tracetui.errors import InputError

PAGES = ("html", *MARKDOWN)
RESULTS = ("junit", "ctrf", "csv", "json")
FORMATS = (*PAGES, *RESULTS)


@click.command()
@options.paths
@click.option("--format", "form", type=click.Choice(FORMATS), required=True, help="What to write.")
@out
@options.filtered
@options.one_run
@click.option(
    "--baseline",
    metavar="PATH|URL",
    multiple=True,
    help="html, md, github: runs to compare with, or a store.",
)
@click.option(
    "--split",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="md: a ticket for each failed and slow test, in a file of DIR.",
)
def report(
    paths: Sequence[str],
    form: str,
    path: Path | None,
    wanted: str | None,
    run: str | None,
    job: str | None,
    baseline: Sequence[str],
    split: Path | None,
) -> None:
    """Write a report on a run, for people or CI systems.

    html (one page to open, mail or keep), md and github are for people, the other formats for CI systems.
    PATH is a span file, a directory of them, or - for standard input; of several runs the newest counts, or
    that of --run. `github` goes to the file that GITHUB_STEP_SUMMARY names, with up to ten annotations.
    """
    if split is not None and (form != "md" or path is not None):
        raise InputError("report: --split DIR goes with --format md, and without -o")
    if baseline and form not in PAGES:
        raise InputError(f"report: --baseline goes with --format {', '.join(PAGES)}")
    from tracetui.cli.views import examined
    from tracetui.report.formats import formats
    from tracetui.report.formats.results import Results

    ingest, findings, lens = examined(paths, wanted, run, job)
    if form == "html":
        write_html(ingest, findings, lens, path, paths, baseline)
    elif form in MARKDOWN:
        write_page(ingest, findings, form, path, split, baseline)
    else:
        deliver(formats.FORMATS[form](Results(findings, ingest.span, lens)), path)
    if len(findings.runs) > 1 and run is None:
        runs = len(findings.runs)
        print(f"tracetui: {form}: the newest of {runs} runs (--run all for all)", file=sys.stderr)
