"""A table that was read to its end as one string of bytes, and back: columns as they lie in memory.

What was written by another version, on another kind of machine, or has changed by a bit is refused.
"""

import sys
import zlib
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from tracetui.model.batch import Heartbeat
from tracetui.model.columns import STORED
from tracetui.store.health import Health
from tracetui.store.joining.intern import Origin
from tracetui.store.logs import LogIndex, Place
from tracetui.store.suites import Suites
from tracetui.store.table import SpanTable

FORMAT = 4
_HEAD_BYTES = 12


class _Beside(msgspec.Struct):
    """Everything but the columns; `columns` names those, in their order, that are more than zeros."""

    writer: str
    columns: tuple[str, ...]
    rows: int
    digests: bytes
    traces: Sequence[str]
    texts: Sequence[str]
    origins: Sequence[Origin]
    opaque: dict[int, str]
    heartbeats: dict[int, Heartbeat]
    suites: Suites
    fruitful: set[int]
    newest: dict[int, int]
    sources: Sequence[str]
    health: Health
    logs: list[tuple[str, str, list[Place]]]


_decoder = msgspec.msgpack.Decoder(_Beside)


def dump(table: SpanTable, logs: LogIndex) -> list[bytes | memoryview]:
    """The bytes, in parts; raises `ValueError` for texts that are no UTF-8."""
    rows = len(table)
    arrays = {name: array for name, array in table._columns.stored().items() if array.any()}
    beside = _Beside(
        writer=_writer(),
        columns=tuple(arrays),
        rows=rows,
        digests=table._intern.digests.tobytes(),
        traces=table._intern.trace_ids.values,
        texts=table._intern.texts.values,
        origins=table._intern.origins.values,
        opaque=table._intern.opaque,
        **{name: getattr(table, f"_{name}") for name in _PLAIN},
        health=table.health,
        logs=logs.places,
    )
    parts: list[bytes | memoryview] = [msgspec.msgpack.encode(beside)]
    parts += [np.ascontiguousarray(array).view(np.uint8).data for array in arrays.values()]
    head = len(parts[0]).to_bytes(8, "little") + _checksum(parts).to_bytes(4, "little")
    return [head, *parts]


def restore(data: memoryview, table: SpanTable, logs: LogIndex) -> bool:
    """Makes of an empty table and index what `dump` had; False, and nothing changed, where that cannot be."""
    length = int.from_bytes(data[:8], "little")
    body = data[_HEAD_BYTES:]
    if _checksum([body]) != int.from_bytes(data[8:_HEAD_BYTES], "little"):
        return False
    try:
        beside = _decoder.decode(body[:length])
    except (ValueError, RecursionError):
        return False
    if beside.writer != _writer() or beside.sources != table._sources:
        return False
    _fill(table, beside, _arrays(beside, body[length:]))
    logs.restore(beside.logs)
    return True


_PLAIN = ("heartbeats", "suites", "fruitful", "newest", "sources")


def _fill(table: SpanTable, beside: _Beside, arrays: dict[str, NDArray[Any]]) -> None:
    table._columns.restore(beside.rows, arrays)
    intern = table._intern
    intern.trace_ids.numbers(beside.traces)
    intern.texts.numbers(beside.texts)
    intern.origins.numbers(beside.origins)
    intern.digests = np.frombuffer(beside.digests, np.uint64)
    intern.opaque.update(beside.opaque)
    for name in _PLAIN:
        setattr(table, f"_{name}", getattr(beside, name))
    table.health = beside.health
    table.restored()


def _arrays(beside: _Beside, body: memoryview) -> dict[str, NDArray[Any]]:
    arrays, at = {}, 0
    for name in beside.columns:
        size = beside.rows * np.dtype(STORED[name]).itemsize
        arrays[name] = np.frombuffer(body[at : at + size], STORED[name])
        at += size
    return arrays


def _checksum(parts: Sequence[bytes | memoryview]) -> int:
    checksum = 0
    for part in parts:
        checksum = zlib.crc32(part, checksum)
    return checksum


def _writer() -> str:
    try:
        release = version("tracetui")
    except PackageNotFoundError:
        release = "not installed"
    return f"{FORMAT} {release} {sys.byteorder} {sorted(STORED)}"
