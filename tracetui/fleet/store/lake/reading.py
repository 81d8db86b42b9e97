"""A lake read by DuckDB: the files in manifests, and of these only those of the requested dates."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracetui.errors import InputError
from tracetui.fleet.schema import FACTS, SPANS, Column
from tracetui.fleet.schema.types import ibis_schema
from tracetui.fleet.store.address import Address
from tracetui.fleet.store.duckdb_engine import conformed, connect
from tracetui.fleet.store.lake.manifests import files, manifests
from tracetui.fleet.store.store import Store

if TYPE_CHECKING:
    import ibis


def open_lake(where: Address) -> Store:
    """The lake in a directory; raises `InputError` if there is none."""
    lake = Path(where.path)
    if not lake.is_dir():
        raise InputError(
            f"{lake}: no lake there; fill it with: tracetui fleet ingest PATH... --store {where.shown}"
        )
    valid = manifests(lake)
    con = connect()
    spans = files(valid, "spans")
    return Store(
        where.shown,
        con,
        relation(con, lake, "test_facts", files(valid, "facts"), FACTS),
        relation(con, lake, "otel_traces", spans, SPANS) if spans else None,
        con.disconnect,
    )


def relation(
    con: Any, lake: Path, name: str, names: Sequence[str], columns: Sequence[Column]
) -> "ibis.Table":
    """Files of a lake as one relation, empty if there are none."""
    if not names:
        return con.create_table(name, schema=ibis_schema(columns), temp=True)
    paths = ", ".join(_quoted(str(lake / file)) for file in names)
    read = f"{name}_files"
    con.raw_sql(
        f"CREATE OR REPLACE TEMP VIEW {read} AS SELECT * FROM read_parquet([{paths}], union_by_name = true, "
        "hive_partitioning = true, hive_types = {'date': DATE})"
    )
    return conformed(con, con.table(read), name, columns)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
