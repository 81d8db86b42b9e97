"""The columns of `test_facts` and of spans.

A new column goes to the end of its relation. Files that were written before it existed read as if it were
empty: an empty text, 0, or null if the column is optional.
"""

from enum import Enum
from typing import NamedTuple


class Kind(Enum):
    """What a column holds; the engines' types for it are in `types`."""

    TIME = "time"
    DATE = "date"
    TEXT = "text"
    INTEGER = "integer"
    REAL = "real"
    TEXTS = "texts"
    TIMES = "times"
    INTEGERS = "integers"
    MAP = "map"
    MAPS = "maps"


class Column(NamedTuple):
    """One column. If `optional`, null means unknown; else it is never null.

    If it has `few` distinct texts, engines store it as numbers.
    """

    name: str
    kind: Kind
    optional: bool = False
    few: bool = False

    @property
    def nothing(self) -> str | int | None:
        """The value that means unknown."""
        return None if self.optional else _NOTHING.get(self.kind)


_NOTHING: dict[Kind, str | int] = {Kind.TEXT: "", Kind.INTEGER: 0}


def _texts(*names: str, few: bool = True) -> tuple[Column, ...]:
    return tuple(Column(name, Kind.TEXT, few=few) for name in names)


def _integers(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, Kind.INTEGER) for name in names)


TIMES_OF_FACTS = ("own_ns", "total_ns", "setup_ns", "teardown_ns", "hook_ns", "archive_ns")
"""What a test, hook, fixture or archiver took, in ns, by the rules of `analysis`."""

FACTS = (
    Column("ts", Kind.TIME),
    Column("start_ns", Kind.INTEGER),
    Column("date", Kind.DATE),
    *_texts("trace", "span", "parent", few=False),
    *_texts("role"),
    *_texts("run", few=False),
    Column("attempt", Kind.INTEGER),
    *_texts("repository", "branch", "revision", "pipeline", "task", "variant", "request"),
    *_texts("runner", "image", "worker", "suite", "test", "file", "owner", "hook", "outcome"),
    *_integers(*TIMES_OF_FACTS),
    Column("cpu_ns", Kind.INTEGER, optional=True),
    Column("reruns", Kind.INTEGER),
    Column("cores", Kind.REAL, optional=True),
    Column("jobs", Kind.REAL, optional=True),
    Column("app_spans", Kind.INTEGER),
    *_texts("source", "unit"),
)
"""One row for each attempt at a test, hook, fixture, archiver and suite of every run.

`ts` is the start in microseconds, UTC, and `date` its day, by which stores are partitioned. `run` and
`attempt` are those of the pipeline, else `run` is a key that stays the same. `jobs` is how many workers
shared the `cores` of the machine. `reruns` counts the attempts before this one, `app_spans` the spans of the
application below it. `source` is the recording it came from, `unit` the key of the load that brought it.
"""

SPANS = (
    Column("Timestamp", Kind.TIME),
    Column("StartTimeUnixNano", Kind.INTEGER),
    Column("date", Kind.DATE),
    *_texts("TraceId", "SpanId", "ParentSpanId", "TraceState", few=False),
    *_texts("SpanName", "SpanKind", "ServiceName"),
    Column("ResourceAttributes", Kind.MAP),
    *_texts("ScopeName", "ScopeVersion"),
    Column("SpanAttributes", Kind.MAP),
    Column("Duration", Kind.INTEGER),
    *_texts("StatusCode"),
    *_texts("StatusMessage", few=False),
    Column("Events.Timestamp", Kind.TIMES),
    Column("Events.TimeUnixNano", Kind.INTEGERS),
    Column("Events.Name", Kind.TEXTS),
    Column("Events.Attributes", Kind.MAPS),
    *(Column(f"Links.{name}", Kind.TEXTS) for name in ("TraceId", "SpanId", "TraceState")),
    Column("Links.Attributes", Kind.MAPS),
    *_texts("unit"),
)
"""One row for each span: the columns of `export --to parquet` (see `export.tables.parquet`), which are those
of the OpenTelemetry Collector's ClickHouse exporter, and the day and the load unit beside them.
"""

SPANS_OF_TESTS = (
    Column("ts", Kind.TIME),
    Column("start_ns", Kind.INTEGER),
    Column("date", Kind.DATE),
    *_texts("trace", "span", "parent", few=False),
    *_texts("role", "title", "outcome", "worker"),
    *_integers("total_ns", "billed_ns", "workers"),
    *_integers("is_wrapper", "is_own", "is_again", "is_setup", "is_teardown"),
    Column("cpu_ns", Kind.INTEGER, optional=True),
    *_texts("run", few=False),
    Column("attempt", Kind.INTEGER),
    *_texts("repository", "branch", "revision", "pipeline", "task", "variant", "request"),
    *_texts("runner", "image", "owner"),
    Column("cores", Kind.REAL, optional=True),
)
"""One row for each span of a Collector's table that has a role in a test run: see `facts.roles`."""

ROLES = ("test", "hook", "fixture", "archiver", "suite")
OUTCOMES = ("passed", "failed", "error", "skipped", "xfailed", "xpassed", "cut_off", "unknown")
"""What `role` and `outcome` of a fact can say."""
