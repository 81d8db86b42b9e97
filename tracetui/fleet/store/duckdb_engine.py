"""DuckDB as we use it: in UTC for any time zone of the machine, and silent on the terminal."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tracetui.fleet.schema import Column
from tracetui.fleet.store.conform import conform

if TYPE_CHECKING:
    import ibis

SETTINGS = ("SET TimeZone = 'UTC'", "SET enable_progress_bar = false")


def connect(database: str | None = None, *, read_only: bool = False) -> Any:
    """An Ibis backend over a file, or in memory only."""
    import ibis

    options = {"database": database, "read_only": read_only} if database else {}
    con = ibis.duckdb.connect(**options)
    for statement in SETTINGS:
        con.raw_sql(statement)
    return con


def tables(con: Any) -> set[str]:
    """The names of its tables. `list_tables` of Ibis 12 uses a function that DuckDB is about to remove."""
    return {name for (name,) in con.raw_sql("SELECT table_name FROM duckdb_tables()").fetchall()}


def conformed(con: Any, table: "ibis.Table", name: str, columns: Sequence[Column]) -> "ibis.Table":
    """A relation with the columns of the schema, as a view of this connection: each question then mentions
    its few columns only, and is compiled in half the time.
    """
    con.raw_sql(f"CREATE OR REPLACE TEMP VIEW {name} AS {con.compile(conform(table, columns))}")
    return con.table(name, database=("temp", "main"))
