"""Spans as parallel arrays: what formats make of bytes, and what the store takes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracetui.model.interned import Interned

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Bytes = NDArray[np.uint8]


@dataclass(frozen=True, eq=False, slots=True)
class SpanColumns:
    """Spans of one source as arrays of one length; times in ns since the epoch, 0 for no end.

    `trace` indexes `traces`; `name`, `title` and `worker` index `texts`; `resource` and `scope` (raw JSON)
    index `blobs`; the tables of strings may go on growing. Ids are numbers, a `parent_id` of 0 is none;
    `opaque` has the text of ids that were none. `parent_trace` indexes `traces` where some spans have their
    parent in another trace; None where all have it in their own, `half` where none is half of a call. `role`,
    `status`, `outcome` and `half` hold the enums of `model.role`. `offset` and `length` find a span's bytes.
    With `again`, the source has told of some of them before, and knows more by now: they are no duplicates.
    """

    start_ns: Int64s
    end_ns: Int64s
    trace: Int32s
    span_id: NDArray[np.uint64]
    parent_id: NDArray[np.uint64]
    name: Int32s
    title: Int32s
    worker: Int32s
    role: Bytes
    status: Bytes
    outcome: Bytes
    own: NDArray[np.bool_]
    billed_ns: Int64s
    resource: Int32s
    scope: Int32s
    offset: Int64s
    length: Int32s

    traces: Interned[str]
    texts: Interned[str]
    blobs: Sequence[bytes]
    opaque: Mapping[int, str]
    parent_trace: Int32s | None = None
    half: Bytes | None = None
    again: bool | Bytes = False

    def __len__(self) -> int:
        return len(self.start_ns)
