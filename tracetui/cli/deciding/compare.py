"""`tracetui compare`: one side of runs against another."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracetui.cli import options
from tracetui.cli.hand_over.baseline import earlier, is_store, named
from tracetui.errors import InputError

if TYPE_CHECKING:
    from tracetui.analysis.history.records import Records
    from tracetui.analysis.study.findings import Findings

BETWEEN = "\0--"
"""Stands for the `--` between the sides, which click would drop."""
ROWS = 20


class TwoSides(click.Command):
    """A command whose paths are separated by `--`; options may come on either side of it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep the first `--` as an argument of its own."""
        at = args.index("--") if "--" in args else len(args)
        return super().parse_args(ctx, [*args[:at], *[BETWEEN for _ in args[at : at + 1]], *args[at + 1 :]])


@click.command(cls=TwoSides)
@click.argument("paths", nargs=-1, required=True, metavar="BASE... -- NEW...")
@options.form
@options.width
@options.ascii_
@options.memory
@options.cache
@click.option("--run", metavar="RUN", help="Of one recording, the run to look at (default: the newest).")
@click.option("--against", metavar="RUN", help="Of one recording, the run to compare it with, or all.")
@options.most(ROWS, "Show at most N rows of what changed and of suspects; 0 shows all.")
def compare(
    paths: Sequence[str], form: str, width: int | None, run: str | None, against: str | None, most: int
) -> None:
    """Print what got slower or faster, broke, is new or gone.

    BASE and NEW are span files or directories; every run in them counts. BASE may be a store of runs too:
    lake:///DIR, see tracetui help fleet. Give five runs a side for a verdict on times, better ten: with fewer
    there are only suspects. With one PATH, its newest run is compared with the previous run of that name.
    """
    sides = _sides(paths)
    if sides and (run or against):
        raise InputError("--run and --against choose runs of one recording: give one PATH, or leave them out")
    base, new = _of_two(*sides) if sides else _of_one(paths, run, against)
    from tracetui.analysis.compare.comparison import compare as compared
    from tracetui.cli.printing import Printer, write
    from tracetui.report.deciding import compare as report

    comparison = compared(base, new)
    if form == "table":
        printer = Printer(width)
        printer.lines(report.page(comparison, most, printer.cells))
    else:
        write(report.document(comparison))


def _sides(paths: Sequence[str]) -> tuple[Sequence[str], Sequence[str]] | None:
    """The paths of the base and of the new side; None if one recording holds both."""
    if BETWEEN in paths:
        at = list(paths).index(BETWEEN)
        base, new = paths[:at], paths[at + 1 :]
        if not base or not new:
            raise InputError("one side is empty: tracetui compare BASE... -- NEW...")
        return base, new
    if len(paths) > 2:
        raise InputError("which are the new ones? tracetui compare BASE... -- NEW...")
    return (paths[:1], paths[1:]) if len(paths) == 2 else None


def _of_two(base: Sequence[str], new: Sequence[str]) -> "tuple[Records, Records]":
    """Both sides; of a store, the runs before the new side."""
    if any(map(is_store, new)):
        raise InputError(f"{named(new)}: a store can be the base, not the new side; give recordings of that")
    if any(map(is_store, base)):
        findings, runs = _studied(new)
        before = earlier(base, findings, runs)
        if not len(before):
            raise InputError(f"{named(base)}: no run of these suites before {' '.join(new)}")
        return before, runs
    return _read(base), _read(new)


def _read(paths: Sequence[str]) -> "Records":
    """The records of all runs in some paths; raises `InputError` if no test ran."""
    from tracetui.cli.views import all_runs

    return all_runs(paths) if all(Path(path).is_dir() for path in paths) else _studied(paths)[1]


def _studied(paths: Sequence[str]) -> "tuple[Findings, Records]":
    from tracetui.analysis.history.run_records import records
    from tracetui.analysis.runs.runs import ALL
    from tracetui.cli.views import read, understood

    findings = understood(read(paths)).chosen(ALL)
    runs = records(findings)
    if not len(runs):
        raise InputError(f"{' '.join(paths)}: no test ran there; give recordings of test runs")
    return findings, runs


def _of_one(paths: Sequence[str], run: str | None, against: str | None) -> "tuple[Records, Records]":
    """Two runs of one recording."""
    from tracetui.analysis.compare.earlier import of_one
    from tracetui.analysis.runs.choosing import choice_of
    from tracetui.cli.views import read, understood

    findings = understood(read(paths))
    choice, base = (choice_of(findings.runs, name, None) for name in (run, against))
    pair = of_one(findings if choice is None else findings.chosen(choice), base)
    if pair is None:
        raise InputError(f"{paths[0]}: no earlier run of that name; tracetui compare BASE... -- NEW...")
    return pair
