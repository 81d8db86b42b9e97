"""Where facts and spans are: a Parquet lake, a DuckDB file, ClickHouse or Spark, opened by URL."""

from tracetui.fleet.extras import needed
from tracetui.fleet.store.address import address
from tracetui.fleet.store.store import Store

__all__ = ["Store", "open_store"]


def open_store(url: str) -> Store:
    """The store at a URL, to be asked; raises `InputError` where it or its extra is missing."""
    found = address(url)
    with needed():
        if found.engine == "lake":
            from tracetui.fleet.store.lake.reading import open_lake

            return open_lake(found)
        from tracetui.fleet.store.duckdb_file import open_file

        return open_file(found)
