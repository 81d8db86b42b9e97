"""The headless verbs: the same views as on screen, for logs, tickets and programs."""

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import click

from tracetui import units
from tracetui.cli import options
from tracetui.cli.headings import load_numpy
from tracetui.cli.progress import Progress, progress

if TYPE_CHECKING:
    from tracetui.analysis.history.records import Records
    from tracetui.analysis.query.filters.lens import Lens
    from tracetui.analysis.ranking.ranking import Ranking
    from tracetui.analysis.study.findings import Findings
    from tracetui.ingest import Ingest

PAGE_ROWS = 200
RANKED_ROWS = 20


@click.command()
@options.paths
@options.form
@options.width
@options.ascii_
@options.filtered
@options.one_run
@click.option(
    "--depth", metavar="N", type=click.IntRange(min=1), help="Show only the top N levels of the tree."
)
@click.option(
    "-n",
    "most",
    metavar="N",
    type=click.IntRange(min=0),
    help=f"Show at most N spans, failed and longest first; 0 shows all.  [default: {PAGE_ROWS}; all in JSON]",
)
def waterfall(
    paths: Sequence[str],
    form: str,
    width: int | None,
    wanted: str | None,
    run: str | None,
    job: str | None,
    depth: int | None,
    most: int | None,
) -> None:
    """Print the tree of spans on a time axis.

    PATH is a span file, a directory of them, or - for standard input.
    """
    findings, lens = looked_at(paths, wanted, run, job)
    if form == "table":
        print_waterfall(findings, width, PAGE_ROWS if most is None else most, depth, lens)
        return
    from tracetui.cli.printing import write
    from tracetui.report import as_json, selection
    from tracetui.report.spans import value

    rows = selection.page(findings, most, depth, lens) if most else selection.whole(findings, depth, lens)
    write(as_json.waterfall(findings, value(findings, rows, lens), lens))


@click.command()
@options.paths
@options.form
@options.width
@options.ascii_
@options.filtered
@options.one_run
@click.option("--by", type=click.Choice(options.BY), default="test", show_default=True, help="What to rank.")
@click.option(
    "--sort",
    type=options.Column(),
    default="own",
    show_default=True,
    help="Column to sort by: largest first, names from A.",
)
@options.most(RANKED_ROWS, "Show at most N rows; 0 shows all.")
def top(
    paths: Sequence[str],
    form: str,
    width: int | None,
    wanted: str | None,
    run: str | None,
    job: str | None,
    by: str,
    sort: str,
    most: int,
) -> None:
    """Print what costs most.

    PATH is a span file, a directory of them, or - for standard input. `own` is the time of a test without the
    hooks, wider fixtures and archiving around it; percentiles are of own time.
    """
    findings, lens = looked_at(paths, wanted, run, job)
    if form == "table":
        print_top(findings, width, by, sort, most, lens)
        return
    from tracetui.cli.printing import write
    from tracetui.report import as_json

    write(as_json.top(findings, _ranking(findings, by, sort, lens), most, lens))


@click.command()
@options.paths
@options.form
@options.width
@options.ascii_
@options.filtered
@options.one_run
def lanes(
    paths: Sequence[str],
    form: str,
    width: int | None,
    wanted: str | None,
    run: str | None,
    job: str | None,
) -> None:
    """Print what each worker did when, and what stalled it.

    PATH is a span file, a directory of them, or - for standard input. `best case` is how long the run would
    have taken with the same work spread evenly.
    """
    findings, lens = looked_at(paths, wanted, run, job)
    from tracetui.cli.printing import Printer, write
    from tracetui.report import as_json
    from tracetui.report import lanes as report
    from tracetui.report.heading import heading, hidden_by, losses, untimed

    all_lanes = findings.lanes_of(lens.matched if lens else None)
    value = report.value(findings, all_lanes)
    if form == "table":
        printer = Printer(width)
        printer.lines([heading(findings)])
        drawn = report.page(value, report.strips(findings, all_lanes), printer.cells)
        printer.lines(untimed(findings) if findings.no_timeline else drawn)
        printer.lines(hidden_by(lens))
        printer.lines(losses(findings))
    else:
        write(as_json.lanes(findings, value, lens))


@click.command()
@options.paths
@options.form
@options.ascii_
def check(paths: Sequence[str], form: str) -> None:
    """Print what a recording contains, and what is wrong with it.

    PATH is a span file, a directory of them, or - for standard input.
    """
    ingest = read(paths)
    from tracetui.cli.printing import Printer, write
    from tracetui.report import as_json
    from tracetui.report import check as checking

    result = checking.check(understood(ingest), ingest.files)
    if form == "table":
        Printer().lines(checking.page(result))
    else:
        write(as_json.check(result))


