"""Lines that hold one span each, in envelopes that are the same on thousands of lines."""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from tracetui.formats.bulk.gather import Literal, Places, rounded, windows
from tracetui.formats.bulk.many import LEAST
from tracetui.formats.bulk.shape import MOST_LITERAL, address
from tracetui.formats.columns import odd_around
from tracetui.formats.otlp.wire import WireDocument

_MOST_KNOWN = 32
_LESSONS_A_BLOCK = 4
_LINE_END = ord("\n")
_document = msgspec.json.Decoder(WireDocument)


class Envelope(NamedTuple):
    """The bytes around a span on its line, and the raw resource and scope in them."""

    before: bytes
    behind: bytes
    resource: bytes
    scope: bytes


class Run(NamedTuple):
    """Whole lines without a gap, each in a known envelope: `begin` and `end` (without its line end)."""

    begin: Places
    end: Places
    envelope: NDArray[np.intp]

    def part(self, begin: int, end: int) -> "Run":
        """Some of the lines."""
        return Run(*(column[begin:end] for column in self))

    def of(self, envelope: int) -> "Run":
        """The lines in one envelope."""
        chosen = self.envelope == envelope
        return Run(*(column[chosen] for column in self))


class Envelopes:
    """The envelopes of one source."""

    def __init__(self) -> None:
        self.known: list[Envelope] = []

    def runs(self, text: bytes, first: int, last: int) -> Iterator[Run]:
        """The stretches of at least `LEAST` lines that are in known envelopes, in a part of `text`."""
        if not _has_many(text, first, last):
            return
        end = first + np.flatnonzero(np.frombuffer(text, np.uint8)[first:last] == _LINE_END)
        begin = np.concatenate([[first], end[:-1] + 1])
        envelope = np.full(len(end), -1)
        for number in range(len(self.known)):
            self._match(number, text, begin, end, envelope)
        self._learn(text, begin, end, envelope)
        edges = np.flatnonzero(np.diff(np.concatenate([[False], envelope >= 0, [False]]).astype(np.int8)))
        for one, other in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            if other - one >= LEAST:
                yield Run(begin, end, envelope).part(one, other)

    def _learn(self, text: bytes, begin: Places, end: Places, envelope: NDArray[np.intp]) -> None:
        unlike = np.flatnonzero(envelope < 0)
        for _ in range(_LESSONS_A_BLOCK):
            if len(unlike) < LEAST or len(self.known) >= _MOST_KNOWN:
                return
            teacher, unlike = int(unlike[0]), unlike[1:]
            learned = learn(text[int(begin[teacher]) : int(end[teacher])])
            if learned:
                self.known.append(learned)
                self._match(len(self.known) - 1, text, begin, end, envelope)
                unlike = np.flatnonzero(envelope < 0)

    def _match(
        self, number: int, text: bytes, begin: Places, end: Places, envelope: NDArray[np.intp]
    ) -> None:
        """Numbers the lines that are in an envelope."""
        before, behind, _, _ = self.known[number]
        front, back = rounded(len(before)), rounded(len(behind))
        rows = np.flatnonzero((envelope < 0) & (end - begin > front + back))
        starts = windows(text, begin[rows], front)
        ends = windows(text, end[rows] - back, back)
        first, last = (
            Literal.of(before, front),
            Literal.of(behind.rjust(back), back, ((0, back - len(behind)),)),
        )
        fits = ((starts & first.mask) == first.content).all(axis=1)
        fits &= ((ends & last.mask) == last.content).all(axis=1)
        envelope[rows[fits]] = number


def _has_many(text: bytes, first: int, last: int) -> bool:
    """Whether at least `LEAST` lines end in a part of `text`; searching is many times as fast as counting."""
    for _ in range(LEAST):
        first = text.find(b"\n", first, last) + 1
        if not first:
            return False
    return True


def learn(line: bytes) -> Envelope | None:
    """The envelope of a line that holds one span and nothing else; None for any other."""
    try:
        document = _document.decode(line)
    except (ValueError, RecursionError):
        return None
    groups = document.resource_spans or ()
    scoped = [scoped for group in groups for scoped in group.scope_spans or ()]
    if len(groups) != 1 or len(scoped) != 1 or len(scoped[0].spans or ()) != 1:
        return None
    if document.resource_logs is not None or not scoped[0].spans:
        return None
    (span,) = scoped[0].spans
    at = address(span) - address(line)
    if not 0 < at <= MOST_LITERAL or len(line) - at > 64 * MOST_LITERAL:
        return None
    resource = bytes(groups[0].resource)
    scope = bytes(scoped[0].scope) or bytes(scoped[0].instrumentation_library)
    if odd_around(resource, scope):
        return None
    return Envelope(line[:at], line[at + len(memoryview(span)) :], resource, scope)
