"""DuckDB as this house uses it: UTC whatever the machine's time zone is, and silent on the terminal."""

from typing import Any


def connect(database: str | None = None, *, read_only: bool = False) -> Any:
    """An Ibis backend over a file, or over nothing but memory."""
    import ibis

    options = {"database": database, "read_only": read_only} if database else {}
    con = ibis.duckdb.connect(**options)
    con.raw_sql("SET TimeZone = 'UTC'")
    con.raw_sql("SET enable_progress_bar = false")
    return con
