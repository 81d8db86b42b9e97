"""The spans of texts that the kernel scans, as columns; those that it is not sure of, by themselves."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.formats.framing.lines import Line
from tracetui.formats.scanned.counters import Counters
from tracetui.formats.scanned.known import Counted, Known
from tracetui.formats.scanned.lookahead import FIRST_BYTES, Lookahead
from tracetui.formats.scanned.spelling import JSON, Spelling
from tracetui.formats.verdicts import UNREADABLE
from tracetui.kernel.scan import Scan, Shape
from tracetui.model.columns import SpanColumns
from tracetui.model.numbers.processor_time import packed_all
from tracetui.model.role import Outcome

LEAST_BYTES = 16 * 1024
"""Less text is decoded as fast one by one."""

_LINE_END = ord("\n")


class Left(NamedTuple):
    """A span that only other means can decode, what is around it, and its place in its source."""

    span: bytes
    resource: bytes
    scope: bytes
    where: tuple[int, int]


class Run(NamedTuple):
    """Whole lines without a gap, all of which were read: places in their text."""

    begin: int
    end: int
    spans: NDArray[Any]
    known: Known
    ends: NDArray[np.int64]
    first_spans: NDArray[np.int64]

    @property
    def first_end(self) -> int:
        """Where the first line ends."""
        return int(self.ends[0])

    def without_first(self) -> "Run":
        """All but the first line."""
        spans = int(self.first_spans[1] - self.first_spans[0]) if len(self.ends) > 1 else len(self.spans)
        return self._replace(
            begin=int(self.ends[0]),
            spans=self.spans[spans:],
            ends=self.ends[1:],
            first_spans=self.first_spans[1:],
        )


class Scanned:
    """The native path of one source; it reads nothing without `counters`, which others may share."""

    def __init__(self, counters: Counters | None, spelling: Spelling = JSON) -> None:
        self._counters = counters
        self._spelling = spelling
        self._lookahead: Lookahead | None = None
        self._tail: bytes | None = b""
        self._fed = 0
        self._lines: Line | None = None
        if counters:
            counters.begin_source()

    def ahead(self, text: bytes) -> None:
        """Begin to scan a block that will be fed soon, after those that were announced before.

        May be called in another thread than everything else, but never before the last block that was not
        announced has been fed.
        """
        if self._counters and not self._lookahead:
            # What was learned so far is of use there; what is not scanned ahead has a scanner by itself then.
            counters, most = self._counters.lend(self._spelling), self._counters.most_ahead
            self._lookahead = Lookahead(counters, self._counters.block, most, LEAST_BYTES, self._tail)
            self._tail = None
        if self._lookahead:
            self._lookahead.begin(text)

    def fed(self, text: bytes) -> None:
        """Note that all of a block was fed."""
        if not self._lookahead:
            self._tail = self._tail_after(text)
        self._fed += 1
        self._lines = None
        if self._counters:
            self._counters.block += 1
        if self._lookahead:
            self._lookahead.end(text)

    def _tail_after(self, text: bytes) -> bytes | None:
        """The line that has not ended yet, for who scans ahead from here on; None if it is not known."""
        end = text.rfind(b"\n") + 1
        return text[end:] if end or not self._fed else None

    def finish(self) -> None:
        """Note that nothing more will be fed: what was learned ahead is of use to the next source."""
        if self._counters and self._lookahead and self._lookahead.is_done:
            self._counters.take_back(self._lookahead.counters)
        self._lookahead = None

    def runs(self, lines: Line) -> Iterator[Run]:
        """The stretches of lines that were read, in order."""
        self._lines = lines
        ahead = self._lookahead.take(lines) if self._lookahead else None
        if ahead:
            yield from _runs(*ahead, lines.begin)
            return
        begin = lines.begin
        while begin < lines.end:
            end = self._piece_end(lines, begin)
            scanned = self._scan(lines.text, begin, end)
            if scanned:
                yield from _runs(*scanned, begin)
            begin = end

    def whole(self, text: bytes, begin: int, end: int, shape: Shape = Shape.DOCUMENT) -> Run | None:
        """A part of a text as one document, whatever its line ends, or message; None if it was not read."""
        if shape is Shape.DOCUMENT and self._lines and _is_line(self._lines, text, begin, end):
            return None  # It was scanned as such, and not read.
        scanned = self._scan(text, begin, end, shape)
        if not scanned or not _read(*scanned).all():
            return None
        return _run(*scanned, begin, 0, 1)

    def _piece_end(self, lines: Line, begin: int) -> int:
        """Where to end a scan: before anything is known every span is decided about by itself."""
        end = begin + FIRST_BYTES
        is_first = self._counters and not self._counters.has(self._spelling)
        if not is_first or end + LEAST_BYTES >= lines.end:
            return lines.end
        return lines.text.find(b"\n", end, lines.end) + 1 or lines.end

    def _scan(self, text: bytes, begin: int, end: int, shape: Shape = Shape.LINES) -> Counted | None:
        if not self._counters or end - begin < LEAST_BYTES:
            return None
        counter, block = self._counters.here(self._spelling), self._counters.block
        scan = counter.scanner.scan(text, begin, end, shape, block)
        return counter.counted(scan, block + self._counters.most_ahead + 1 if self._fed else block)


def _is_line(lines: Line, text: bytes, begin: int, end: int) -> bool:
    """Whether a part of a text is one of these lines, with or without its end."""
    if text is not lines.text or not lines.begin <= begin < end <= lines.end:
        return False
    begins_line = begin == lines.begin or text[begin - 1] == _LINE_END
    return begins_line and text.find(b"\n", begin, lines.end) + 1 in (end, end + 1)


def _read(scan: Scan, known: Known) -> NDArray[np.bool_]:
    """Which lines were read, and have nothing odd around their spans, of which each is to be told."""
    read: NDArray[np.bool_] = scan.lines["was_read"] != 0
    if known.odd_blobs:
        odd = np.fromiter(known.odd_blobs, np.int32)
        rows = np.flatnonzero(np.isin(scan.spans["resource"], odd) | np.isin(scan.spans["scope"], odd))
        read[np.searchsorted(scan.lines["first_span"], rows, side="right") - 1] = False
    return read


def _runs(scan: Scan, known: Known, begin: int) -> Iterator[Run]:
    """The stretches of lines that were read of a scan that began there."""
    read = np.concatenate([[False], _read(scan, known), [False]]).astype(np.int8)
    edges = np.flatnonzero(np.diff(read)).tolist()
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        yield _run(scan, known, begin, first, last)


def _run(scan: Scan, known: Known, begin: int, first: int, last: int) -> Run:
    """The lines from `first` to before `last`; `begin` is where the scan began."""
    begin = int(scan.lines["end"][first - 1]) if first else begin
    firsts = scan.lines["first_span"]
    spans = scan.spans[firsts[first] : firsts[last] if last < len(firsts) else None]
    ends = scan.lines["end"][first:last]
    return Run(begin, int(ends[-1]), spans, known, ends, firsts[first:last])


def decoded(run: Run, text: bytes, offset: int) -> tuple[list[SpanColumns], list[Left]]:
    """The spans of a run in a text, which starts at `offset` of its source, and those left out."""
    spans, known = run.spans, run.known
    verdict = np.where(
        spans["clue"] < 0, UNREADABLE, known.verdict[spans["clue"]] if len(known.verdict) else 0
    )
    left = [_left(row, known, text, offset) for row in spans[verdict == UNREADABLE]]
    if left:
        spans, verdict = spans[verdict != UNREADABLE], verdict[verdict != UNREADABLE]
    return ([_columns(spans, verdict, known, offset)] if len(spans) else []), left


def _left(row: Any, known: Known, text: bytes, offset: int) -> Left:
    at, length = int(row["offset"]), int(row["length"])
    around = known.blobs[int(row["resource"])], known.blobs[int(row["scope"])]
    return Left(text[at : at + length], *around, (offset + at, length))


def _columns(spans: NDArray[Any], verdict: NDArray[np.int64], known: Known, offset: int) -> SpanColumns:
    columns = known.verdicts.columns(verdict)
    end_ns = spans["end_ns"].copy()
    columns["outcome"][end_ns == 0] = Outcome.RUNNING
    plain = ("start_ns", "length", "status", "span_id", "parent_id", "resource", "scope", "place")
    return SpanColumns(
        **columns,
        **{name: spans[name].copy() for name in plain},
        end_ns=end_ns,
        offset=spans["offset"] + offset,
        cpu=packed_all(spans["cpu_ns"]),
        trace=known.trace[spans["trace"]],
        traces=known.traces,
        texts=known.texts,
        blobs=known.blobs,
        opaque={},
    )
