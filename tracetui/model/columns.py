"""The columns of spans, each declared once: the facts about one span, and arrays of many.

A new column that rules fill is a field of `Facts` and a field of `SharedColumns`; formats, the store, saved
tables and snapshots follow. A measurement, which differs for every span, is no field of `Facts`: rules judge
equal spans once for all.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, get_args, get_type_hints

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from tracetui.model.interned import Interned
from tracetui.model.resource_facts import NOTHING_TOLD, ResourceFacts
from tracetui.model.role import HookKind, Outcome, Role

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Bytes = NDArray[np.uint8]


class Facts(NamedTuple):
    """What the rules found: role, outcome once finished, and names.

    `title` is a test's or suite's name, else the span's name. `worker` is the lane, empty if nothing names
    it. `own` says whether the span's duration counts as its test's own time: not that of hooks, except
    function-scoped fixtures, and not that of a wrapper around the test proper and its hooks. `billed_ns` is
    how much of a phase, in ns, is billed to spans elsewhere (fixtures of a wider scope). `hook_kind` tells
    fixtures and the collection from hooks of the project. `expected` is how many tests a suite said it would
    run, `workers` on how many; 0 if it did not say. `job` is what the span of a suite or worker itself says
    beside these. A test that `timed_out` would have taken longer. `group` is the number of its `xdist_group`,
    0 for none.
    """

    role: Role
    outcome: Outcome
    title: str
    worker: str
    own: bool = True
    billed_ns: int = 0
    hook_kind: HookKind = HookKind.PROJECT
    expected: int = 0
    workers: int = 0
    job: ResourceFacts = NOTHING_TOLD
    timed_out: bool = False
    group: int = 0


class SharedColumns(Struct, frozen=True, eq=False):
    """Arrays of one length that go unchanged from a format to the screen; times in ns since the epoch.

    `end_ns` is 0 for no end. `role`, `status`, `outcome` and `hook_kind` hold the enums of `model.role`;
    `own` and `billed_ns` say what counts as a test's own time, `timed_out` that it was cut short, `group`
    with which other tests it goes (see `Facts`). `offset` and `length` find a span's bytes in its source.
    `cpu` is its processor time, as `model.numbers.processor_time` packs it, `place` a test's place in the
    order of collection, from 1 (`model.numbers.collected`).
    """

    start_ns: Int64s
    end_ns: Int64s
    offset: Int64s
    length: Int32s
    role: Bytes
    status: Bytes
    outcome: Bytes
    own: NDArray[np.bool_]
    billed_ns: Int64s
    hook_kind: Bytes
    timed_out: NDArray[np.bool_]
    group: Int32s
    cpu: NDArray[np.float32]
    place: Int32s

    def __len__(self) -> int:
        return len(self.start_ns)


class SpanColumns(SharedColumns, frozen=True, eq=False):
    """Spans of one source, as formats decode them.

    `trace` indexes `traces`; `name`, `title` and `worker` index `texts`; `resource` and `scope` (raw JSON)
    index `blobs`; these tables may go on growing. Ids are numbers, a `parent_id` of 0 means none; `opaque`
    has the text of invalid ids. `parent_trace` indexes `traces`, None if all parents are in their children's
    traces; `half` holds an enum of `model.role`, None if no span is half of a call. With `again`, the source
    held some of these spans before, and knows more by now: they are no duplicates.
    """

    trace: Int32s
    span_id: NDArray[np.uint64]
    parent_id: NDArray[np.uint64]
    name: Int32s
    title: Int32s
    worker: Int32s
    resource: Int32s
    scope: Int32s

    traces: Interned[str]
    texts: Interned[str]
    blobs: Sequence[bytes]
    opaque: Mapping[int, str]
    parent_trace: Int32s | None = None
    half: Bytes | None = None
    again: bool | Bytes = False

    def goes_with(self, other: "SpanColumns") -> bool:
        """Whether both number the same things, and are of plain spans."""
        same = self.texts is other.texts and self.traces is other.traces and self.blobs is other.blobs
        return same and self.is_plain and other.is_plain

    @property
    def is_plain(self) -> bool:
        """Whether nothing is known beside the columns that all spans have."""
        told = self.parent_trace is not None or self.half is not None or self.again is not False
        return not (told or self.opaque)


def joined(parts: Sequence[SpanColumns]) -> list[SpanColumns]:
    """The same spans in fewer parts: neighbours that go with each other are one."""
    whole: list[list[SpanColumns]] = []
    for part in parts:
        if whole and whole[-1][-1].goes_with(part):
            whole[-1].append(part)
        else:
            whole.append([part])
    return [_one(some) if len(some) > 1 else some[0] for some in whole]


def _one(parts: Sequence[SpanColumns]) -> SpanColumns:
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in _EVERY}
    return replace(parts[0], **columns)


class StoredColumns(SharedColumns, frozen=True, eq=False):
    """Spans of a recording, as the store keeps and shows them, one row per span in order of arrival.

    `parent_row` is the row of the parent, -1 for none or not seen (`parent_key` 0 tells the two apart), and
    there may be cycles, which `analysis.tree` cuts. Columns ending in `_id` and `trace_index` index tables of
    strings. `origin_id` is a span's source, resource and scope.
    """

    key: NDArray[np.uint64]
    parent_key: NDArray[np.uint64]
    trace_index: Int32s
    parent_row: Int32s
    name_id: Int32s
    title_id: Int32s
    worker_id: Int32s
    origin_id: Int32s


def _dtypes(arrays: type) -> Mapping[str, Any]:
    """The numpy type of each column."""
    return {name: get_args(get_args(hint)[1])[0] for name, hint in get_type_hints(arrays).items()}


SHARED = _dtypes(SharedColumns)
STORED = _dtypes(StoredColumns)
"""What each column holds in numpy."""
_EVERY = (*SHARED, "trace", "span_id", "parent_id", "name", "title", "worker", "resource", "scope")
TEXTS = ("name_id", "title_id", "worker_id")
"""Those that index a recording's texts."""
JUDGED = tuple(name for name in Facts._fields if name in SHARED)
"""The columns that rules fill with something other than text."""
MEASURED = ("cpu", "place")
"""Those beside places in time that are read from attributes."""
