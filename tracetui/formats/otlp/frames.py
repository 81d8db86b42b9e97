"""Streams of protobuf messages, split anywhere: each message comes after its length.

Two framings: the Collector's file exporter writes 4 bytes, big-endian, and then a message, which may be JSON
if its compressed output was unpacked; a bare request (`TracesData`) is a run of fields, each with its own
length. Either way only the message before says where the next one starts: what is torn is torn to the end.
"""

from collections.abc import Callable

from tracetui.errors import DecodeError
from tracetui.formats.framing.parsing import IncompleteError, TrailingError
from tracetui.formats.otlp import otlp_proto, protobuf
from tracetui.formats.otlp.otlp_json import OtlpJson
from tracetui.formats.scanned.counters import Counters, native_counters
from tracetui.formats.scanned.scanned import Scanned, decoded
from tracetui.formats.scanned.spelling import PROTOBUF
from tracetui.kernel.scan import Shape
from tracetui.model.batch import Problem, SpanBatch

MOST_BYTES = 64 * 1024 * 1024
_HEADER_BYTES = 11
"""A tag and the longest number."""

Header = Callable[[bytes], tuple[int, int] | None]
"""The lengths of header and message at the start of these bytes; None where bytes are missing."""


class Frames:
    """Decodes one source of framed messages; `take` hands over what was decoded since the last time."""

    def __init__(self, header: Header, counters: Counters | None = None) -> None:
        self._header = header
        self._counters = counters or native_counters()
        self._scanned = Scanned(self._counters, spelling=PROTOBUF)
        self._held = bytearray()
        self._offset = 0
        self._lost = False
        self._batch = SpanBatch()

    @property
    def pending(self) -> int:
        """Bytes held because their message is not complete yet."""
        return len(self._held)

    @property
    def is_behind(self) -> bool:
        """Never: complete messages are taken as they come."""
        return False

    @property
    def resumes_at(self) -> int | None:
        """None: it is not told apart from JSON by what comes next."""
        return None

    def feed(self, data: bytes) -> None:
        """The next bytes of the source."""
        if self._lost:
            return
        self._held += data
        while not self._lost and (message := self._next()):
            self._decode(*message)

    def rewind(self, _length: int) -> bool:
        """Never: messages have no line ends."""
        return False

    def settle(self) -> None:
        """No more bytes for now: complete messages were already taken."""

    def finish(self) -> None:
        """No more bytes ever: what is still incomplete is torn."""
        if self._held:
            reason = f"no end: {len(self._held)} bytes of a message"
            self._batch.torn.append(Problem(self._offset, reason, len(self._held)))
            self._held.clear()

    def take(self) -> SpanBatch:
        """Everything decoded, rejected and torn since the last call."""
        batch, self._batch = self._batch, SpanBatch()
        return batch

    def _next(self) -> tuple[bytes, int] | None:
        """The next message and its offset, if it is whole."""
        try:
            lengths = self._header(bytes(self._held[:_HEADER_BYTES]))
            if lengths and lengths[1] > MOST_BYTES:
                raise ValueError(f"a message of {lengths[1]} bytes")
        except ValueError as error:
            self._batch.rejected.append(Problem(self._offset, f"no framed message: {error}"))
            self._held.clear()
            self._lost = True
            return None
        if not lengths or len(self._held) < sum(lengths):
            return None
        header, length = lengths
        message, offset = bytes(self._held[header : header + length]), self._offset + header
        del self._held[: header + length]
        self._offset = offset + length
        return message, offset

    def _decode(self, message: bytes, offset: int) -> None:
        try:
            if message.startswith(b"{"):
                OtlpJson(self._batch, counters=self._counters).parse(memoryview(message), offset)
            else:
                self._take(message, offset)
        except (ValueError, DecodeError, IncompleteError, TrailingError) as error:
            self._batch.rejected.append(Problem(offset, f"bad message: {error}", len(message)))

    def _take(self, message: bytes, offset: int) -> None:
        is_group = self._header is field_header
        run = self._scanned.whole(message, 0, len(message), Shape.GROUP if is_group else Shape.TRACES)
        if run:
            columns, left = decoded(run, message, offset)
            self._batch.packed += columns
            for entry in left:
                otlp_proto.add_item(self._batch, *entry)
        elif is_group:
            otlp_proto.add_group(self._batch, message, 0, len(message), offset)
        else:
            otlp_proto.add_message(self._batch, message, offset)


def collector_header(head: bytes) -> tuple[int, int] | None:
    """Four bytes, big-endian."""
    return (4, int.from_bytes(head[:4], "big")) if len(head) >= 4 else None


def field_header(head: bytes) -> tuple[int, int] | None:
    """The tag of field 1 and a varint; raises `ValueError` for anything else."""
    if not head:
        return None
    if head[0] != 1 << 3 | protobuf.LENGTH:
        raise ValueError(f"a field of tag {head[0]}")
    if len(head) < _HEADER_BYTES and all(byte >= 0x80 for byte in head[1:]):
        return None
    length, after = protobuf.varint(head, 1, len(head))
    return after, length
