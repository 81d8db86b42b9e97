"""All spans of a recording, fully decoded, with the columns of `export --to parquet`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tracetui.analysis.study.findings import Findings
from tracetui.fleet.schema import SPANS
from tracetui.fleet.schema.types import arrow_schema
from tracetui.ingest.ingest import Ingest

if TYPE_CHECKING:
    import pyarrow as pa

_DAY_NS = 86_400 * 1_000_000_000


def spans_table(ingest: Ingest, findings: Findings, units: Sequence[str]) -> "pa.Table":
    """Every ended span of a recording; `units` are by source the keys of their loads."""
    import pyarrow as pa

    from tracetui.export.tables.parquet import COLUMNS

    snapshot = findings.written
    rows = [row for row, end in enumerate(snapshot.end_ns.tolist()) if end]
    spans = [ingest.span(snapshot, row) for row in rows]
    columns = {column.name: pa.array(map(column.value, spans), column.type) for column in COLUMNS}
    columns["date"] = pa.array([span.start_ns // _DAY_NS for span in spans], pa.int32()).cast(pa.date32())
    columns["unit"] = pa.array([units[source] for source in snapshot.source_id[rows].tolist()], pa.string())
    schema = arrow_schema(SPANS)
    return pa.table([columns[name] for name in schema.names], schema=schema)
