"""The headless verbs: the same views as on the screen, for logs, tickets and programs."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from tracetui.cli import options

if TYPE_CHECKING:
    from tracetui.analysis.findings import Findings
    from tracetui.ingest import Ingest

PAGE_ROWS = 200
RANKED_ROWS = 20


@click.command()
@options.paths
@options.form
@options.width
@click.option("--depth", type=click.IntRange(min=1), help="Show only so many levels of the tree.")
@click.option(
    "-n",
    "most",
    type=click.IntRange(min=0),
    help=f"Show so many spans, those that tell most; 0 shows all.  [default: {PAGE_ROWS}; all in JSON]",
)
def waterfall(
    paths: Sequence[str], form: str, width: int | None, depth: int | None, most: int | None
) -> None:
    """Print the tree of spans on a time axis.

    PATH is a span file, a directory of them, or - for standard input.
    """
    findings = understood(read(paths))
    if form == "table":
        print_waterfall(findings, width, PAGE_ROWS if most is None else most, depth)
        return
    from tracetui.cli.printing import write
    from tracetui.report import as_json, selection

    rows = selection.page(findings, most, depth) if most else selection.whole(findings, depth)
    write(as_json.waterfall(findings, rows))


@click.command()
@options.paths
@options.form
@options.width
@click.option(
    "--by", type=click.Choice(options.BY), default="test", show_default=True, help="What to add up."
)
@click.option(
    "--sort",
    type=options.Column(),
    default="own",
    show_default=True,
    help="Which column decides: the largest first, names from A.",
)
@click.option(
    "-n",
    "most",
    type=click.IntRange(min=0),
    default=RANKED_ROWS,
    show_default=True,
    help="Show at most so many rows; 0 shows all.",
)
def top(paths: Sequence[str], form: str, width: int | None, by: str, sort: str, most: int) -> None:
    """Print what costs most.

    PATH is a span file, a directory of them, or - for standard input. `own` is what a test took without the
    hooks, wider fixtures and archiving around it; percentiles are of own time.
    """
    findings = understood(read(paths))
    if form == "table":
        print_top(findings, width, by, sort, most)
        return
    from tracetui.cli.printing import write
    from tracetui.report import as_json

    write(as_json.top(findings.rank(by).sorted(sort, descending=sort != "name"), most))


@click.command()
@options.paths
@options.form
@options.width
def lanes(paths: Sequence[str], form: str, width: int | None) -> None:
    """Print what each worker did when, and where it stood still.

    PATH is a span file, a directory of them, or - for standard input. `floor` is what the run would have
    taken with the same work spread evenly.
    """
    findings = understood(read(paths))
    from tracetui.analysis.lanes import lanes as work_out
    from tracetui.cli.printing import Printer, write
    from tracetui.report import as_json
    from tracetui.report import lanes as report

    found = work_out(findings.snapshot, findings.tree, findings.times, findings.summary.start_ns)
    if form == "table":
        printer = Printer(width)
        printer.lines(report.page(findings, found, printer.cells))
    else:
        write(as_json.lanes(found))


@click.command()
@options.paths
@options.form
def check(paths: Sequence[str], form: str) -> None:
    """Print what a recording holds, and what is wrong with it.

    PATH is a span file, a directory of them, or - for standard input.
    """
    ingest = read(paths)
    from tracetui.cli.printing import Printer, write
    from tracetui.report import as_json
    from tracetui.report import check as checking

    found = checking.check(understood(ingest), ingest.files)
    if form == "table":
        Printer().lines(checking.page(found))
    else:
        write(as_json.check(found))


def read(paths: Sequence[str]) -> "Ingest":
    """Everything in `paths`; raises `InputError` where that is nothing."""
    from tracetui.ingest import load

    return load(paths)


def understood(ingest: "Ingest") -> "Findings":
    """What was read, as it is now."""
    from tracetui.analysis.findings import study

    return study(ingest.table.snapshot(), time.time_ns())


def print_waterfall(
    findings: "Findings", cells: int | None = None, most: int = PAGE_ROWS, levels: int | None = None
) -> None:
    """The waterfall as a page."""
    from tracetui.cli.printing import Printer
    from tracetui.report import selection
    from tracetui.report.waterfall import waterfall as lines

    printer = Printer(cells)
    rows = selection.page(findings, most, levels) if most else selection.whole(findings, levels)
    printer.lines(lines(findings, rows, printer.cells, colour=printer.colour))


def print_top(
    findings: "Findings",
    cells: int | None = None,
    by: str = "test",
    sort: str = "own_ns",
    most: int = RANKED_ROWS,
) -> None:
    """The ranking as a page."""
    from tracetui.cli.printing import Printer
    from tracetui.report.top import top as lines

    printer = Printer(cells)
    ranking = findings.rank(by).sorted(sort, descending=sort != "name")
    printer.lines(lines(ranking, sort, most, printer.cells))
