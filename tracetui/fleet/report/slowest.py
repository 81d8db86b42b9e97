"""`fleet slowest`: the tests that take most of a fleet's time and money."""

from collections.abc import Sequence
from typing import Any

from tracetui import units
from tracetui.fleet.queries import durations
from tracetui.fleet.queries.numbers import duration_of, nearest_rank
from tracetui.fleet.report.answer import Answer, Column, Row, Section, plain, quiet
from tracetui.fleet.report.asking import Question, extent, over_words, remarks
from tracetui.report.drawing.style import BAD

ORDERS = {"total": "total_ns", "p95": "p95_ns", "share": "share", "cost": "cost"}
"""What tests can be ordered by, and the key that is."""
KEYS = ("test", "runs", "count", "failed", "total_ns", "p50_ns", "p95_ns", "max_ns", "share", "cost")
SHARE = "share: of the {} that tests, hooks, fixtures and archivers took"
QUANTILES = "p50 and p95 are nearest-rank, within 1 %"
OWN = "times are own times of executions, without the hooks, shared fixtures and archiving around them"


def slowest(question: Question, by: str = "total") -> Answer:
    """The tests, those that take most first."""
    held = extent(question)
    whole = whole_ns(question.rows(durations.whole))
    rows = [spread_row(question, row, whole, "test") for row in question.rows(durations.slowest)]
    rows.sort(key=lambda row: (-(row[ORDERS[by]] or 0), row["test"]))
    took = sum(row["total_ns"] for row in rows)
    return Answer(
        verb="slowest",
        head={"runs": held.runs, "by": by, "whole_ns": whole, **price_head(question)},
        rows=rows,
        keys=KEYS,
        said=f"{units.many(len(rows), 'test')} took {units.duration(took)}",
        beside=over_words(question, held),
        sections=[Section(columns(question, "test"), rows)],
        remarks=remarks(question, held),
        notes=[
            f"by {by}; {OWN}",
            f"{SHARE.format(units.duration(whole))}; {QUANTILES}",
        ],
    )


def spread_row(question: Question, row: Row, whole: int, *names: str) -> dict[str, Any]:
    """A row of `durations.spread` for answers, with quantiles instead of buckets."""
    bounds = (row["min_ns"], row["max_ns"])
    return {
        **{name: row[name] for name in names},
        "runs": row["runs"],
        "count": row["count"],
        "failed": row["failed"],
        "total_ns": row["total_ns"],
        "p50_ns": duration_of(nearest_rank(row["buckets"], 50), *bounds),
        "p95_ns": duration_of(nearest_rank(row["buckets"], 95), *bounds),
        "max_ns": row["max_ns"],
        "share": row["total_ns"] / whole if whole else 0.0,
        "cost": question.cost(row["core_ns"]),
    }


def whole_ns(roles: Sequence[Row]) -> int:
    """The total time of all tests, hooks, fixtures and archivers, from rows of `durations.whole`."""
    return sum(row["own_ns"] for row in roles)


def price_head(question: Question) -> dict[str, object]:
    """The price of a core in a document; null if unknown."""
    price = question.price
    facts = price and {"currency": price.currency, "amount": float(price.amount), "per_ns": price.per_ns}
    return {"price": facts}


def columns(question: Question, *names: str, fails: bool = True) -> list[Column]:
    """The columns of `spread_row`; the first of `names` is the row's, the others come after it."""
    price = question.price
    money = [Column("cost", lambda row: money_text(question, row["cost"]))] if price else []
    failed = Column(
        "failed", lambda row: units.count(row["failed"]) if row["failed"] else "", lambda _row: BAD
    )
    return [
        *(Column(_TITLES.get(name, name), _of(name)) for name in names),
        Column("runs", lambda row: units.count(row["runs"]), quiet, is_wide=True),
        Column("n", lambda row: units.count(row["count"]), quiet),
        *[failed] * fails,
        Column("total", _time("total_ns")),
        Column("p50", _time("p50_ns"), is_wide=True),
        Column("p95", _time("p95_ns")),
        Column("max", _time("max_ns"), is_wide=True),
        Column("share", lambda row: share_text(row["share"]), plain),
        *money,
    ]


_TITLES = {"role": "kind", "hook": "name"}


def _of(name: str) -> Any:
    return lambda row: row[name] or "(none)"


def _time(name: str) -> Any:
    return lambda row: units.duration(row[name])


def share_text(share: float) -> str:
    """A share of the fleet's time; less than a thousandth is shown as small, not as 0."""
    return "<0.1%" if 0 < share < 0.0005 else units.share(share)


def money_text(question: Question, cost: float | None) -> str:
    """A cost as text."""
    if question.price is None or cost is None:
        return ""
    return "~0" if 0 < cost < 0.005 else f"{question.price.currency}{cost:,.2f}".replace(",", " ")
