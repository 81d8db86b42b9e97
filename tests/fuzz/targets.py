"""What must hold for any bytes at all, one function per reader; each raises where it does not."""

import gzip
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress

from tests.builders import line, span
from tests.formats.reading import listed
from tracetui.analysis.study.findings import study
from tracetui.errors import DecodeError
from tracetui.formats.detail import decode_log, decode_span
from tracetui.formats.detect import Detected, Format
from tracetui.formats.otlp.frames import Frames, collector_header, field_header
from tracetui.formats.otlp.otlp_json import OtlpJson
from tracetui.formats.results.go_test import GoTestJson
from tracetui.formats.results.junit import JUnit
from tracetui.model.batch import LISTS, SpanBatch
from tracetui.sources.block import Block
from tracetui.sources.unpacking.compressed import Unpacked
from tracetui.store.table import SpanTable
from tracetui.text import MOST_CODE_POINTS, fit, fit_middle, sanitize, sanitize_lines, width, wrap

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

HEALTHY = line(span("healthy"))
MOST_UNPACKED = 1 << 22


def decoder(data: bytes) -> None:
    """Any bytes become spans that can be read back, stored, put in a tree and measured, or problems."""
    reader = Detected()
    reader.feed(data)
    reader.finish()
    batch = reader.take()
    _read_back(data, batch)
    _understood(batch)


def splitter(data: bytes) -> None:
    """Cut anywhere, a stream gives the same batch; a healthy line after it is read."""
    cut, data = (data[0], data[1:]) if data else (0, data)
    whole = _batch(OtlpJson(), [data])
    parts = list(_parts(data, cut))
    if _batch(OtlpJson(), parts) != whole:
        raise AssertionError("another batch when cut")
    if b"[" not in data and "healthy" not in _batch(OtlpJson(), [data, b"\n", HEALTHY]).name:
        raise AssertionError("the healthy line was lost")


def frames(data: bytes) -> None:
    """Framed messages, of either framing, cut anywhere, are spans that can be read back, or problems."""
    cut, data = (data[0], data[1:]) if data else (0, data)
    for header in (collector_header, field_header):
        whole = _batch(Frames(header), [data])
        if _batch(Frames(header), list(_parts(data, cut))) != whole:
            raise AssertionError("another batch when cut")
        _read_back(data, whole)


def results(data: bytes) -> None:
    """Results of tests, cut anywhere, are the same spans, which can be read back, or problems."""
    cut, data = (data[0], data[1:]) if data else (0, data)
    for make in (JUnit, GoTestJson):
        whole = _batch(make(), [data])
        if listed(_batch(make(), list(_parts(data, cut)))) != listed(whole):
            raise AssertionError("another batch when cut")
        _read_back(data, whole)
        _understood(whole)


def sanitiser(data: bytes) -> None:
    """Whatever the text: printable, one line, as wide as asked for, and the same when done twice."""
    foreign = data.decode("utf-8", "surrogateescape")
    safe = sanitize(foreign)
    if len(safe) > 10 * MOST_CODE_POINTS or not all(map(_is_harmless, safe)):
        raise AssertionError(f"not safe: {safe!a}")
    if len(safe) <= MOST_CODE_POINTS and sanitize(safe) != safe:
        raise AssertionError("another text when done twice")
    for cells in (0, 1, 2, 9, 40):
        if width(fit(safe, cells)) != cells or width(fit_middle(safe, cells)) != cells:
            raise AssertionError(f"not {cells} cells wide")
    if any(width(part) > 20 for part in wrap(safe, 20)) or "".join(wrap(safe, 20)) != safe:
        raise AssertionError("wrapped wrongly")
    if not all(_is_harmless(character) for part in sanitize_lines(foreign) for character in part):
        raise AssertionError("an unsafe line")


