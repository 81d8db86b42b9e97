"""Other readers on the same bytes, each on one thread: what the table of `reading` compares ours with."""

import gc
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pj

MOST_LINE_BYTES = 16 << 20

Reader = Callable[[Path, list[bytes]], None]
"""Reads a recording, given as a file and as its lines in memory: whichever suits it better."""


class _Nothing(msgspec.Struct):
    """An object of which no field matters: msgspec checks it and keeps nothing."""


def by_line(decode: Callable[[bytes], Any]) -> Reader:
    """Every line by itself, from memory, without the garbage collector; what it gives is thrown away."""

    def read(_: Path, lines: list[bytes]) -> None:
        gc.disable()
        for line in lines:
            decode(line)
        gc.enable()

    return read


_SCALAR = "STRUCT(stringValue VARCHAR, intValue VARCHAR, boolValue BOOLEAN)"


def duck(path: Path, *, attributes: bool) -> None:
    """DuckDB's `read_json` to a table of ids, name, times and status; with all scalar attributes if asked."""
    more = f", attributes STRUCT(key VARCHAR, value {_SCALAR})[]" if attributes else ""
    span = (
        "STRUCT(traceId VARCHAR, spanId VARCHAR, parentSpanId VARCHAR, name VARCHAR,"
        f" startTimeUnixNano VARCHAR, endTimeUnixNano VARCHAR, status STRUCT(code VARCHAR){more})"
    )
    columns = f"{{resourceSpans: 'STRUCT(scopeSpans STRUCT(spans {span}[])[])[]'}}"
    source = (
        f"read_json('{path}', format='newline_delimited', columns={columns},"
        f" maximum_object_size={MOST_LINE_BYTES})"
    )
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        connection.execute(
            "CREATE TEMP TABLE spans AS SELECT s.traceId, s.spanId, s.parentSpanId, s.name,"
            " s.startTimeUnixNano::BIGINT, s.endTimeUnixNano::BIGINT, s.status.code"
            f"{', s.attributes' if attributes else ''}"
            " FROM (SELECT unnest(g.spans) s FROM (SELECT unnest(r.scopeSpans) g FROM"
            f" (SELECT unnest(resourceSpans) r FROM {source})))"
        )


def arrow(path: Path, *, attributes: bool) -> None:
    """PyArrow's JSON reader to the same columns."""
    text = pa.string()
    fields = [(name, text) for name in ("traceId", "spanId", "parentSpanId", "name")]
    fields += [("startTimeUnixNano", text), ("endTimeUnixNano", text)]
    fields += [("status", pa.struct([("message", text)]))]
    if attributes:
        scalar = pa.struct([("stringValue", text), ("intValue", text), ("boolValue", pa.bool_())])
        fields += [("attributes", pa.list_(pa.struct([("key", text), ("value", scalar)])))]
    nested: pa.DataType = pa.struct(fields)
    for name in ("spans", "scopeSpans", "resourceSpans"):
        nested = pa.struct([(name, pa.list_(nested))])
    table = pj.read_json(
        path,
        read_options=pj.ReadOptions(use_threads=False, block_size=MOST_LINE_BYTES),
        parse_options=pj.ParseOptions(explicit_schema=pa.schema(nested), unexpected_field_behavior="ignore"),
    )
    spans = table["resourceSpans"]
    for name in ("scopeSpans", "spans"):
        spans = pc.struct_field(pc.list_flatten(spans), name)
    spans = pc.list_flatten(spans)
    for index, (name, _) in enumerate(fields):
        column = pc.struct_field(spans, index)
        if name.endswith("Nano"):
            pc.cast(column, pa.int64())


PEERS: dict[str, Reader] = {
    "json.loads": by_line(json.loads),
    "orjson.loads": by_line(orjson.loads),
    "DuckDB read_json": lambda path, _: duck(path, attributes=False),
    "DuckDB read_json, with attributes": lambda path, _: duck(path, attributes=True),
    "PyArrow JSON": lambda path, _: arrow(path, attributes=False),
    "PyArrow JSON, with attributes": lambda path, _: arrow(path, attributes=True),
    "msgspec, nothing kept": by_line(msgspec.json.Decoder(_Nothing).decode),
}
