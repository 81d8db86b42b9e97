"""`tracetui history`: tests over all runs of a directory."""

import click

from tracetui.cli import options
from tracetui.cli.views import all_runs

BY = ("test", "fixture", "hook", "file")
ROWS = 20


@click.command()
@click.argument("path", metavar="DIR")
@click.argument("name", default="", metavar="[NAME]")
@options.form
@options.width
@options.ascii_
@options.memory
@options.cache
@click.option("--by", type=click.Choice(BY), default="test", show_default=True, help="What to follow.")
@click.option(
    "--run", metavar="RUN", help="Only runs up to this one: a place (1 began last), a run id or a revision."
)
@click.option("--job", metavar="JOB", help="Only runs of this job or suite: a name, or a part of it.")
@click.option("--branch", metavar="BRANCH", help="Only runs of this branch: its name, or a part of it.")
@options.most(ROWS, "Show at most N rows, or of one test N runs; 0 shows all.")
def history(
    path: str,
    name: str,
    form: str,
    width: int | None,
    by: str,
    run: str | None,
    job: str | None,
    branch: str | None,
    most: int,
) -> None:
    """Print what became permanently slower or faster, and when.

    DIR is a directory of span files: all runs in it count, in order of time. With a NAME (or a part of one)
    only what matches it; a single test is shown run by run. A change needs five runs before it and three
    after. An index keeps what was read, so that only new files are read.
    """
    from tracetui.analysis.history.over_runs import value
    from tracetui.analysis.history.selecting import branch_called, of_job, up_to
    from tracetui.cli.printing import Printer, write
    from tracetui.report.deciding import history as report

    records = all_runs([path])
    records = records if job is None else of_job(records, job)
    records = records if run is None else up_to(records, run)
    results = value(records, by, name, branch_called(records, branch) if branch else "")
    if form == "table":
        printer = Printer(width)
        printer.lines(report.page(results, most, printer.cells))
    else:
        write(report.document(results))
