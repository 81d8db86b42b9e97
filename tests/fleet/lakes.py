"""Lakes for tests: the only way they make rows of facts and write them without an ingest."""

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tracetui.fleet.schema import FACTS
from tracetui.fleet.schema.types import arrow_schema
from tracetui.fleet.store.lake.manifests import DIRECTORY, Manifest

DAY = dt.date(2026, 10, 1)
NOTHING = {column.name: column.nothing for column in FACTS}


def fact(test: str = "a", at: str = "2026-10-01T12:00:00", **more: Any) -> dict[str, Any]:
    """A row of facts about a test that took 5 ns and passed, but for what is told."""
    ts = dt.datetime.fromisoformat(at).replace(tzinfo=dt.UTC)
    ns = int(ts.timestamp()) * 1_000_000_000
    row = {"ts": ts, "start_ns": ns, "date": ts.date(), "role": "test", "test": test, "outcome": "passed"}
    return NOTHING | row | {"own_ns": 5, "total_ns": 5} | more


def write(path: Path, rows: Iterable[Mapping[str, Any]], without: tuple[str, ...] = ()) -> None:
    """A Parquet file of facts, as it lies below `date=...`; columns may be missing from it."""
    columns = [column for column in FACTS if column.name not in ("date", *without)]
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(list(rows), arrow_schema(columns)), path)


def declare(lake: Path, name: str, *files: str, replaces: tuple[str, ...] = ()) -> None:
    """A manifest that names files."""
    (lake / DIRECTORY).mkdir(parents=True, exist_ok=True)
    manifest = Manifest(name, files, {}, {}, replaces)
    (lake / DIRECTORY / f"{name}.json").write_bytes(manifest.dump())
