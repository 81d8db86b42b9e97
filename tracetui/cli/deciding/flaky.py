"""`flaky`: tests that pass and fail at the same revision."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from tracetui.cli import options
from tracetui.cli.views import all_runs, looked_at

if TYPE_CHECKING:
    from tracetui.analysis.history.records import Records

ROWS = 20


@click.command()
@options.paths
@options.form
@options.width
@options.ascii_
@options.one_run
@click.option(
    "--fixed",
    metavar="TEST@REVISION",
    multiple=True,
    help="This test works since that revision (or date): earlier runs do not count. "
    "More: the table fixed in the settings.",
)
@options.most(ROWS, "Show at most N tests on a page; 0 shows all.")
def flaky(
    paths: Sequence[str],
    form: str,
    width: int | None,
    run: str | None,
    job: str | None,
    fixed: Sequence[str],
    most: int,
) -> None:
    """Print which tests are flaky, and the evidence.

    PATH is a span file, a directory of them, or - for standard input. A test is flaky if it passed and failed
    at the same revision on the same kind of machine, or passed when it was rerun.
    """
    from tracetui.analysis.flaky.fixes import parsed
    from tracetui.analysis.flaky.flaky import flakiness
    from tracetui.cli.printing import Printer, write
    from tracetui.report.deciding import flaky as report

    fixes = parsed(fixed, options.chosen().fixed)
    of_runs = records_of(paths, run, job)
    results = report.value(of_runs, flakiness(of_runs, fixes))
    if form == "table":
        printer = Printer(width)
        printer.lines(report.page(results, printer.cells, most))
    else:
        write(report.document(results))


def records_of(paths: Sequence[str], run: str | None, job: str | None) -> "Records":
    """The records of all runs, from the directories' index; or of one run or job, read without it."""
    if run is None and job is None:
        return all_runs(paths)
    from tracetui.analysis.history.run_records import records
    from tracetui.analysis.runs.runs import ALL

    findings, _ = looked_at(paths, None, run, job)
    return records(findings, findings.choice if run or job else ALL)
