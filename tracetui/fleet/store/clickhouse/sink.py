"""ClickHouse as a store for loading.

Rows of a load replace those with the same key, and then the rest of the load before is deleted. A loader that
is killed in between has not noted its units as loaded: the next one repeats everything.
"""

import datetime as dt
import time
from typing import TYPE_CHECKING, Any

from tracetui.errors import InputError
from tracetui.fleet.store.address import Address
from tracetui.fleet.store.clickhouse.ddl import of_collector, own_tables
from tracetui.fleet.store.clickhouse.engine import COLLECTOR, LOADED, SPANS, connect, tables
from tracetui.fleet.store.loads import Ledger, Load, Stamp, Unit

if TYPE_CHECKING:
    import pyarrow as pa


class ClickhouseSink:
    """A database, open for loading."""

    def __init__(self, where: Address) -> None:
        self._con = connect(where)
        self._client: Any = self._con.con
        for statement in own_tables():
            self._client.command(statement)

    def owns(self, path: str) -> bool:  # noqa: ARG002
        """False: no file belongs to it."""
        return False

    def create(self) -> None:
        """Make the tables for a Collector's spans as well; raises `InputError` if it has none."""
        if COLLECTOR not in tables(self._con):
            raise InputError(f"{COLLECTOR} is not there yet; have a Collector write to this database first")
        for statement in of_collector():
            self._client.command(statement)

    def ledger(self) -> Ledger:
        """What was loaded."""
        units = self._client.query("SELECT unit, spans, digest FROM fleet_loads").result_rows
        files: dict[str, frozenset[Stamp]] = {}
        for path, *stamp in self._client.query("SELECT path, size, modified_ns FROM fleet_files").result_rows:
            files[path] = files.get(path, frozenset()) | {Stamp(*stamp)}
        return Ledger({key: Unit(spans, digest) for key, spans, digest in units}, files)

    def put(self, load: Load) -> int:
        """Store a load; returns the number of new facts. If it fails half-way, it is repeated."""
        if load.spans is not None:
            raise InputError("ClickHouse gets its spans from a Collector; load facts only, without --spans")
        from tracetui.fleet.store.lake.files import only

        news, version = sorted(self.ledger().news(load.units)), time.time_ns()
        rows = only(load.facts, news)
        if len(rows):
            self._insert(LOADED, rows, version)
        if news:
            self._client.command(
                f"DELETE FROM {LOADED} WHERE unit IN %(units)s AND version < %(version)s",
                parameters={"units": news, "version": version},
            )
        self._note("fleet_loads", [(key, *load.units[key], version) for key in news])
        self._note("fleet_files", [(path, *stamp, version) for path, stamp in load.files.items()])
        return len(rows)

    def _insert(self, table: str, rows: "pa.Table", version: int) -> None:
        import pyarrow as pa

        versions = pa.array([version] * len(rows), pa.uint64())
        self._client.insert_arrow(table, rows.append_column("version", versions))

    def _note(self, table: str, rows: list[tuple[Any, ...]]) -> None:
        if rows:
            self._client.insert(table, rows)

    def compact(self) -> tuple[int, int]:
        """Let the engine merge its parts now."""
        before = self._parts()
        self._client.command(f"OPTIMIZE TABLE {LOADED} FINAL")
        return before, self._parts()

    def _parts(self) -> int:
        query = f"SELECT count() FROM system.parts WHERE table = '{LOADED}' AND active"
        return int(self._client.query(query).result_rows[0][0])

    def prune(self, before: dt.date) -> int:
        """Drop the rows of the days before a date, but not from the Collector's own table."""
        (row,) = self._client.query(
            f"SELECT count() FROM {LOADED} WHERE date < %(day)s", parameters={"day": before}
        ).result_rows
        for table in tables(self._con) & {LOADED, SPANS}:
            self._client.command(f"DELETE FROM {table} WHERE date < %(day)s", parameters={"day": before})
        return int(row[0])

    def close(self) -> None:
        """Close the connection."""
        self._con.disconnect()
