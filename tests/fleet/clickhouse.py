"""ClickHouse in this process, and the table of a Collector in it: filled as its exporter fills it."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

TABLE = """
CREATE TABLE otel_traces (
  Timestamp DateTime64(9{zone}), TraceId String, SpanId String, ParentSpanId String, TraceState String,
  SpanName LowCardinality(String), SpanKind LowCardinality(String), ServiceName LowCardinality(String),
  ResourceAttributes Map(LowCardinality(String), String), ScopeName String, ScopeVersion String,
  SpanAttributes Map(LowCardinality(String), String), {duration},
  StatusCode LowCardinality(String), StatusMessage String,
  Events Nested (Timestamp DateTime64(9), Name LowCardinality(String),
                 Attributes Map(LowCardinality(String), String)),
  Links Nested (TraceId String, SpanId String, TraceState String,
                Attributes Map(LowCardinality(String), String))
  {computed}
) ENGINE = MergeTree PARTITION BY toDate(Timestamp)
PRIMARY KEY (ServiceName, SpanName, toDateTime(Timestamp))
ORDER BY (ServiceName, SpanName, toDateTime(Timestamp), Timestamp)
"""
"""The columns of the exporter's table; those that it computes are `NEWER`."""
NEWER = (
    ", SpanAttributeItems Array(String) "
    "ALIAS arrayMap(k -> k || toString(throwIf(1)), mapKeys(SpanAttributes))"
)
COLUMNS = (
    *("TraceId", "SpanId", "ParentSpanId", "TraceState", "SpanName", "SpanKind", "ServiceName"),
    *("ResourceAttributes", "ScopeName", "ScopeVersion", "SpanAttributes", "StatusCode", "StatusMessage"),
)


def create(client: Any, *, is_old: bool = False, zone: str = "") -> None:
    """An empty table, as newer exporters make it or older ones; of a server in another time `zone`."""
    duration = "Duration Int64" if is_old else "Duration UInt64"
    computed, zoned = "" if is_old else NEWER, f", '{zone}'" if zone else ""
    client.command(TABLE.format(duration=duration, computed=computed, zone=zoned))


def collect(client: Any, spans: pa.Table, *, is_old: bool = False) -> None:
    """Inserts spans of a store, spelled as newer exporters do or older ones."""
    rows = spans.select(COLUMNS)
    if is_old:
        codes = pc.binary_join_element_wise("STATUS_CODE", pc.utf8_upper(spans["StatusCode"]), "_")
        rows = rows.set_column(rows.column_names.index("StatusCode"), "StatusCode", codes)
    duration = spans["Duration"] if is_old else spans["Duration"].cast(pa.uint64(), safe=False)
    start = spans["StartTimeUnixNano"].cast(pa.timestamp("ns", "UTC"))
    client.insert_arrow(
        "otel_traces", rows.append_column("Duration", duration).append_column("Timestamp", start)
    )


def url(directory: Path) -> str:
    """The store in a directory."""
    return f"chdb://{directory}"
