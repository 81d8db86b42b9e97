"""Parquet files of a lake: written completely, sorted to be small, and read with any columns."""

import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracetui.fleet.schema import FACTS, SPANS, Column
from tracetui.fleet.schema.types import arrow_schema

if TYPE_CHECKING:
    import pyarrow as pa

RELATIONS: dict[str, Sequence[Column]] = {"facts": FACTS, "spans": SPANS}
_ORDER = {"facts": ("role", "suite", "test", "ts"), "spans": ("SpanName", "Timestamp")}
_GROUP_ROWS = 122_880


def by_date(table: "pa.Table") -> Iterator[tuple[str, "pa.Table"]]:
    """Its rows by day."""
    import pyarrow.compute as pc

    for day in sorted(pc.unique(table["date"]).to_pylist()):
        yield day.isoformat(), table.filter(pc.equal(table["date"], day))


def write(lake: Path, relation: str, day: str, name: str, table: "pa.Table") -> str:
    """Write the rows of one day; returns the file's path in the lake, where it appears complete."""
    import pyarrow.parquet as pq

    file = f"{relation}/date={day}/{name}.parquet"
    path = lake / file
    path.parent.mkdir(parents=True, exist_ok=True)
    hidden = path.with_name(f".{path.name}.{os.getpid()}")
    ordered = table.drop_columns(["date"]).sort_by([(column, "ascending") for column in _ORDER[relation]])
    pq.write_table(ordered, hidden, compression="zstd", row_group_size=_GROUP_ROWS)
    hidden.replace(path)
    return file


def place(file: str) -> tuple[str, str]:
    """The relation and the day of a file."""
    relation, day, _ = file.split("/")
    return relation, day.removeprefix("date=")


def read(lake: Path, file: str) -> "pa.Table":
    """All rows of a file, with the present columns: those that it lacks are empty."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    relation, day = place(file)
    columns = RELATIONS[relation]
    stored = pq.ParquetFile(lake / file).read()
    schema = arrow_schema(columns)
    rows = stored.num_rows
    arrays = [
        pa.array([day] * rows).cast(pa.date32())
        if column.name == "date"
        else stored[column.name].cast(schema.field(column.name).type)
        if column.name in stored.column_names
        else nothing(column, rows)
        for column in columns
    ]
    return pa.table(arrays, schema=schema)


def nothing(column: Column, rows: int) -> Any:
    """`rows` rows of an unknown column."""
    import pyarrow as pa

    kind = arrow_schema([column])[0].type
    value = column.nothing
    return pa.nulls(rows, kind) if value is None else pa.array([value] * rows, kind)


def units_in(lake: Path, file: str) -> set[str]:
    """The units whose rows are in a file."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    return set(pc.unique(pq.ParquetFile(lake / file).read(columns=["unit"])["unit"]).to_pylist())


def without(table: "pa.Table", units: Collection[str]) -> "pa.Table":
    """The rows of other units."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return table.filter(pc.invert(pc.is_in(table["unit"], pa.array(sorted(units), pa.string()))))


def only(table: "pa.Table", units: Collection[str]) -> "pa.Table":
    """The rows of these units."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return table.filter(pc.is_in(table["unit"], pa.array(sorted(units), pa.string())))
