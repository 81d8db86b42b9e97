"""Lines of our files, made of records as they come: strict OTLP/JSON, no line longer than any reader accepts.

What records share stands once on a line, so that however many share it, the lines stay in proportion to the
request.
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, cast

from tracetui.receive.requests.limits import MOST_SENDERS
from tracetui.receive.requests.signals import Signal
from tracetui.tracing.spans.line_limit import MAX_LINE, dump, dump_within

FULL_BYTES = 256 << 10
"""A line is full with so many bytes of records."""
HEAD_BYTES = 64 << 10
"""More of a resource or a scope is cut, as records are; and if it is then twice as long, left out."""
_SPACE = 1 << 10
"""For what stands between."""
_END_OF_SCOPE, _END = b"]}", b"]}]}\n"
_OTHERS = b"others"


class Batch(NamedTuple):
    """Lines, and the number of records in them."""

    data: bytes
    records: int


class Lines(NamedTuple):
    """What a request has of each sender (see `sender_of`), and the number of records that were left out."""

    by_sender: Mapping[bytes, Batch]
    rejected: int

    @property
    def taken(self) -> int:
        """The number of records in the lines."""
        return sum(batch.records for batch in self.by_sender.values())

    @property
    def data(self) -> bytes:
        """All lines."""
        return b"".join(batch.data for batch in self.by_sender.values())


def sender_of(resource: Mapping[str, Any]) -> bytes:
    """A digest of the process that a resource is of: of its host and id if they are given, else of all."""
    values = {pair.get("key"): pair.get("value") for pair in resource.get("attributes", ())}
    process = [values.get("host.name"), values.get("process.pid")]
    return hashlib.blake2b(dump(process if all(process) else resource), digest_size=16).digest()


class LineWriter:
    """Makes the lines of a request: `group`, then `scope`, then `add` for each of its records.

    `take` is called with the number of bytes of each line before it is kept.
    """

    def __init__(self, signal: Signal, take: Callable[[int], None]) -> None:
        self.rejected = 0
        self._signal = signal
        self._take = take
        self._data: dict[bytes, bytearray] = {}
        self._records: dict[bytes, int] = {}
        self._sender = b""
        self._group = self._scope = b""
        self._line = bytearray()
        self._in_scope = False

    def group(self, resource: Mapping[str, Any], schema: str) -> None:
        """The records that follow are of this resource."""
        self._end_line()
        sender = sender_of(resource)
        is_known = sender in self._data or len(self._data) < MOST_SENDERS
        self._sender = sender if is_known else _OTHERS
        self._group = b'{"%b":[%b,"%b":[' % (
            self._signal.groups.encode(),
            _head("resource", resource, schema),
            self._signal.scopes.encode(),
        )

    def scope(self, scope: Mapping[str, Any], schema: str) -> None:
        """The records that follow are of this scope."""
        if self._in_scope:
            self._line += _END_OF_SCOPE
            self._in_scope = False
        self._scope = b'%b,"%b":[' % (_head("scope", scope, schema), self._signal.records.encode())

    def add(self, record: Mapping[str, Any]) -> None:
        """Add a record, if it is valid."""
        if not self._signal.identified(record):
            self.rejected += 1
            return
        room = MAX_LINE - len(self._group) - len(self._scope) - _SPACE
        data = _within(record, room)
        most = min(MAX_LINE - _SPACE, len(self._group) + len(self._scope) + FULL_BYTES)
        if self._line and len(self._line) + len(self._scope) + len(data) > most:
            self._end_line()
        self._begin()
        self._line += data
        self._records[self._sender] = self._records.get(self._sender, 0) + 1

    def finished(self) -> Lines:
        """All lines."""
        self._end_line()
        made = {
            sender: Batch(cast("bytes", data), self._records[sender]) for sender, data in self._data.items()
        }
        return Lines(made, self.rejected)

    def _begin(self) -> None:
        """Whatever has to stand before the next record."""
        if self._in_scope:
            self._line += b","
            return
        self._line += b"," + self._scope if self._line else self._group + self._scope
        self._in_scope = True

    def _end_line(self) -> None:
        if self._line:
            self._line += (_END_OF_SCOPE if self._in_scope else b"") + _END
            self._take(len(self._line))
            self._data.setdefault(self._sender, bytearray()).extend(self._line)
        self._line, self._in_scope = bytearray(), False


def _head(name: str, value: Mapping[str, Any], schema: str) -> bytes:
    """An object without its end: what records share."""
    data = dump_within(dict(value), HEAD_BYTES)
    around = {"schemaUrl": schema} if schema and len(schema) <= _SPACE else {}
    rest = b"," + dump(around)[1:-1] if around else b""
    return b'{"%b":%b%b' % (name.encode(), data if len(data) <= 2 * HEAD_BYTES else b"{}", rest)


def _within(record: Mapping[str, Any], room: int) -> bytes:
    """A record in at most so many bytes; a body that is still too long after all was cut is left out."""
    data = dump_within(dict(record), room)
    if len(data) <= room:
        return data
    note = {"stringValue": f"… [left out: of {len(data)} bytes]"}
    kept = {name: value for name, value in record.items() if name != "body"}
    return dump_within(kept | {"body": note}, room)
