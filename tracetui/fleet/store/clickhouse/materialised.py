"""Facts in a Collector's spans, derived once for a question instead of at each mention.

ClickHouse evaluates a part of a query as often as the query mentions it. Facts mention spans two dozen times,
and deriving the role of a span takes some hundred attributes. The columns of the result have the types that
those of loaded facts have: where one may be null, or where two relations differ, every question pays for it.
"""

import datetime as dt
from typing import TYPE_CHECKING, Any

from clickhouse_connect.driver.exceptions import ClickHouseError

from tracetui import units
from tracetui.fleet.facts.collected import SPAN, facts_of, nullable
from tracetui.fleet.schema import FACTS
from tracetui.fleet.schema.types import clickhouse_type
from tracetui.fleet.store.clickhouse.ddl import loaded_facts, newest_loads, not_loaded, roles
from tracetui.fleet.store.conform import conform

if TYPE_CHECKING:
    import ibis

_MARGIN = dt.timedelta(days=2)
"""A suite may begin so long before a test of a window, and end so long after it."""
_TABLE = "CREATE TEMPORARY TABLE {} {} AS SELECT * FROM ({}) {}"
_PLAIN = "ENGINE = MergeTree ORDER BY tuple()"
_ONCE = f"LIMIT 1 BY {', '.join(SPAN)}"
"""`distinct` would group all columns by these, which takes four times as long."""
_DECLARED = ", ".join(f"`{column.name}` {clickhouse_type(column)}" for column in FACTS)
_OF_FACTS = f"({_DECLARED}) ENGINE = MergeTree ORDER BY (role, test)"


class Materialised:
    """Facts by time, in temporary tables of a connection; `every` is used if it may not make any."""

    def __init__(self, con: Any, every: "ibis.Table") -> None:
        self._con = con
        self._every = every
        self._made: dict[tuple[int | None, int | None], ibis.Table] = {}
        self._loads: tuple[int, ...] = ()
        self._number = -1

    def between(self, since_ns: int | None, until_ns: int | None) -> "ibis.Table":
        """The facts of some time, and of more around it."""
        loads = newest_loads(self._con)
        if loads != self._loads:  # A run of a Collector may have been loaded meanwhile.
            self._made.clear()
            self._loads = loads
        for (first, last), made in self._made.items():
            begins = first is None or (since_ns is not None and first <= since_ns)
            if begins and (last is None or (until_ns is not None and until_ns <= last)):
                return made
        try:
            made = self._make(since_ns, until_ns)
        except ClickHouseError:  # It may be a user who may only read.
            made = self._every
        self._made[since_ns, until_ns] = made
        return made

    def _make(self, since_ns: int | None, until_ns: int | None) -> "ibis.Table":
        spans = roles(self._con)
        # Even of an empty table a union makes some questions half as long again.
        loaded = loaded_facts(self._con) if any(self._loads) else None
        first, last = _day(since_ns, -_MARGIN), _day(until_ns, _MARGIN)
        self._number += 1
        parts: list[str] = []

        def keep(name: str, expression: "ibis.Table", how: str = "") -> "ibis.Table":
            made = self._table(name, _PLAIN, expression, how)
            parts.append(made.get_name())
            return nullable(made)

        once = keep("spans", nullable(_of_days(spans, first, last)), _ONCE)
        found = conform(facts_of(once, keep), FACTS)
        found = found if loaded is None else not_loaded(found, loaded)
        made = self._table("facts", _OF_FACTS, found)
        for part in parts:
            self._con.raw_sql(f"DROP TABLE {part}")
        return made if loaded is None else conform(loaded, FACTS).union(made)

    def _table(self, name: str, kind: str, expression: "ibis.Table", how: str = "") -> "ibis.Table":
        name = f"tracetui_{name}_{self._number}"
        self._con.raw_sql(_TABLE.format(name, kind, self._con.compile(expression), how))
        return self._con.table(name)


def _of_days(spans: "ibis.Table", first: dt.date | None, last: dt.date | None) -> "ibis.Table":
    asked = [spans.date >= first] if first else []
    asked += [spans.date <= last] if last else []
    return spans.filter(asked) if asked else spans


def _day(ns: int | None, margin: dt.timedelta) -> dt.date | None:
    """A day that is a margin away from a moment; None where there is no bound, or no such day."""
    if ns is None:
        return None
    try:
        return (dt.datetime.fromtimestamp(ns // units.S, dt.UTC) + margin).date()
    except (OverflowError, OSError, ValueError):
        return None
