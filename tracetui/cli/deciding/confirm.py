"""`tracetui confirm`: runs suspects again on two revisions until there is a verdict."""

import json
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from tracetui.cli import options
from tracetui.errors import InputError

if TYPE_CHECKING:
    from tracetui.analysis.compare.suspects import Confirmation, Suspects
    from tracetui.analysis.history.records import Records


@click.command()
@click.argument("base")
@click.argument("new")
@click.option(
    "--run", "command", metavar="COMMAND", required=True, help="What runs the tests: 'pytest -n 4'."
)
@click.option(
    "--suspects",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What `tracetui compare --format json` printed (default: run the whole suite once on either side).",
)
@click.option(
    "--rounds",
    metavar="N",
    type=click.IntRange(min=1, max=100),
    help="How often to run them on either side (default: 4 to 7, as many as a proof needs).",
)
@click.option(
    "--time",
    "most_ns",
    metavar="TIME",
    type=options.Duration(),
    help="Run them for at most so long, such as 10m (default: the time of two suite runs, or 2m).",
)
@click.option(
    "--keep", metavar="DIR", help="Keep the recordings in DIR (default: they are removed at the end)."
)
@options.form
@options.width
@options.ascii_
def confirm(
    base: str,
    new: str,
    command: str,
    suspects: Path | None,
    rounds: int | None,
    most_ns: int | None,
    keep: str | None,
    form: str,
    width: int | None,
) -> None:
    """Run suspects again on both revisions; say which are real.

    BASE and NEW are git revisions. At most 40 tests are run, each revision in a worktree of its own, which is
    removed at the end. Hooks and fixtures cannot run by themselves: suspects among them are only named.
    """
    from tracetui.cli.printing import Printer, write
    from tracetui.report.deciding import confirm as report

    given = None if suspects is None else _given(suspects)
    confirmation = _confirmed(base, new, command, given, rounds, most_ns, keep)
    if form == "table":
        printer = Printer(width)
        printer.lines(report.page(confirmation, printer.cells))
        if keep:
            print(f"recordings: tracetui compare {keep}/base -- {keep}/new")
    else:
        write(report.document(confirmation))


def _given(file: Path) -> "Suspects":
    """The suspects in a file; raises `InputError` if it is not a comparison or has no suspects."""
    from tracetui.analysis.compare.suspects import suspects_in

    try:
        suspects = suspects_in(json.loads(file.read_bytes()))
    except (KeyError, TypeError, ValueError, RecursionError):
        hint = "write one: tracetui compare BASE -- NEW --format json > compare.json"
        raise InputError(f"{file}: no comparison; {hint}") from None
    if not suspects.tests:
        raise InputError(f"{file}: no test is suspect there{_only_tests(suspects)}")
    return suspects


def _only_tests(suspects: "Suspects") -> str:
    """Why there is nothing to run again."""
    if not suspects.left_out:
        return ", so there is nothing to run again"
    return f"; hooks and fixtures do not run by themselves: {', '.join(suspects.left_out)}"


def _confirmed(
    base: str,
    new: str,
    command: str,
    given: "Suspects | None",
    rounds: int | None,
    most_ns: int | None,
    keep: str | None,
) -> "Confirmation":
    from tracetui.rerun.confirming import Confirmer
    from tracetui.rerun.process_groups import leaving_in_order
    from tracetui.rerun.traced_command import command_of
    from tracetui.rerun.worktrees import checkouts

    words = command_of(command)
    with ExitStack() as stack:
        stack.enter_context(leaving_in_order())
        work = Path(stack.enter_context(TemporaryDirectory(prefix="tracetui-confirm-")))
        pair = stack.enter_context(checkouts([base, new], work))
        spans = Path(keep).absolute() if keep else work / "spans"
        spans.mkdir(mode=0o700, parents=True, exist_ok=True)
        confirmer = Confirmer(words, pair, spans, _records, _say)
        suspects = given or confirmer.whole()
        if not suspects.tests:
            raise InputError(f"no test stands out in one run of either revision{_only_tests(suspects)}")
        return confirmer.confirm(suspects, rounds, most_ns)


def _records(directory: Path) -> "Records":
    """The records of all runs in a directory."""
    from tracetui.analysis.history.run_records import records
    from tracetui.cli.views import read, understood

    return records(understood(read([str(directory)])))


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
