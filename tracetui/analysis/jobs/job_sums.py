"""Sums over the spans of jobs, span by span: new spans can be added, and removed ones subtracted."""

from typing import Any, NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.analysis.tree.tree import Rows
from tracetui.model.role import Outcome, Role
from tracetui.store.snapshot import Snapshot

Counts = NDArray[np.int64]

KINDS = len(Outcome)
_ORIGIN_BITS = np.int64(32)


class Sums(Struct, frozen=True, eq=False):
    """By job: `outcomes` counts tests and `seen` all spans that count, a column per `Outcome`.

    `bytes` is the size of its spans in their files. `parts` (ascending) are the pairs of a job and an origin
    that occur (see `job_of_parts`), `part_spans` is how many spans each pair has.
    """

    outcomes: Counts
    seen: Counts
    spans: Counts
    bytes: Counts
    parts: Counts
    part_spans: Counts

    @property
    def job_of_parts(self) -> Counts:
        """By pair its job."""
        return self.parts >> _ORIGIN_BITS

    @property
    def origin_of_parts(self) -> Counts:
        """By pair its origin."""
        return self.parts & ((1 << 32) - 1)


class Spans(NamedTuple):
    """Spans to be summed: each one's job and origin, its role and outcome, and whether it is below a test or
    hook.
    """

    of: Rows
    origin_id: Rows
    role: NDArray[np.uint8]
    outcome: NDArray[np.uint8]
    length: Rows
    nested: NDArray[np.bool_] | None

    def sums(self, count: int) -> Sums:
        """Their sums for each of `count` jobs: O(n)."""
        parts, part_spans = _pairs(self.of, self.origin_id, count)
        return Sums(
            outcomes=outcomes_of(self.of, self.outcome, self.role == Role.TEST, count),
            seen=outcomes_of(self.of, self.outcome, None if self.nested is None else ~self.nested, count),
            spans=np.bincount(self.of, minlength=count),
            bytes=np.bincount(self.of, self.length, count).astype(np.int64),
            parts=parts,
            part_spans=part_spans,
        )


def spans_of(
    snapshot: Snapshot, of: Rows, nested: NDArray[np.bool_] | None, rows: NDArray[Any] | slice = slice(None)
) -> Spans:
    """`rows` of a snapshot; `of` and `nested` are by row of all."""
    return Spans(
        of[rows],
        snapshot.origin_id[rows],
        snapshot.role[rows],
        snapshot.outcome[rows],
        snapshot.length[rows],
        None if nested is None else nested[rows],
    )


def changed(sums: Sums, more: Sums, less: Sums) -> Sums:
    """The sums with `more` spans, and without `less`, which were among them."""
    parts = np.concatenate((sums.parts, more.parts, less.parts))
    order = np.argsort(parts, kind="stable")
    spans = np.concatenate((sums.part_spans, more.part_spans, -less.part_spans))[order]
    firsts = np.flatnonzero(np.diff(parts[order], prepend=-1))
    spans = np.add.reduceat(spans, firsts) if len(firsts) else spans
    added = {
        name: getattr(sums, name) + getattr(more, name) - getattr(less, name)
        for name in ("outcomes", "seen", "spans", "bytes")
    }
    return Sums(**added, parts=parts[order][firsts][spans > 0], part_spans=spans[spans > 0])


def renumbered(sums: Sums, number: Rows, count: int) -> Sums:
    """The sums of `count` jobs, of which those that are there have this `number` now; others have none."""
    added = {}
    for name in ("outcomes", "seen", "spans", "bytes"):
        values = getattr(sums, name)
        added[name] = np.zeros((count, *values.shape[1:]), values.dtype)
        added[name][number] = values
    parts = (number[sums.job_of_parts].astype(np.int64) << _ORIGIN_BITS) | sums.origin_of_parts
    order = np.argsort(parts)
    return Sums(**added, parts=parts[order], part_spans=sums.part_spans[order])


def columns_of(sums: Sums) -> dict[str, Any]:
    """The columns by name."""
    return {name: getattr(sums, name) for name in Sums.__struct_fields__}


def outcomes_of(of: Rows, outcome: NDArray[np.uint8], which: NDArray[Any] | None, count: int) -> Counts:
    """By job, how many have each `Outcome`: over all rows, or over those that a mask or positions select."""
    if which is not None:
        of, outcome = of[which], outcome[which]
    pairs = outcome if count == 1 else of.astype(np.int64) * KINDS + outcome
    return np.bincount(pairs, minlength=count * KINDS).reshape(count, KINDS)


def _pairs(of: Rows, origin_id: Rows, count: int) -> tuple[Counts, Counts]:
    """The pairs that occur, ascending, and how often each does."""
    origins = int(origin_id.max(initial=-1)) + 1
    if count * origins <= len(of):
        often = np.bincount(of.astype(np.int64) * origins + origin_id, minlength=count * origins)
        known = np.flatnonzero(often)
        return (known // max(origins, 1) << _ORIGIN_BITS) | known % max(origins, 1), often[known]
    pairs, often = np.unique((of.astype(np.int64) << _ORIGIN_BITS) | origin_id, return_counts=True)
    return pairs, often
