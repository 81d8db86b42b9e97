"""A DuckDB file as a store."""

from pathlib import Path

from tracetui.errors import InputError
from tracetui.fleet.schema import FACTS, SPANS
from tracetui.fleet.store.address import Address
from tracetui.fleet.store.conform import conform
from tracetui.fleet.store.duckdb_engine import connect, tables
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
    spans = conform(con.table("otel_traces"), SPANS) if "otel_traces" in there else None
    return Store(where.shown, con, conform(con.table("test_facts"), FACTS), spans, con.disconnect)