def unpacker(data: bytes) -> None:
    """Any bytes are unpacked to the same, however they come, or passed through; cut ones to a beginning."""
    cut, data = (data[0], data[1:]) if data else (0, data)
    whole, pieces = _unpacked(data, 1 << 16), _unpacked(data, cut + 1)
    if not (whole.startswith(pieces) or pieces.startswith(whole)):
        raise AssertionError("other bytes when read in small pieces")
    if data.startswith(b"\x1f\x8b") and whole != pieces:
        raise AssertionError("more or fewer bytes when read in small pieces")
    for packed in (gzip.compress(data, mtime=0), zstd.compress(data)):
        place = len(packed) * cut // 256
        if not data.startswith(_unpacked(packed[:place], 1 << 16)) and place > 8:
            raise AssertionError("a cut stream does not give a beginning")
        if _unpacked(packed + packed[:place], 1 << 16)[: len(data)] != data:
            raise AssertionError("a whole member was not given")


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    target.__name__: target for target in (decoder, splitter, frames, results, sanitiser, unpacker)
}


class _Bytes:
    """A source in memory that gives its bytes in pieces of one size."""

    label = "memory"
    reset = vanished = False
    modified_ns = 0

    def __init__(self, data: bytes, piece: int) -> None:
        self._data, self._piece, self._given = data, piece, 0

    @property
    def size(self) -> int:
        return len(self._data)

    @property
    def ended(self) -> bool:
        return self._given == len(self._data)

    def read(self, limit: int) -> Block | None:
        data = self._data[self._given : self._given + min(limit, self._piece)]
        self._given += len(data)
        return Block(self._given - len(data), data) if data else None

    def read_at(self, offset: int, length: int) -> bytes:
        return self._data[offset : offset + length]

    def close(self) -> None:
        pass


def _unpacked(data: bytes, piece: int) -> bytes:
    source = Unpacked(_Bytes(data, piece))
    given = bytearray()
    idle = 0
    while len(given) < MOST_UNPACKED and not source.ended:
        block = source.read(1 << 16)
        if block:
            if block.offset != len(given) or not 0 < len(block.data) <= 1 << 16:
                raise AssertionError("a block out of place")
            given += block.data
        idle = 0 if block else idle + 1
        if idle > len(data) + 16:
            raise AssertionError("it never ends")
    source.close()
    return bytes(given)


def _batch(reader: Format, parts: list[bytes]) -> SpanBatch:
    for part in parts:
        reader.feed(part)
        reader.settle()
    reader.finish()
    return reader.take()


def _parts(data: bytes, cut: int) -> Iterator[bytes]:
    step = cut % 37 + 1
    for begin in range(0, len(data), step):
        yield data[begin : begin + step]


def _read_back(data: bytes, packed: SpanBatch) -> None:
    batch = listed(packed)
    columns = [getattr(batch, name) for name in LISTS]
    if {len(column) for column in columns} != {len(batch)}:
        raise AssertionError("columns of several lengths")
    for place in range(len(batch)):
        begin, length = batch.offset[place], batch.length[place]
        if not 0 <= begin <= begin + length <= len(data):
            raise AssertionError("a span outside its source")
        try:
            decode_span(data[begin : begin + length], batch.resource[place], batch.scope[place])
        except DecodeError as error:
            raise AssertionError(f"a span that cannot be read back: {error}") from error
    for record in batch.logs:
        with suppress(DecodeError):  # Shown as an event that says so.
            decode_log(data[record.offset : record.offset + record.length])


def _understood(batch: SpanBatch) -> None:
    table = SpanTable()
    table.append(table.add_source("fuzz"), batch)
    findings = study(table.snapshot(), 1)
    if sorted(findings.tree.order.tolist()) != list(range(len(table))):
        raise AssertionError("a span that is not shown exactly once")
    if (findings.times.total[:] < 0).any():
        raise AssertionError("a negative duration")
    findings.rank()


def _is_harmless(character: str) -> bool:
    code = ord(character)
    return not (code < 0x20 or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000 or 0x202A <= code <= 0x202E)
