"""Where the time of all lanes went: one bar that adds up, and below it each account with its names."""

from collections.abc import Iterator

from tracetui import units
from tracetui.report.deciding.ledger import LedgerValue, Row
from tracetui.report.html.colours import ACCOUNTS
from tracetui.report.html.contents import Contents
from tracetui.report.html.markup import Markup, joined, tag
from tracetui.report.html.tables import Column, table

LEAST_SHARE = 0.0005
"""What is less is no account to look at."""


def costs_section(contents: Contents) -> Markup:
    """The whole section; a line if there are no lanes."""
    ledger = contents.costs
    accounts = [row for row in ledger.rows if row.depth == 0 and row.share >= LEAST_SHARE]
    if not accounts:
        return tag("p", "No lanes: there are no tests, hooks or archivers here.", class_="note")
    lanes = f"{units.many(ledger.lanes, 'lane')} for {units.duration(ledger.wall_ns)}"
    whole = tag("p", tag("b", units.duration(ledger.capacity_ns)), f" of lane time: {lanes}.", class_="lead")
    largest = max(row.ns for row in accounts)
    listed = [_account(ledger, row, largest) for row in accounts]
    return joined((whole, _bar(accounts), *listed, *_remarks(ledger)))


def _bar(accounts: list[Row]) -> Markup:
    """All accounts side by side."""
    parts, left = [], 0.0
    for row in accounts:
        title = tag("title", f"{row.name}: {units.duration(row.ns)}, {units.share(row.share)}")
        width, place = f"{100 * row.share:.3f}%", f"{100 * left:.3f}%"
        parts.append(tag("rect", title, class_=f"{_class(row)} part", x=place, width=width, height=28))
        left += row.share
    label = "; ".join(f"{row.name} {units.share(row.share)}" for row in accounts)
    return tag("svg", *parts, class_="whole", width="100%", height=28, role="img", aria_label=label)


def _class(row: Row) -> str:
    return f"{ACCOUNTS[row.kind]} {row.kind}"


def _account(ledger: LedgerValue, row: Row, largest: int) -> Markup:
    """A line, which opens if there are names in the account."""
    names = list(_names(ledger, row.kind))
    line = (
        tag("i", class_=f"swatch {_class(row)}"),
        tag("span", row.name, class_="what"),
        tag("span", _share_bar(row, largest), class_="bar"),
        tag("span", units.duration(row.ns), class_="number"),
        tag("span", units.share(row.share), class_="number"),
        tag("span", f"n {units.count(row.count)}", class_="number quiet wide"),
    )
    if not names:
        return tag("div", *line, class_="account")
    return tag("details", tag("summary", *line, class_="account"), _names_table(names), class_="costs")


def _names(ledger: LedgerValue, kind: str) -> Iterator[Row]:
    return (row for row in ledger.rows if row.depth == 1 and row.kind == kind)


def _share_bar(row: Row, largest: int) -> Markup:
    shape = tag("rect", class_=_class(row), width=f"{100 * row.ns / largest:.2f}%", height=8, rx=2)
    return tag("svg", shape, width="100%", height=8, aria_hidden="true")


def _names_table(names: list[Row]) -> Markup:
    """The names in an account, without columns that are empty."""
    splits, spread = any(row.waiting_ns is not None for row in names), any(row.tests for row in names)
    titles = ["time", "share", *["computing", "waiting"] * splits, "n", *["a test"] * spread]
    rows = []
    for row in names:
        texts = [row.name, units.duration(row.ns), units.share(row.share)]
        texts += [_known(row.computing_ns), _known(row.waiting_ns)] if splits else []
        texts += [units.count(row.count), *[_known(row.per_test_ns)] * spread]
        rows.append(texts)
    return table([Column(""), *(Column(title, "number") for title in titles)], rows)


def _known(ns: int | None) -> str:
    return "" if ns is None else units.duration(ns)


def _remarks(ledger: LedgerValue) -> Iterator[Markup]:
    if ledger.waiting:
        which = f"{units.count(ledger.waiting)} of {units.many(ledger.tests, 'test')} mostly wait"
        yield tag("p", f"{which}: {units.duration(ledger.waited_ns)} in all.", class_="note")
    if ledger.stalled_ns:
        yield tag(
            "p", f"{units.duration(ledger.stalled_ns)} of it lay in stalls of other lanes.", class_="note"
        )
