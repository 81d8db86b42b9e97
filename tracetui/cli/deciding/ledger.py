"""`tracetui ledger`: where the time of all lanes went."""

from collections.abc import Sequence
from typing import Any

import click

from tracetui.cli import options

NAMES = 5


class LanePrice(options.ParamType):
    """The price of an hour or a minute of a lane."""

    name = "price"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The price; an invalid one is an error that shows an example."""
        from tracetui.report.deciding.ledger import price

        try:
            return price(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


@click.command()
@options.paths
@options.form
@options.width
@options.ascii_
@options.one_run
@click.option(
    "--price", "cost", type=LanePrice(), metavar="PRICE", help="What a lane costs: 0.50/h or 0.01/min."
)
@options.most(NAMES, "Show at most N names on each account; 0 shows all.")
def ledger(
    paths: Sequence[str], form: str, width: int | None, run: str | None, job: str | None, cost: Any, most: int
) -> None:
    """Print where the time of all lanes went, to the nanosecond.

    PATH is a span file, a directory of them, or - for standard input. Each instant of a lane goes to the
    innermost test, fixture, hook or archiver that ran then; the sum is lanes times the run's length.
    """
    from tracetui.analysis.ledger.ledger import ledger as ledger_of
    from tracetui.cli.printing import Printer, write
    from tracetui.cli.views import looked_at
    from tracetui.report.deciding import ledger as report
    from tracetui.report.heading import heading, losses, untimed

    findings, _ = looked_at(paths, None, run, job)
    accounts = report.value(ledger_of(findings), most)
    if form == "json":
        write(report.document(findings, accounts, cost))
        return
    printer = Printer(width)
    printer.lines([heading(findings)])
    page = report.page(accounts, cost, printer.cells)
    printer.lines(untimed(findings) if findings.no_timeline else page)
    printer.lines(losses(findings))
