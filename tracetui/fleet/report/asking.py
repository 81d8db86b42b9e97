"""What all questions share: a store, a window, and their wording."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from tracetui import units
from tracetui.fleet.queries import durations
from tracetui.fleet.queries.window import Window
from tracetui.fleet.store import Store
from tracetui.report.deciding.ledger import Price

if TYPE_CHECKING:
    import ibis
    import pyarrow as pa

Query = Callable[..., "ibis.Table"]


class Question(Struct, frozen=True):
    """The store, the window, and the price of a core (None: unknown)."""

    store: Store
    window: Window
    price: Price | None = None

    def table(self, query: Query, *arguments: Any) -> "pa.Table":
        """The result of a query."""
        facts = self.store.between(self.window.since_ns, self.window.until_ns)
        return self.store.rows(query(facts, self.window, *arguments))

    def rows(self, query: Query, *arguments: Any) -> list[dict[str, Any]]:
        """The same, as rows."""
        rows: list[dict[str, Any]] = self.table(query, *arguments).to_pylist()
        return rows

    def cost(self, core_ns: float) -> float | None:
        """The cost of so much core time; None if the price is unknown."""
        return None if self.price is None else float(self.price.of(round(core_ns)))

    def cost_text(self, core_ns: float) -> str:
        """The same as text."""
        return "" if self.price is None else self.price.text(round(core_ns))


class Extent(Struct, frozen=True):
    """The number of runs and tests in a window, and its first and last moment (ns; None if it is empty)."""

    runs: int
    tests: int
    oldest_ns: int | None
    newest_ns: int | None


def extent(question: Question) -> Extent:
    """The extent of the window."""
    (row,) = question.rows(durations.runs)
    if not row["runs"]:
        return Extent(0, 0, None, None)
    return Extent(row["runs"], row["tests"], row["oldest_ns"], row["newest_ns"])


def over_words(question: Question, held: Extent) -> str:
    """The basis of an answer: `240 runs, 2026-09-21 00:00 to 2026-10-05 00:00 UTC, branch main`."""
    window = question.window
    parts = [units.many(held.runs, "run"), between_words(window, held)]
    for what, texts in (
        ("branch", window.branches),
        ("variant", window.variants),
        ("owner", window.owners),
        ("suite", window.suites),
    ):
        parts += [f"{what} {' or '.join(text or '(none)' for text in texts)}"] if texts else []
    return ", ".join(filter(None, parts))


def between_words(window: Window, held: Extent) -> str:
    """The requested period, else that of the data."""
    begin = held.oldest_ns if window.since_ns is None else window.since_ns
    end = held.newest_ns if window.until_ns is None else window.until_ns
    if begin is None or end is None:
        return ""
    return f"{minute(begin)} to {minute(end)} UTC"


def minute(ns: int) -> str:
    """A moment to the minute."""
    return units.timestamp(ns)[:16]


def remarks(question: Question, held: Extent) -> list[str]:
    """Why the answer is empty, if it is."""
    if held.runs:
        return []
    everything = extent(Question(question.store, Window()))
    if not everything.runs:
        url = question.store.url
        return [f"the store is empty; load recordings with: tracetui fleet ingest PATH... --store {url}"]
    between = between_words(Window(), everything)
    return [f"no run is in this window; the store has {units.many(everything.runs, 'run')}, {between}"]
