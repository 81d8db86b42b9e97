"""A DuckDB file for loading: one transaction for each load. One process at a time has the file open."""

import datetime as dt
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tracetui.errors import InputError
from tracetui.fleet.schema import FACTS, SPANS, Column
from tracetui.fleet.schema.types import duckdb_type
from tracetui.fleet.store.address import Address
from tracetui.fleet.store.duckdb_engine import SETTINGS
from tracetui.fleet.store.loads import Ledger, Load, Stamp, Unit

PATIENCE_S = 60.0
"""So long is waited for another process to let go of the file."""
_TAKEN = "Could not set lock"
"""What DuckDB says of a file that another process has."""
_IN_THIS_PROCESS = threading.Lock()
"""Threads of one process would share the file, and its transactions would conflict."""
_RELATIONS: Mapping[str, Sequence[Column]] = {"test_facts": FACTS, "otel_traces": SPANS}


class DuckdbSink:
    """A DuckDB file for loading. It is opened for each step, so that other loaders get their turn."""

    def __init__(self, where: Address) -> None:
        self._path = Path(where.path)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._with(_create)

    def owns(self, path: str) -> bool:
        """Whether it is that file."""
        return Path(path) == self._path.absolute()

    def create(self) -> None:
        """Do nothing: everything exists already."""

    def ledger(self) -> Ledger:
        """What was loaded."""
        ledger: Ledger = self._with(_ledger)
        return ledger

    def put(self, load: Load) -> int:
        """Store a load, all of it or nothing; returns the number of new facts."""
        return int(self._with(lambda con: _put(con, load)))

    def compact(self) -> tuple[int, int]:
        """Free the space of deleted rows; it is one file before and after."""
        self._with(lambda con: con.execute("CHECKPOINT"))
        return 1, 1

    def prune(self, before: dt.date) -> int:
        """Drop the rows of the days before a date; the store remembers them as loaded, so they do not
        return.
        """

        def drop(con: Any) -> int:
            (count,) = con.execute("SELECT count(*) FROM test_facts WHERE date < ?", [before]).fetchone()
            con.execute("BEGIN")
            for name in _RELATIONS:
                con.execute(f"DELETE FROM {name} WHERE date < ?", [before])
            con.execute("COMMIT")
            con.execute("CHECKPOINT")
            return int(count)

        return int(self._with(drop))

    def close(self) -> None:
        """Do nothing: nothing is held between two steps."""

    def _with(self, step: Any) -> Any:
        """Run a step on the file; wait while another process has it."""
        deadline = time.monotonic() + PATIENCE_S
        with _IN_THIS_PROCESS:
            return self._in_turn(step, deadline)

    def _in_turn(self, step: Any, deadline: float) -> Any:
        import duckdb

        while True:
            try:
                con = duckdb.connect(str(self._path))
                break
            except duckdb.IOException as error:
                if _TAKEN not in str(error) or time.monotonic() > deadline:
                    reason = str(error).partition("\n")[0]
                    raise InputError(f"{self._path}: the DuckDB file cannot be opened: {reason}") from None
                time.sleep(0.05)
        try:
            for statement in SETTINGS:
                con.execute(statement)
            return step(con)
        finally:
            con.close()


def _create(con: Any) -> None:
    for name, columns in _RELATIONS.items():
        declared = ", ".join(f'"{column.name}" {duckdb_type(column)}' for column in columns)
        con.execute(f"CREATE TABLE IF NOT EXISTS {name} ({declared})")
        there = {row[0] for row in con.execute(f"SELECT column_name FROM (DESCRIBE {name})").fetchall()}
        for column in columns:
            if column.name not in there:
                con.execute(f'ALTER TABLE {name} ADD COLUMN "{column.name}" {duckdb_type(column)}')
    con.execute("CREATE TABLE IF NOT EXISTS loads (unit VARCHAR PRIMARY KEY, spans BIGINT, digest VARCHAR)")
    con.execute("CREATE TABLE IF NOT EXISTS files (path VARCHAR, size BIGINT, modified_ns BIGINT)")


def _ledger(con: Any) -> Ledger:
    units = {key: Unit(spans, digest) for key, spans, digest in con.execute("FROM loads").fetchall()}
    files: dict[str, frozenset[Stamp]] = {}
    for path, *stamp in con.execute("FROM files").fetchall():
        files[path] = files.get(path, frozenset()) | {Stamp(*stamp)}
    return Ledger(units, files)


def _put(con: Any, load: Load) -> int:
    con.execute("BEGIN")
    news = sorted(_ledger(con).news(load.units))
    fresh = 0
    for name, rows in (("test_facts", load.facts), ("otel_traces", load.spans)):
        con.execute(f"DELETE FROM {name} WHERE unit IN (SELECT unnest(?))", [news])
        if rows is not None:
            con.register("coming", rows)
            con.execute(
                f"INSERT INTO {name} BY NAME SELECT * FROM coming WHERE unit IN (SELECT unnest(?))", [news]
            )
            con.unregister("coming")
    for key in news:
        con.execute("INSERT OR REPLACE INTO loads VALUES (?, ?, ?)", [key, *load.units[key]])
    for path, stamp in load.files.items():
        con.execute("DELETE FROM files WHERE path = ?", [path])
        con.execute("INSERT INTO files VALUES (?, ?, ?)", [path, *stamp])
    (fresh,) = con.execute(
        "SELECT count(*) FROM test_facts WHERE unit IN (SELECT unnest(?))", [news]
    ).fetchone()
    con.execute("COMMIT")
    return int(fresh)
