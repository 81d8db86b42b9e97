"""`tracetui advise`: what would make the next run shorter."""

from collections.abc import Sequence

import click

from tracetui.cli import options
from tracetui.cli.deciding.forecasting import note


@click.command()
@options.paths
@options.form
@options.width
@options.ascii_
@options.one_run
def advise(paths: Sequence[str], form: str, width: int | None, run: str | None, job: str | None) -> None:
    """Print what would make a run shorter, and by how much.

    PATH is a span file, a directory of them, or - for standard input. Each proposal says what to change,
    where, what it saves by simulation of the recorded run, and how sure that is.
    """
    from tracetui.analysis.advice import advice
    from tracetui.cli.printing import Printer, write
    from tracetui.cli.views import opened
    from tracetui.report.deciding import advise as report
    from tracetui.report.heading import heading, losses

    ingest, findings = opened(paths, run, job)
    accuracy = note(paths, findings)
    value = report.value(
        findings,
        advice.advise(findings),
        lambda row: ingest.span(findings.snapshot, row).attributes,
    )
    if form == "json":
        write(report.document(findings, value, accuracy))
        return
    printer = Printer(width)
    printer.lines([heading(findings)])
    printer.lines(report.page(value, accuracy, printer.cells))
    printer.lines(losses(findings))
