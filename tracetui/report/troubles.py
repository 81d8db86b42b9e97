"""Everything that is wrong with a recording, by kind: problems of reading, and those the spans show."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui import units
from tracetui.analysis.study.findings import Findings
from tracetui.analysis.time.wrong_units import wrong_units
from tracetui.model.kind import Kind
from tracetui.model.role import Outcome
from tracetui.report.drawing.style import ahead, many
from tracetui.store.health import ABOUT, MOST_EXAMPLES, Trouble
from tracetui.store.snapshot import Snapshot
from tracetui.text import Safe, sanitize

Rows = NDArray[np.intp]

EXCERPT_CELLS = 60

_IN_MICROSECONDS = {
    "microseconds": " (of Jaeger and Zipkin: milliseconds)",
    "milliseconds": " (of Jaeger and Zipkin: seconds)",
}
"""What a unit is where fields are of microseconds, not of nanoseconds."""


class Example(NamedTuple):
    """One place: file (foreign), byte offset and length (0: unknown), why, and the text there.

    `row` is the row of the affected span, or -1.
    """

    file: str
    offset: int
    length: int
    reason: str
    excerpt: Safe
    row: int


class Found(Struct, frozen=True):
    """A kind that occurs: how often, what it is, how it was handled, and the first examples."""

    kind: Kind
    count: int
    said: str
    done: str
    loss: bool
    examples: tuple[Example, ...]


def troubles(findings: Findings) -> tuple[Found, ...]:
    """The kinds that occur, losses first: O(n) for n spans."""
    tallies: dict[Kind, tuple[int, tuple[Example, ...]]] = {}
    for kind, tally in findings.snapshot.health.kinds.items():
        examples = tuple(_told(findings.snapshot, trouble) for trouble in tally.examples)
        tallies[kind] = (tally.count, examples)
    for kind, rows, reason in _spans(findings):
        count, before = tallies.get(kind, (0, ()))
        some = rows[: MOST_EXAMPLES - len(before)]
        more = (_shown(findings.snapshot, int(row), reason) for row in some)
        tallies[kind] = (count + len(rows), (*before, *more))
    tallies[Kind.SKEW] = (len(findings.skews), _skewed(findings))
    return tuple(
        Found(kind, tallies[kind][0], about.said, about.done, about.loss, tallies[kind][1])
        for kind, about in ABOUT.items()
        if kind in tallies and tallies[kind][0]
    )


def every_kind(present: tuple[Found, ...]) -> tuple[Found, ...]:
    """The kinds that occur, then those that do not."""
    there = {trouble.kind for trouble in present}
    absent = (
        Found(kind, 0, about.said, about.done, about.loss, ())
        for kind, about in ABOUT.items()
        if kind not in there
    )
    return (*present, *absent)


def clean_words(number: int) -> Safe:
    """That so many kinds do not occur."""
    return Safe(f"✓ {many(number, 'check')} clean")


def excerpt(data: bytes) -> Safe:
    """The beginning of some bytes, safe to show; bytes that are not text are escaped."""
    return sanitize(data.decode("utf-8", "backslashreplace"), EXCERPT_CELLS)


def _spans(findings: Findings) -> Iterator[tuple[Kind, Rows, str]]:
    """The kinds that follow from the spans, and the rows of each."""
    snapshot, tree = findings.snapshot, findings.tree
    cut_off = snapshot.outcome == Outcome.CUT_OFF
    orphan = (snapshot.parent_row < 0) & (snapshot.parent_key != 0)
    cut = (snapshot.parent_row >= 0) & (tree.parent < 0)
    end_lost = (snapshot.end_ns == 0) & (snapshot.outcome == Outcome.UNKNOWN)
    yield Kind.CUT_OFF, np.flatnonzero(cut_off), "started, never ended"
    yield Kind.END_LOST, np.flatnonzero(end_lost), "ended, outcome unknown"
    yield Kind.ORPHAN, np.flatnonzero(orphan), "its parent is not in the recording"
    if findings.clocks:
        yield Kind.CLOCK, np.flatnonzero(findings.clocks.wrong), "its start or end time is impossible"
    for unit, ns, rows in wrong_units(findings.written):
        then = units.timestamp(int(findings.written.start_ns[rows[0]]) * ns)
        beside = _IN_MICROSECONDS.get(unit, "")
        yield Kind.UNIT, rows, f"its start, read as {unit}{beside}, is {then} UTC"
    yield Kind.CYCLE, np.flatnonzero(cut), "is its own ancestor"


def _skewed(findings: Findings) -> tuple[Example, ...]:
    """Processes whose clock is off, by the first span of each."""
    examples = []
    for row, skew in list(findings.skews.items())[:MOST_EXAMPLES]:
        host = findings.snapshot.resource(row).host
        where = f" (host {sanitize(host)})" if host else ""
        spans = many(skew.spans, "span")
        examples.append(
            _shown(findings.snapshot, row, f"its clock{where} is about {ahead(skew.offset_ns)}; {spans}")
        )
    return tuple(examples)


def _told(snapshot: Snapshot, trouble: Trouble) -> Example:
    row = _row(snapshot, trouble.key) if trouble.key else -1
    shown = sanitize(snapshot.title(row), EXCERPT_CELLS) if row >= 0 else excerpt(trouble.excerpt)
    return Example(trouble.file, trouble.offset, trouble.length, trouble.reason, shown, row)


def _row(snapshot: Snapshot, key: int) -> int:
    """A span with this key; -1 if it is gone."""
    rows = np.flatnonzero(snapshot.key == np.uint64(key))
    return int(rows[0]) if len(rows) else -1


def _shown(snapshot: Snapshot, row: int, reason: str) -> Example:
    return Example(
        snapshot.sources[snapshot.origin(row).source],
        int(snapshot.offset[row]),
        int(snapshot.length[row]),
        reason,
        sanitize(snapshot.title(row), EXCERPT_CELLS),
        row,
    )
