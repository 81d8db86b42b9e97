"""The statements that make our tables beside the Collector's: their queries are compiled from the expressions
that find facts everywhere else.
"""

from collections.abc import Sequence
from typing import Any

from tracetui.fleet.facts.collected import facts, nullable
from tracetui.fleet.facts.roles import spans_of_tests
from tracetui.fleet.schema import FACTS, SPANS_OF_TESTS, Column
from tracetui.fleet.schema.types import clickhouse_type, ibis_schema
from tracetui.fleet.store.clickhouse.engine import (
    COLLECTOR,
    COLUMNS,
    LOADED,
    SPANS,
    VIEW,
    collected_spans,
    tables,
)
from tracetui.fleet.store.conform import conform

_KEPT_DAYS = 400


_LEDGER = (
    ("fleet_loads", "unit String, spans Int64, digest String", "unit"),
    ("fleet_files", "path String, size Int64, modified_ns Int64", "path, size, modified_ns"),
)


def own_tables() -> list[str]:
    """The tables that `ingest` fills."""
    made = [_table(LOADED, FACTS, ("role", "suite", "test", "variant"), is_versioned=True)]
    for name, columns, key in _LEDGER:
        engine = f"ReplacingMergeTree(version) ORDER BY ({key})"
        made.append(f"CREATE TABLE IF NOT EXISTS {name} ({columns}, version UInt64) ENGINE = {engine}")
    return made


def of_collector() -> list[str]:
    """The statements for what a Collector inserts, what it has inserted before, and the view over all
    facts.
    """
    import ibis

    kinds = dict.fromkeys((*COLUMNS, "ResourceAttributes", "SpanAttributes"), "!string")
    kinds |= {"Timestamp": "!timestamp(9)", "Duration": "!uint64"}
    kinds |= dict.fromkeys(("ResourceAttributes", "SpanAttributes"), "!map<!string, !string>")
    roles = _sql(spans_of_tests(collected_spans(ibis.table(kinds, name=COLLECTOR))))
    loaded = ibis.table(ibis_schema(FACTS), name=LOADED)
    both = _sql(joined(loaded, facts(ibis.table(ibis_schema(SPANS_OF_TESTS), name=SPANS))))
    return [
        _table(SPANS, SPANS_OF_TESTS, ("role", "title", "variant")),
        f"CREATE MATERIALIZED VIEW IF NOT EXISTS {SPANS}_mv TO {SPANS} AS {roles}",
        f"INSERT INTO {SPANS} {roles}",
        f"CREATE OR REPLACE VIEW {VIEW} AS {both} SETTINGS join_use_nulls = 1, final = 1",
    ]


def relation(con: Any) -> Any:
    """Loaded facts, and those of the Collector's spans of other traces; None if there are neither."""
    loaded, spans = loaded_facts(con), roles(con)
    if spans is None:
        return loaded
    return facts(spans) if loaded is None else joined(loaded, facts(spans))


def loaded_facts(con: Any) -> Any:
    """What `ingest` has loaded; None without such a table."""
    return con.table(LOADED) if LOADED in tables(con) else None


def roles(con: Any) -> Any:
    """The Collector's spans with their roles; None if there are none."""
    there = tables(con)
    if SPANS in there:
        return con.table(SPANS)
    return spans_of_tests(collected_spans(con.table(COLLECTOR))) if COLLECTOR in there else None


def joined(loaded: Any, collected: Any) -> Any:
    """Both: for a run that was loaded, the Collector's facts are left out."""
    return nullable(conform(loaded, FACTS)).union(not_loaded(collected, loaded))


def not_loaded(collected: Any, loaded: Any) -> Any:
    """The facts of runs that were not loaded as well."""
    return collected.anti_join(nullable(loaded.select("trace")).distinct(), "trace")


def newest_loads(con: Any) -> tuple[int, ...]:
    """What changes as soon as `ingest` has loaded something, and again once it is done."""
    there = tables(con)
    if LOADED not in there:
        return ()
    newest = (f"(SELECT max(version) FROM {name})" for name in (LOADED, _LEDGER[0][0]))
    return tuple(con.con.query(f"SELECT {', '.join(newest)} SETTINGS final = 0").result_rows[0])


def _sql(expression: Any) -> str:
    import ibis

    return str(ibis.to_sql(expression, dialect="clickhouse"))


def _table(name: str, columns: Sequence[Column], order: Sequence[str], *, is_versioned: bool = False) -> str:
    declared = ", ".join(f"`{column.name}` {clickhouse_type(column)}" for column in columns)
    more, engine = "", "ReplacingMergeTree"
    if is_versioned:
        more, engine = ", version UInt64", "ReplacingMergeTree(version)"
    return (
        f"CREATE TABLE IF NOT EXISTS {name} ({declared}{more}) ENGINE = {engine} PARTITION BY toYYYYMM(date) "
        f"ORDER BY ({', '.join(order)}, date, trace, span) TTL date + toIntervalDay({_KEPT_DAYS}) "
        "SETTINGS ttl_only_drop_parts = 1"
    )
