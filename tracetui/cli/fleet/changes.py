"""`tracetui fleet flaky`, `regress` and `history`: what differs between runs; `sql` for any question."""

import time
from typing import TYPE_CHECKING, Any

import click

from tracetui.cli import options
from tracetui.cli.fleet.asking import DAY_NS, Moment, asking, question, tell, window, window_of

if TYPE_CHECKING:
    from tracetui.fleet.queries.window import Window

DAYS = 7
"""How long the new window of `regress` is where nobody says."""


@click.command()
@asking
def flaky(store: str, form: str, width: int | None, most: int, **given: Any) -> None:
    """Print flaky tests, with the evidence, and those that always fail."""
    from tracetui.fleet.report.flaky import flaky as answer

    with question(store, window_of(given)) as asked:
        tell(answer(asked), form, width, most)


@click.command()
@asking
@click.option(
    "--against", metavar="WHEN", type=Moment(), help="The base begins then (default: as long before --since)."
)
def regress(store: str, form: str, width: int | None, most: int, against: int | None, **given: Any) -> None:
    """Print which tests became slower or faster since a given time.

    The new window is from --since (default: 7 days ago) to --until, the base is the time right before it.
    """
    from tracetui.fleet.report.regress import regress as answer

    new, base = _windows(window_of(given), against)
    with question(store, new) as asked:
        tell(answer(asked, base), form, width, most)


def _windows(asked: "Window", against: int | None) -> "tuple[Window, Window]":
    """The new window, and its base."""
    until = time.time_ns() if asked.until_ns is None else asked.until_ns
    since = until - DAYS * DAY_NS if asked.since_ns is None else asked.since_ns
    begin = 2 * since - until if against is None else against
    if begin >= since:
        raise click.UsageError("--against is not before --since: the base would hold no time")
    return asked.between(since, until), asked.between(max(0, begin), since)


@click.command()
@click.argument("name", default="", metavar="[NAME]")
@asking
def history(name: str, store: str, form: str, width: int | None, most: int, **given: Any) -> None:
    """Print when tests became permanently slower or faster.

    With a NAME (or a part of one) only tests that match it; a single test is shown run by run. Without, the
    500 tests that take most time.
    """
    from tracetui.fleet.report.history import history as answer

    with question(store, window_of(given)) as asked:
        tell(answer(asked, name), form, width, most)


VERBS = ("slowest", "hooks", "archive", "flaky", "regress", "cost", "history", "stats", "doctor")


@click.command()
@click.argument("verb", type=click.Choice(VERBS))
@options.store
@window
def sql(verb: str, store: str, **given: Any) -> None:
    """Print a question's SQL, in the store's own dialect."""
    from tracetui.fleet.queries.questions import expressions

    about = window_of(given)
    new, base = _windows(about, None)
    with question(store, new if verb == "regress" else about) as asked:
        for expression in expressions(verb, asked.store.facts, asked.window, base):
            click.echo(asked.store.con.compile(expression, pretty=True).rstrip(";") + ";\n")
