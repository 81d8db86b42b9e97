"""The index of a directory as bytes and back: records of runs, and their files.

Data of another version, with a changed bit, or that is inconsistent is refused.
"""

import sys
import zlib
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any, NamedTuple

import msgspec
import numpy as np
from msgspec import Struct, field
from numpy.typing import NDArray

from tracetui.analysis.history.records import DTYPES, Columns, Records, RunHead, nothing
from tracetui.model.role import HookKind, Outcome, Role

FORMAT = 2
_HEAD_BYTES = 12
_LIMITS = {"role": len(Role), "hook_kind": len(HookKind), "outcome": len(Outcome)}


class Stamp(NamedTuple):
    """The state of a file, which shows whether it has changed: times in ns."""

    size: int
    modified_ns: int
    changed_ns: int
    inode: int


class Place(NamedTuple):
    """The place of a run: `files` are their paths, `traces` the digests of its traces."""

    files: tuple[str, ...]
    traces: tuple[int, ...]


class Indexed(Struct, frozen=True):
    """Runs, each with its head and its place, and the files that were read to their end."""

    records: Records = field(default_factory=lambda: Records([], [], nothing()))
    places: Sequence[Place] = ()
    files: dict[str, Stamp] = field(default_factory=dict)


class _Beside(msgspec.Struct):
    """Everything but the columns, which have `rows` rows. The keys of heads may exceed 64 bits."""

    writer: str
    rows: int
    heads: list[RunHead]
    keys: list[str]
    texts: list[str]
    places: list[Place]
    files: dict[str, Stamp]


_decoder = msgspec.msgpack.Decoder(_Beside)


def dump(indexed: Indexed) -> list[bytes | memoryview]:
    """The bytes, in parts; raises `ValueError` for texts that are not valid UTF-8."""
    records = indexed.records
    beside = _Beside(
        writer=_writer(),
        rows=len(records.columns),
        heads=[head._replace(key=0) for head in records.heads],
        keys=[f"{head.key:x}" for head in records.heads],
        texts=list(records.texts),
        places=list(indexed.places),
        files=indexed.files,
    )
    parts: list[bytes | memoryview] = [msgspec.msgpack.encode(beside)]
    for name, dtype in DTYPES.items():
        column: NDArray[Any] = np.ascontiguousarray(getattr(records.columns, name), dtype)
        parts.append(column.view(np.uint8).data)
    head = len(parts[0]).to_bytes(8, "little") + _checksum(parts).to_bytes(4, "little")
    return [head, *parts]


def restore(data: memoryview) -> Indexed | None:
    """The index that `dump` made these bytes of; None if they are of another version, or damaged."""
    length, body = int.from_bytes(data[:8], "little"), data[_HEAD_BYTES:]
    if _checksum([body]) != int.from_bytes(data[8:_HEAD_BYTES], "little"):
        return None
    try:
        beside = _decoder.decode(body[:length])
        if beside.writer != _writer():
            return None
        pairs = zip(beside.heads, beside.keys, beside.places, strict=True)
        heads = [head._replace(key=int(key, 16)) for head, key, _ in pairs]
    except (ValueError, RecursionError):
        return None
    columns = _columns(beside, body[length:])
    if columns is None:
        return None
    return Indexed(Records(heads, beside.texts, columns), beside.places, beside.files)


def _columns(beside: _Beside, body: memoryview) -> Columns | None:
    """The columns; None if they have another size, or contain impossible values."""
    sizes = {name: np.dtype(dtype).itemsize * beside.rows for name, dtype in DTYPES.items()}
    if beside.rows < 0 or sum(sizes.values()) != len(body):
        return None
    arrays: dict[str, NDArray[np.generic]] = {}
    at = 0
    for name, dtype in DTYPES.items():
        arrays[name] = np.frombuffer(body[at : at + sizes[name]], np.uint8).view(dtype)
        at += sizes[name]
    limits = _LIMITS | {"run": len(beside.heads), "name": len(beside.texts)}
    known = all(_is_below(arrays[name], limit) for name, limit in limits.items())
    return Columns(**arrays) if known and (np.diff(arrays["run"]) >= 0).all() else None  # type: ignore[arg-type]


def _is_below(values: NDArray[np.generic], limit: int) -> bool:
    return not len(values) or bool((values >= 0).all() and (values < limit).all())  # type: ignore[operator]


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
    return f"{FORMAT} {release} {sys.byteorder} {sorted(DTYPES)} {RunHead._fields}"