def read(paths: Sequence[str]) -> "Ingest":
    """Read everything in `paths`; raises `InputError` if that is nothing."""
    load_numpy()
    from tracetui.ingest import load

    settings = options.chosen()
    with reading() as line:
        return load(paths, memory=settings.memory, cache=settings.cache, jobs=settings.jobs, watch=line.at)


def all_runs(paths: Sequence[str]) -> "Records":
    """The records of all runs in `paths`, from their index; raises `InputError` if there are none."""
    load_numpy()
    from tracetui.ingest.history.index import history_of

    settings = options.chosen()
    with reading() as line:
        return history_of(paths, cache=settings.cache, memory=settings.memory, watch=line.at)


def reading() -> AbstractContextManager[Progress]:
    """The progress of reading files."""
    return progress("reading", units.size)


def understood(ingest: "Ingest") -> "Findings":
    """The findings of what was read so far."""
    from tracetui.analysis.study.findings import anew, study

    snapshot = ingest.table.snapshot()
    return study(snapshot, time.time_ns(), parts=anew(len(snapshot), options.chosen().jobs))


def opened(paths: Sequence[str], run: str | None = None, job: str | None = None) -> "tuple[Ingest, Findings]":
    """The contents of `paths`, with a run or job chosen, and the source to read their bytes again.

    Raises `InputError` for an unknown run or job.
    """
    load_numpy()
    from tracetui.analysis.runs.choosing import choice_of

    ingest = read(paths)
    findings = understood(ingest)
    choice = choice_of(findings.runs, run, job)
    return ingest, findings if choice is None else findings.chosen(choice)


def looked_at(
    paths: Sequence[str], wanted: str | None, run: str | None = None, job: str | None = None
) -> "tuple[Findings, Lens | None]":
    """The contents of `paths`, with a run or job chosen, and an applied filter.

    Raises `InputError` for an invalid filter, or an unknown run or job.
    """
    _, findings, lens = examined(paths, wanted, run, job)
    return findings, lens


def examined(
    paths: Sequence[str], wanted: str | None, run: str | None = None, job: str | None = None
) -> "tuple[Ingest, Findings, Lens | None]":
    """The same, preceded by the object that reads spans again in full."""
    if not wanted:
        return *opened(paths, run, job), None
    from tracetui.analysis.query.filters.evaluate import attribute_keys
    from tracetui.analysis.query.filters.lens import lens
    from tracetui.analysis.query.filters.parser import parse
    from tracetui.scan.columns import AttributeColumns

    node = parse(wanted)  # A mistake in it is told before anything is read.
    ingest, findings = opened(paths, run, job)
    if node is None:
        return ingest, findings, None
    scans = AttributeColumns(ingest.read_at)
    with progress("looking", units.size) as line:
        columns = scans.of(findings.snapshot, attribute_keys(node), line.goes_on)
    return ingest, findings, lens(wanted, node, findings, columns or {})


def _ranking(findings: "Findings", by: str, sort: str, lens: "Lens | None") -> "Ranking":
    only = findings.shown if lens is None else lens.matched
    if lens is not None and findings.shown is not None:
        only = lens.matched & findings.shown
    ranking = findings.rank(by, only=only)
    return ranking.sorted(sort, descending=sort != "name")


def print_waterfall(
    findings: "Findings",
    cells: int | None = None,
    most: int = PAGE_ROWS,
    levels: int | None = None,
    lens: "Lens | None" = None,
) -> None:
    """Print the waterfall as a page."""
    from tracetui.cli.printing import Printer
    from tracetui.report import selection
    from tracetui.report.waterfall import waterfall as lines

    printer = Printer(cells)
    rows = selection.page(findings, most, levels, lens) if most else selection.whole(findings, levels, lens)
    whole = levels is None
    printer.lines(lines(findings, rows, printer.cells, colour=printer.colour, lens=lens, is_whole=whole))


def print_top(
    findings: "Findings",
    cells: int | None = None,
    by: str = "test",
    sort: str = "own_ns",
    most: int = RANKED_ROWS,
    lens: "Lens | None" = None,
) -> None:
    """Print the ranking as a page."""
    from tracetui.analysis.runs.runs import ALL
    from tracetui.cli.printing import Printer
    from tracetui.report.heading import heading, hidden_by, losses, untimed
    from tracetui.report.top import top as lines

    printer = Printer(cells)
    findings = findings if findings.choice >= 0 else findings.chosen(ALL)
    if len(findings.runs) > 1 or findings.shown is not None:
        printer.lines([heading(findings)])
    printer.lines(untimed(findings))
    printer.lines(lines(_ranking(findings, by, sort, lens), sort, most, printer.cells))
    printer.lines(hidden_by(lens))
    printer.lines(losses(findings))
