"""Options that all questions share: which store, which window, whose tests, and the output format."""

import datetime as dt
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tracetui.cli import options
from tracetui.cli.deciding.ledger import LanePrice

if TYPE_CHECKING:
    from tracetui.fleet.queries.window import Window
    from tracetui.fleet.report.answer import Answer
    from tracetui.fleet.report.asking import Question

Command = TypeVar("Command", bound=Callable[..., Any])

FORMATS = ("table", "json", "md", "github", "csv")
ROWS = 20
DAY_NS = 86_400 * 1_000_000_000


class Moment(options.ParamType):
    """An age (`14d`), a date or a time, in UTC unless it says otherwise; as ns since the epoch."""

    name = "when"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The moment; an invalid one is an error that shows an example."""
        if isinstance(value, int):
            return value
        if re.fullmatch(r"\s*[0-9]+[smhdw]\s*", value):
            return time.time_ns() - (options.age(ctx, param, value) or 0)
        try:
            moment = dt.datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a time; write 14d, 2026-11-28 or 2026-11-28T16:30", param, ctx)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
        return int(moment.timestamp()) * 1_000_000_000


def window(command: Command) -> Command:
    """Add the options for time and owner."""
    taking: Command = command
    for option in reversed(
        (
            click.option(
                "--since",
                metavar="WHEN",
                type=Moment(),
                help="Only from then on: 14d (ago) or 2026-11-28 (UTC).",
            ),
            click.option("--until", metavar="WHEN", type=Moment(), help="Only before then."),
            *(
                click.option(
                    f"--{name}",
                    metavar=name.upper(),
                    multiple=True,
                    help=f"Only {what}; may be repeated.",
                )
                for name, what in (
                    ("branch", "this branch"),
                    ("variant", "this variant"),
                    ("owner", "tests of this owner"),
                    ("suite", "this suite"),
                )
            ),
        )
    ):
        taking = option(taking)
    return taking


def asking(command: Command) -> Command:
    """Add the options for a store, a window, a format and the number of rows."""
    rows = options.most(ROWS, "Show at most N rows (table, md, github); 0 shows all.")
    form = click.option(
        "--format",
        "form",
        type=click.Choice(FORMATS),
        default="table",
        show_default=True,
        help="A page, JSON with integer nanoseconds, Markdown, GitHub's job summary, or CSV.",
    )
    taking: Command = options.store(window(form(options.width(options.ascii_(rows(command))))))
    return taking


price: Callable[[Command], Command] = click.option(
    "--price", type=LanePrice(), metavar="PRICE", help="What a core costs: 0.04/h."
)


@contextmanager
def question(store: str, about: "Window", price: Any = None) -> "Iterator[Question]":
    """A store that is open for one question."""
    from tracetui.fleet.report.asking import Question
    from tracetui.fleet.store import open_store

    with open_store(store) as opened:
        yield Question(opened, about, price)


def window_of(given: dict[str, Any]) -> "Window":
    """The window given by options, which are removed from `given`."""
    from tracetui.fleet.queries.window import Window

    since, until = given.pop("since"), given.pop("until")
    if since is not None and until is not None and since >= until:
        raise click.UsageError("--since is not before --until: no time is left between them")
    branch, variant, owner, suite = (given.pop(name) for name in ("branch", "variant", "owner", "suite"))
    return Window(since, until, branch, variant, owner, suite)


def tell(answer: "Answer", form: str, width: int | None, most: int) -> None:
    """Print an answer; GitHub's goes to the file for the step's summary."""
    from tracetui.cli.printing import Printer, write
    from tracetui.fleet.report import formats

    if form == "table":
        printer = Printer(width)
        printer.lines(formats.page(answer, printer.cells, most))
    elif form == "json":
        write(formats.document(answer))
    elif form == "csv":
        write(formats.comma_separated(answer))
    elif form == "md":
        write(f"{part}\n" for part in formats.markdown(answer, most))
    else:
        from tracetui.cli.hand_over.markdown import write_summary
        from tracetui.report.markdown.github import within_limit

        write_summary(lambda room: within_limit(formats.markdown(answer, most), room), None)
