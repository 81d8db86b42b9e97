"""`tracetui fleet slowest`, `hooks`, `archive`, `cost`, `stats` and `doctor`: the totals of a store."""

from typing import Any

import click

from tracetui.cli.fleet.asking import asking, price, question, tell, window_of

COST_BY = ("suite", "owner", "variant", "branch", "repository", "task", "file", "test")


@click.command()
@asking
@price
@click.option(
    "--by",
    type=click.Choice(["total", "p95", "share", "cost"]),
    default="total",
    show_default=True,
    help="Sort by this, the largest first.",
)
def slowest(store: str, form: str, width: int | None, most: int, price: Any, by: str, **given: Any) -> None:
    """Print which tests take most of the fleet's time, or of its money."""
    from tracetui.fleet.report.slowest import slowest as answer

    if by == "cost" and price is None:
        raise click.UsageError("--by cost needs a price of a core, such as --price 0.04/h")
    with question(store, window_of(given), price) as asked:
        tell(answer(asked, by), form, width, most)


@click.command()
@asking
@price
def hooks(store: str, form: str, width: int | None, most: int, price: Any, **given: Any) -> None:
    """Print the time of hooks and fixtures around tests."""
    from tracetui.fleet.report.overheads import hooks as answer

    with question(store, window_of(given), price) as asked:
        tell(answer(asked), form, width, most)


@click.command()
@asking
@price
def archive(store: str, form: str, width: int | None, most: int, price: Any, **given: Any) -> None:
    """Print the time of archiving, by suite."""
    from tracetui.fleet.report.overheads import archive as answer

    with question(store, window_of(given), price) as asked:
        tell(answer(asked), form, width, most)


@click.command()
@asking
@price
@click.option(
    "--by", type=click.Choice(COST_BY), default="suite", show_default=True, help="What to bill it to."
)
def cost(store: str, form: str, width: int | None, most: int, price: Any, by: str, **given: Any) -> None:
    """Print what tests cost, by suite, owner, variant and so on."""
    from tracetui.fleet.report.cost import cost as answer

    with question(store, window_of(given), price) as asked:
        tell(answer(asked, by), form, width, most)


@click.command()
@asking
def stats(store: str, form: str, width: int | None, most: int, **given: Any) -> None:
    """Print passes and failures by day, project, task, test and so on.

    The columns are those of Evergreen's test statistics.
    """
    from tracetui.fleet.report.stats import stats as answer

    with question(store, window_of(given)) as asked:
        tell(answer(asked), form, width, most)


@click.command()
@asking
def doctor(store: str, form: str, width: int | None, most: int, **given: Any) -> None:
    """Print what is wrong with a store, and which answers that affects."""
    from tracetui.fleet.report.doctor import doctor as answer

    with question(store, window_of(given)) as asked:
        tell(answer(asked), form, width, most)
