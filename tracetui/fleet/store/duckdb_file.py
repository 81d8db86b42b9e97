"""A DuckDB file as a store."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tracetui.errors import InputError
from tracetui.fleet.schema import FACTS, SPANS, Column
from tracetui.fleet.store.address import Address
from tracetui.fleet.store.duckdb_engine import conformed, connect, tables
from tracetui.fleet.store.store import Store


def open_file(where: Address) -> Store:
    """The store in a file, read-only; raises `InputError` if there is none."""
    if not Path(where.path).is_file():
        raise InputError(
            f"{where.path}: no store there; fill it with: tracetui fleet ingest PATH... --store {where.shown}"
        )
    con = connect(where.path, read_only=True)
    there = tables(con)
    if "test_facts" not in there:
        con.disconnect()
        raise InputError(f"{where.path}: a DuckDB file without facts; load some with: tracetui fleet ingest")

    def shown(name: str, columns: Sequence[Column]) -> Any:
        return conformed(con, con.table(name, database=(con.current_catalog, "main")), name, columns)

    spans = shown("otel_traces", SPANS) if "otel_traces" in there else None
    return Store(where.shown, con, shown("test_facts", FACTS), spans, con.disconnect)
