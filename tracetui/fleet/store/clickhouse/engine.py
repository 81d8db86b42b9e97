"""A connection to ClickHouse, on a server or in this process, and the Collector's table in the common
form.
"""

import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from tracetui.errors import InputError
from tracetui.fleet.store.address import Address

if TYPE_CHECKING:
    import ibis

SETTINGS = {"join_use_nulls": 1, "final": 1}
"""As all other engines do it; and of rows that came twice, one."""
COLLECTOR, SPANS, LOADED, VIEW = "otel_traces", "test_spans", "loaded_facts", "test_facts"
"""The Collector's table; what is materialised of it; what `ingest` loads; and the facts in both."""
COLUMNS = (
    *("TraceId", "SpanId", "ParentSpanId", "SpanName", "ScopeName"),
    *("ResourceAttributes", "SpanAttributes", "StatusCode"),
)
"""Never all columns: newer exporters have some that are computed for each row that is read."""


def connect(where: Address) -> Any:
    """An Ibis backend."""
    import ibis

    logging.getLogger("clickhouse_connect").setLevel(logging.ERROR)
    parts = where.parts
    if where.engine == "chdb":
        arguments: dict[str, Any] = {"interface": "chdb", "path": where.path, "database": None}
    else:
        secure = parse_qs(parts.query).get("secure", ["0"])[-1] not in ("0", "false", "no")
        arguments = {
            "host": parts.hostname or "localhost",
            "port": parts.port or (8443 if secure else 8123),
            "user": parts.username or "default",
            "password": parts.password or "",
            "database": parts.path.strip("/") or "default",
            "secure": secure,
        }
    return ibis.clickhouse.connect(**arguments, settings=SETTINGS)


def tables(con: Any) -> set[str]:
    """The names of its tables and views."""
    return set(con.list_tables())


def collected_spans(collected: "ibis.Table") -> "ibis.Table":
    """The Collector's table, with the columns of `schema.SPANS` that facts are made from."""
    import ibis

    signature = (("timestamp(9)",), "int64")
    nanoseconds = ibis.udf.scalar.builtin(_nanoseconds, name="toUnixTimestamp64Nano", signature=signature)
    kind = collected.SpanAttributes.type()
    if not kind.is_map():
        raise InputError(
            f"{COLLECTOR}: attributes of type {kind} are not read; set `json: false` in the exporter"
        )
    time = collected.Timestamp.cast("timestamp('UTC', 9)")  # The server may have a time zone of its own.
    return collected.select(
        *COLUMNS,
        Timestamp=time,
        StartTimeUnixNano=nanoseconds(collected.Timestamp).cast("int64"),
        date=time.date(),
        Duration=collected.Duration.cast("int64"),
    )


def _nanoseconds(time: Any) -> Any:
    """A function that Ibis lacks."""
