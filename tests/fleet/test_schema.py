"""The columns are declared once, and every engine has a type for each."""

import ibis
import pyarrow as pa
import pytest

from tracetui.export.tables.parquet import COLUMNS
from tracetui.fleet.schema import FACTS, SPANS, Column, Kind
from tracetui.fleet.schema.types import arrow_schema, clickhouse_type, duckdb_type, ibis_schema
from tracetui.fleet.store.duckdb_engine import connect

RELATIONS = pytest.mark.parametrize("columns", [FACTS, SPANS], ids=["facts", "spans"])


@RELATIONS
def test_no_column_is_declared_twice(columns: tuple[Column, ...]) -> None:
    """Names are keys."""
    names = [column.name for column in columns]
    assert len(names) == len(set(names))


@RELATIONS
def test_arrow_and_ibis_mean_the_same(columns: tuple[Column, ...]) -> None:
    """What is written as Arrow is read by queries without a cast."""
    written = ibis.Schema.from_pyarrow(arrow_schema(columns))
    assert {name: str(kind).replace("!", "") for name, kind in written.items()} == {
        name: str(kind) for name, kind in ibis_schema(columns).items()
    }


@RELATIONS
def test_duckdb_makes_of_its_types_what_queries_expect(columns: tuple[Column, ...]) -> None:
    """A table that is created by hand is the table that Ibis would create."""
    con = ibis.duckdb.connect()
    declared = ", ".join(f'"{each.name}" {duckdb_type(each)}' for each in columns)
    con.raw_sql(f"CREATE TABLE t ({declared})")
    assert con.table("t").schema() == ibis_schema(columns)


def test_spans_are_what_export_writes() -> None:
    """A file of `export --to parquet` and the spans of a store have the same columns of the same types."""
    exported = {column.name: column.type for column in COLUMNS}
    kept = {field.name: field.type for field in arrow_schema(SPANS)}
    assert {name: kind for name, kind in kept.items() if name not in ("date", "unit")} == exported


def test_the_engine_that_is_installed_can_do_what_is_asked() -> None:
    """Newer ones of DuckDB and sqlglot cannot, which the extra keeps out; no bar is drawn over a screen."""
    con = connect()
    con.create_table("made", schema=ibis_schema(FACTS))
    con.drop_table("made")
    assert con.to_pyarrow(ibis.literal(1).name("one").as_table()).to_pylist() == [{"one": 1}]
    told = con.raw_sql("SELECT current_setting('TimeZone'), current_setting('enable_progress_bar')")
    assert told.fetchall() == [("UTC", False)]


def test_no_engine_gets_a_type_that_another_cannot_read() -> None:
    """Spark reads no nanoseconds, Sail no unsigned integers."""
    for field in arrow_schema(FACTS + SPANS):
        assert field.type not in (pa.timestamp("ns", "UTC"), pa.uint64())


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (Column("a", Kind.TEXT), "String"),
        (Column("a", Kind.TEXT, few=True), "LowCardinality(String)"),
        (Column("a", Kind.INTEGER, optional=True), "Nullable(Int64)"),
        (Column("a", Kind.TIME), "DateTime64(6, 'UTC')"),
    ],
)
def test_types_of_clickhouse(column: Column, expected: str) -> None:
    """Texts of which there are few are numbers to it; null has to be allowed."""
    assert clickhouse_type(column) == expected
