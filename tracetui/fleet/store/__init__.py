"""Where facts and spans are: a Parquet lake, a DuckDB file, ClickHouse or Spark, opened by URL."""

from tracetui.fleet.extras import needed
from tracetui.fleet.store.address import address
from tracetui.fleet.store.loads import Sink
from tracetui.fleet.store.store import Store

__all__ = ["Sink", "Store", "open_sink", "open_store"]


def open_store(url: str) -> Store:
    """The store at a URL, to be asked; raises `InputError` where it or its extra is missing."""
    found = address(url)
    with needed():
        if found.engine == "lake":
            from tracetui.fleet.store.lake.reading import open_lake

            return open_lake(found)
        from tracetui.fleet.store.duckdb_file import open_file

        return open_file(found)


def open_sink(url: str) -> Sink:
    """The store at a URL, to be loaded; made where it is missing."""
    found = address(url)
    with needed():
        if found.engine == "lake":
            from tracetui.fleet.store.lake.writing import LakeSink

            return LakeSink(found)
        from tracetui.fleet.store.duckdb_sink import DuckdbSink

        return DuckdbSink(found)
