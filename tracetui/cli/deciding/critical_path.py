"""`tracetui critical-path`: the chain of work and waits that set a run's length."""

from collections.abc import Sequence

import click

from tracetui.cli import options

LONGEST = 10


@click.command("critical-path")
@options.paths
@options.form
@options.width
@options.ascii_
@options.one_run
@options.most(LONGEST, "Show the N longest segments; 0 shows all. JSON has all of them, by start.")
def critical_path(
    paths: Sequence[str], form: str, width: int | None, run: str | None, job: str | None, most: int
) -> None:
    """Print the chain of work and waits that set a run's length.

    PATH is a span file, a directory of them, or - for standard input. The path goes from the last end back to
    the first start over workers, tests, fixtures, hooks and waits, without gaps or overlaps.
    """
    from tracetui.analysis.critical_path.path import critical_path as path_of
    from tracetui.analysis.ledger.ledger import ledger
    from tracetui.cli.printing import Printer, write
    from tracetui.cli.views import looked_at
    from tracetui.report.deciding import critical_path as report
    from tracetui.report.heading import heading, losses, untimed

    findings, _ = looked_at(paths, None, run, job)
    path = report.value(findings, path_of(findings, ledger(findings)))
    if form == "json":
        write(report.document(findings, path))
        return
    printer = Printer(width)
    printer.lines([heading(findings)])
    page = report.page(path, most, printer.cells)
    printer.lines(untimed(findings) if findings.no_timeline else page)
    printer.lines(losses(findings))
