"""OTLP/JSON in bulk: lists of spans in a document, and lines of one span each."""

from collections.abc import Iterator, Sequence
from itertools import accumulate, chain
from typing import NamedTuple

import msgspec
import numpy as np
from msgspec import Raw

from tracetui.formats.bulk.envelopes import Envelope, Envelopes, Run
from tracetui.formats.bulk.gather import Places
from tracetui.formats.bulk.many import LEAST, PADDING, Many
from tracetui.formats.bulk.shape import address
from tracetui.model.columns import SpanColumns

_raws = msgspec.json.Decoder(list[Raw])

_MOST_WAITING = 8 << 20
Around = tuple[bytes, bytes]
"""A raw resource and a raw scope."""


class Left(NamedTuple):
    """A span that was left out, what is around it, and its place in its source."""

    span: Raw
    around: Around
    where: tuple[int, int]


class BrokenError(Exception):
    """A line is not one span in its envelope."""


class _Waiting(NamedTuple):
    """Spans of a text, in order, and their places in their source."""

    around: Around
    text: bytes
    spans: Sequence[Raw]
    begin: Places
    length: Places
    offset: Places

    @property
    def end(self) -> int:
        """Where the last one ends."""
        return int(self.begin[-1] + self.length[-1])

    @property
    def extent(self) -> int:
        """Bytes from the first one to there."""
        return self.end - int(self.begin[0])


class Bulk:
    """The fast path of one source: gathers spans, of which `flush` decodes as many as it can."""

    def __init__(self) -> None:
        self._many = Many()
        self._envelopes = Envelopes()
        self._waiting: list[_Waiting] = []
        self._waiting_bytes = 0

    @property
    def full(self) -> bool:
        """Whether it is time to flush."""
        return self._waiting_bytes >= _MOST_WAITING

    def spans(self, text: bytes, spans: Sequence[Raw], around: Around, offset: int) -> int:
        """Gather spans that were decoded from a part of `text`, which starts at `offset` of its source.

        Returns where in the text they end; 0 if they are not taken.
        """
        if len(spans) < LEAST:
            return 0
        length = _lengths(spans)
        begin = address(spans[0]) - address(text) + np.cumsum(length + 1) - length - 1
        # With a byte or more between any two, the last one is where it should be only if each is.
        if begin[0] < 0 or address(spans[-1]) - address(text) != begin[-1]:
            return 0
        self._wait(_Waiting(around, text, spans, begin, length, offset + begin))
        return int(begin[-1] + length[-1])

    def runs(self, text: bytes, begin: int, end: int) -> Iterator[Run]:
        """The stretches of whole lines in a part of `text` that `lines` may take in."""
        return self._envelopes.runs(text, begin, end)

    def lines(self, text: bytes, run: Run, offset: int) -> None:
        """Gather lines of `text`, at `offset` of its source; raises `BrokenError`, and then gathers none."""
        joined = [
            _joined(text, run.of(number), self._envelopes.known[number], offset)
            for number in np.unique(run.envelope).tolist()
        ]
        for entry in joined:
            self._wait(entry)

    def flush(self) -> tuple[list[SpanColumns], list[Left]]:
        """All spans gathered since the last time: those decoded in bulk, and the others."""
        waiting, self._waiting, self._waiting_bytes = self._waiting, [], 0
        taken: list[SpanColumns] = []
        left: list[Left] = []
        for around in dict.fromkeys(entry.around for entry in waiting):
            some = _merged([entry for entry in waiting if entry.around == around])
            columns, rows = self._many.add(
                some.text, some.begin, some.begin + some.length, *around, some.offset
            )
            taken += columns
            left += [
                Left(some.spans[row], around, (int(some.offset[row]), int(some.length[row])))
                for row in rows.tolist()
            ]
        return taken, left

    def _wait(self, spans: _Waiting) -> None:
        self._waiting.append(spans)
        self._waiting_bytes += spans.extent


def _merged(parts: Sequence[_Waiting]) -> _Waiting:
    """The same in one text, with room for `PADDING` behind it: in that of the parts, or in a new one."""
    text, moves = _one_text(parts)
    return _Waiting(
        parts[0].around,
        text,
        list(chain.from_iterable(part.spans for part in parts)),
        np.concatenate([part.begin + move for part, move in zip(parts, moves, strict=True)]),
        np.concatenate([part.length for part in parts]),
        np.concatenate([part.offset for part in parts]),
    )


def _one_text(parts: Sequence[_Waiting]) -> tuple[bytes, Sequence[int]]:
    """A text of all parts, and how far each moves."""
    text, extents = parts[0].text, [part.extent for part in parts]
    is_shared = all(part.text is text for part in parts)
    is_dense = parts[-1].end - int(parts[0].begin[0]) < 2 * sum(extents)
    if is_shared and is_dense and parts[-1].end + len(PADDING) <= len(text):
        return text, [0] * len(parts)
    begins = [int(part.begin[0]) for part in parts]
    pieces = (memoryview(part.text)[begin : part.end] for part, begin in zip(parts, begins, strict=True))
    starts = accumulate(extents[:-1], initial=0)
    return b"".join((*pieces, PADDING)), [start - begin for start, begin in zip(starts, begins, strict=True)]


def _joined(text: bytes, run: Run, envelope: Envelope, offset: int) -> _Waiting:
    """The spans of lines in one envelope as one list: the same JSON, checked at one go."""
    begin = run.begin + len(envelope.before)
    end = run.end - len(envelope.behind)
    pairs = zip(begin.tolist(), end.tolist(), strict=True)
    joined = b"".join((b"[", b",".join([text[first:last] for first, last in pairs]), b"]", PADDING))
    try:
        spans = _raws.decode(joined)
    except (ValueError, RecursionError) as error:
        raise BrokenError from error
    length = end - begin
    if len(spans) != len(length) or (_lengths(spans) != length).any():
        raise BrokenError
    place = np.cumsum(length + 1) - length
    return _Waiting((envelope.resource, envelope.scope), joined, spans, place, length, offset + begin)


def _lengths(spans: Sequence[Raw]) -> Places:
    return np.fromiter(map(len, spans), np.int64, len(spans))
