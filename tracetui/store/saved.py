"""Saves a table that was read to its end as bytes, and restores it: columns as they are in memory.

Bytes from another version or another kind of machine, or with a changed bit, are refused.
"""

import sys
import zlib
from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from tracetui.model.columns import STORED
from tracetui.store.logs import LogIndex, Place
from tracetui.store.state import TableState
from tracetui.store.table import SpanTable

FORMAT = 7
_HEAD_BYTES = 12


class _Beside(msgspec.Struct):
    """Everything except the columns; `columns` names those that are saved, in their order."""

    writer: str
    columns: tuple[str, ...]
    table: TableState
    logs: list[tuple[str, str, list[Place]]]


_decoder = msgspec.msgpack.Decoder(_Beside)


def dump(table: SpanTable, logs: LogIndex) -> list[bytes | memoryview]:
    """The bytes, in parts; raises `ValueError` for texts that are not UTF-8."""
    columns = table.stored
    beside = _Beside(writer=_writer(), columns=tuple(columns), table=table.state, logs=logs.places)
    parts: list[bytes | memoryview] = [msgspec.msgpack.encode(beside)]
    parts += [np.ascontiguousarray(array).view(np.uint8).data for array in columns.values()]
    head = len(parts[0]).to_bytes(8, "little") + _checksum(parts).to_bytes(4, "little")
    return [head, *parts]


def restore(data: memoryview, table: SpanTable, logs: LogIndex) -> bool:
    """Restore an empty table and index from `dump`; returns False, with nothing changed, if that fails."""
    length = int.from_bytes(data[:8], "little")
    body = data[_HEAD_BYTES:]
    if _checksum([body]) != int.from_bytes(data[8:_HEAD_BYTES], "little"):
        return False
    try:
        beside = _decoder.decode(body[:length])
    except (ValueError, RecursionError):
        return False
    if beside.writer != _writer() or beside.table.sources != table.sources:
        return False
    table.restore(beside.table, _arrays(beside, body[length:]))
    logs.restore(beside.logs)
    return True


def _arrays(beside: _Beside, body: memoryview) -> dict[str, NDArray[Any]]:
    arrays, at = {}, 0
    for name in beside.columns:
        size = beside.table.rows * np.dtype(STORED[name]).itemsize
        arrays[name] = np.frombuffer(body[at : at + size], STORED[name])
        at += size
    return arrays


def _checksum(parts: Sequence[bytes | memoryview]) -> int:
    checksum = 0
    for part in parts:
        checksum = zlib.crc32(part, checksum)
    return checksum


def _writer() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        release = version("tracetui")
    except PackageNotFoundError:
        release = "not installed"
    return f"{FORMAT} {release} {sys.byteorder} {sorted(STORED)}"
