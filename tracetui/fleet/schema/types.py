"""The engines' types for kinds of columns: microseconds and signed integers, which all of them read."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tracetui.fleet.schema.columns import Column, Kind

if TYPE_CHECKING:
    import ibis
    import pyarrow as pa

_CLICKHOUSE = {
    Kind.TIME: "DateTime64(6, 'UTC')",
    Kind.DATE: "Date",
    Kind.TEXT: "String",
    Kind.INTEGER: "Int64",
    Kind.REAL: "Float64",
    Kind.TEXTS: "Array(String)",
    Kind.TIMES: "Array(DateTime64(6, 'UTC'))",
    Kind.INTEGERS: "Array(Int64)",
    Kind.MAP: "Map(String, String)",
    Kind.MAPS: "Array(Map(String, String))",
}
_DUCKDB = {
    Kind.TIME: "TIMESTAMPTZ",
    Kind.DATE: "DATE",
    Kind.TEXT: "VARCHAR",
    Kind.INTEGER: "BIGINT",
    Kind.REAL: "DOUBLE",
    Kind.TEXTS: "VARCHAR[]",
    Kind.TIMES: "TIMESTAMPTZ[]",
    Kind.INTEGERS: "BIGINT[]",
    Kind.MAP: "MAP(VARCHAR, VARCHAR)",
    Kind.MAPS: "MAP(VARCHAR, VARCHAR)[]",
}
_SPARK = {
    Kind.TIME: "TIMESTAMP",
    Kind.DATE: "DATE",
    Kind.TEXT: "STRING",
    Kind.INTEGER: "BIGINT",
    Kind.REAL: "DOUBLE",
    Kind.TEXTS: "ARRAY<STRING>",
    Kind.TIMES: "ARRAY<TIMESTAMP>",
    Kind.INTEGERS: "ARRAY<BIGINT>",
    Kind.MAP: "MAP<STRING, STRING>",
    Kind.MAPS: "ARRAY<MAP<STRING, STRING>>",
}
_IBIS = {
    Kind.TIME: "timestamp('UTC', 6)",
    Kind.DATE: "date",
    Kind.TEXT: "string",
    Kind.INTEGER: "int64",
    Kind.REAL: "float64",
    Kind.TEXTS: "array<string>",
    Kind.TIMES: "array<timestamp('UTC', 6)>",
    Kind.INTEGERS: "array<int64>",
    Kind.MAP: "map<string, string>",
    Kind.MAPS: "array<map<string, string>>",
}


def arrow_schema(columns: Sequence[Column]) -> "pa.Schema":
    """The schema for Arrow and Parquet."""
    import pyarrow as pa

    text = pa.string()
    time, texts = pa.timestamp("us", "UTC"), pa.map_(text, text)
    types = {
        Kind.TIME: time,
        Kind.DATE: pa.date32(),
        Kind.TEXT: text,
        Kind.INTEGER: pa.int64(),
        Kind.REAL: pa.float64(),
        Kind.TEXTS: pa.list_(text),
        Kind.TIMES: pa.list_(time),
        Kind.INTEGERS: pa.list_(pa.int64()),
        Kind.MAP: texts,
        Kind.MAPS: pa.list_(texts),
    }
    return pa.schema([(column.name, types[column.kind]) for column in columns])


def ibis_schema(columns: Sequence[Column]) -> "ibis.Schema":
    """The schema for queries."""
    import ibis

    return ibis.schema({column.name: _IBIS[column.kind] for column in columns})


def ibis_type(column: Column) -> str:
    """The type of a column in queries."""
    return _IBIS[column.kind]


def duckdb_type(column: Column) -> str:
    """The type of a column in DuckDB."""
    return _DUCKDB[column.kind]


def spark_type(column: Column) -> str:
    """The type of a column in Spark."""
    return _SPARK[column.kind]


def clickhouse_type(column: Column) -> str:
    """The type of a column in ClickHouse."""
    plain = _CLICKHOUSE[column.kind]
    if column.optional:
        return f"Nullable({plain})"
    return f"LowCardinality({plain})" if column.few and column.kind is Kind.TEXT else plain
