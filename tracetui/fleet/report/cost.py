"""`fleet cost`: the cost of tests by suite, owner, variant and so on, and their share of the total."""

from collections.abc import Sequence

from tracetui import units
from tracetui.fleet.queries import money
from tracetui.fleet.report.answer import Answer, Column, Row, Section, quiet
from tracetui.fleet.report.asking import Question, extent, over_words, remarks
from tracetui.fleet.report.slowest import money_text, price_head, share_text

_PLURALS = {"branch": "branches", "repository": "repositories"}
KEYS = ("name", "runs", "count", "total_ns", "core_ns", "share", "cost")


def cost(question: Question, by: str = "suite") -> Answer:
    """The bill of each, the largest first, and what nobody is billed for."""
    held = extent(question)
    costs = sorted(question.rows(money.cost, by), key=lambda row: (-row["core_ns"], row["name"]))
    core = sum(row["core_ns"] for row in costs)
    rows = [_row(question, row, core) for row in costs]
    (machines,) = question.rows(money.machines)
    head = _head(question, machines, costs)
    return Answer(
        verb="cost",
        head={"runs": held.runs, "by": by, **head},
        rows=rows,
        keys=KEYS,
        said=_said(question, core, by, len(rows)),
        beside=over_words(question, held),
        sections=[Section(_columns(question, by), rows)],
        remarks=[*remarks(question, held), *_unpriced(head)],
        notes=[
            *_reconciliation(question, head),
            "core time: a test's total times the cores of its machine, shared by the workers on it",
        ],
    )


def _row(question: Question, row: Row, core: float) -> dict[str, object]:
    return {
        "name": row["name"],
        "runs": row["runs"],
        "count": row["count"],
        "total_ns": row["total_ns"],
        "core_ns": round(row["core_ns"]),
        "share": row["core_ns"] / core if core else 0.0,
        "cost": question.cost(row["core_ns"]),
    }


def _head(question: Question, machines: Row, costs: Sequence[Row]) -> dict[str, object]:
    """Sums: what tests held, and what machines had from the first start of a suite to its end."""
    core = sum(row["core_ns"] for row in costs)
    whole = machines["core_ns"] or 0.0
    is_known = bool(whole) and not machines["unpriced"]
    return {
        "count": sum(row["count"] for row in costs),
        "unpriced": sum(row["unpriced"] for row in costs),
        "core_ns": round(core),
        "cost": question.cost(core),
        "machines": machines["machines"],
        "machines_core_ns": round(whole) if is_known else None,
        "allocated": core / whole if is_known else None,
        **price_head(question),
    }


def _said(question: Question, core: float, by: str, rows: int) -> str:
    price = question.cost_text(core)
    whose = units.many(rows, by, _PLURALS.get(by, ""))
    return f"{f'{price} for ' if price else ''}{units.duration(round(core))} of core time in {whose}"


def _columns(question: Question, by: str) -> list[Column]:
    money_column = Column("cost", lambda row: money_text(question, row["cost"]))
    return [
        Column(by, lambda row: row["name"] or "(none)"),
        Column("runs", lambda row: units.count(row["runs"]), quiet, is_wide=True),
        Column("tests run", lambda row: units.count(row["count"]), quiet),
        Column("time", lambda row: units.duration(row["total_ns"])),
        Column("core time", lambda row: units.duration(row["core_ns"])),
        Column("share", lambda row: share_text(row["share"])),
        *[money_column] * (question.price is not None),
    ]


def _unpriced(head: Row) -> list[str]:
    if not head["unpriced"]:
        return []
    tests = units.many(head["unpriced"], "test", "tests")
    return [f"{tests} of {units.count(head['count'])} did not tell of cores and workers: counted as one core"]


def _reconciliation(question: Question, head: Row) -> list[str]:
    """Where the rest of the machines' capacity went."""
    machines = units.many(head["machines"], "machine")
    if head["allocated"] is None:
        why = "no suite tells how long" if not head["machines"] else "not all tell of their cores"
        return [f"what machines had in all is not known: {why}"]
    had, part = units.duration(head["machines_core_ns"]), units.share(head["allocated"])
    rest = head["machines_core_ns"] - head["core_ns"]
    if rest < 0:
        return [f"tests hold {part} of the {had} of core time that {machines} had: some have more workers"]
    price = question.cost_text(rest)
    left = units.duration(rest) + (f", {price}" if price else "")
    whole = f"tests hold {part} of the {had} of core time that {machines} had from first to last"
    return [f"{whole}; the rest ({left}) is start-up, idle workers, and hooks outside tests"]
