"""Stores of facts and spans: a Parquet lake, a DuckDB file, ClickHouse or Spark, opened by URL."""

from tracetui.errors import InputError
from tracetui.fleet.extras import needed
from tracetui.fleet.store.address import CLICKHOUSE, address
from tracetui.fleet.store.engine_errors import answering
from tracetui.fleet.store.loads import Sink
from tracetui.fleet.store.store import Store

__all__ = ["Sink", "Store", "open_sink", "open_store", "statements"]


def open_store(url: str) -> Store:
    """The store at a URL, for questions; raises `InputError` if it or its extra is missing, or it fails."""
    where = address(url)
    with needed(), answering(where.shown, OSError):
        import ibis

        ibis.options.sql.fuse_selects = False  # Where it is fused, what is mentioned twice is read twice.
        if where.engine == "lake":
            from tracetui.fleet.store.lake.reading import open_lake

            return open_lake(where)
        if where.engine in CLICKHOUSE:
            from tracetui.fleet.store.clickhouse.reading import open_clickhouse

            return open_clickhouse(where)
        if where.engine == "sc":
            from tracetui.fleet.store.spark import open_spark

            return open_spark(where)
        from tracetui.fleet.store.duckdb_file import open_file

        return open_file(where)


def open_sink(url: str) -> Sink:
    """The store at a URL, for loading; created if it is missing. Raises `InputError` as `open_store`."""
    where = address(url)
    with needed(), answering(where.shown):
        if where.engine == "lake":
            from tracetui.fleet.store.lake.writing import LakeSink

            return LakeSink(where)
        if where.engine in CLICKHOUSE:
            from tracetui.fleet.store.clickhouse.sink import ClickhouseSink

            return ClickhouseSink(where)
        if where.engine == "sc":
            raise InputError(
                f"{where.shown}: Spark reads a lake and does not load it; load lake://{where.path}"
            )
        from tracetui.fleet.store.duckdb_sink import DuckdbSink

        return DuckdbSink(where)


def statements(url: str) -> list[str]:
    """The statements that make the tables of a store; empty if it makes them itself."""
    if address(url).engine not in CLICKHOUSE:
        return []
    with needed():
        from tracetui.fleet.store.clickhouse.ddl import of_collector, own_tables

        return [*own_tables(), *of_collector()]
