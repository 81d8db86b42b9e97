"""One trace event: its fields with their proper types, whatever their JSON types were.

Only an invalid time costs an event. Numbers may be texts and the other way round; any other field of a wrong
type is left out, and reported to `Wrong`.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

import msgspec
from msgspec import Raw, Struct

from tracetui.formats.framing.json_repair import mended
from tracetui.formats.otlp import values

LATEST_US = 1 << 52
"""Microseconds that are a time: after these a float has no room for them, and a date no year."""

Wrong = Callable[[str], None]
"""Is told the name of each field that was left out."""


class _Wire(Struct):
    ph: Any = None
    name: Any = None
    cat: Any = None
    ts: Any = None
    dur: Any = None
    pid: Any = None
    tid: Any = None
    id: Any = None
    id2: Any = None
    scope: Any = None
    bp: Any = None
    args: Raw = Raw()


class Event(NamedTuple):
    """`ts_ns` and `dur_ns` are None if missing; `args` of another type are under `args`.

    `id` is the key by which asynchronous events and flows find each other, empty for none; `binds` says
    whether a flow belongs to the span around it rather than to the next.
    """

    phase: str
    name: str
    cat: str
    ts_ns: int | None
    dur_ns: int | None
    pid: str
    tid: str
    id: str
    binds: bool
    args: dict[str, Any]


_LOOKED_AT = 100
_wire = msgspec.json.Decoder(_Wire)
_args = msgspec.json.Decoder()


def decode(raw: bytes, wrong: Wrong) -> Event | None:
    """The event in `raw`; None without a phase. Raises `ValueError` for broken JSON and times."""
    wire = _decoded(raw)
    if not isinstance(wire.ph, str) or not wire.ph:
        return None
    pid = _text(wire.pid, "pid", wrong)
    return Event(
        wire.ph,
        _text(wire.name, "name", wrong),
        _text(wire.cat, "cat", wrong),
        _time(wire.ts),
        _time(wire.dur),
        pid,
        _text(wire.tid, "tid", wrong),
        _id(wire, pid, wrong),
        wire.bp == "e",
        _arguments(wire.args, wrong),
    )


def are_events(raws: Sequence[Raw]) -> bool:
    """Whether any of the first elements of an array has a phase."""
    for raw in raws[:_LOOKED_AT]:
        try:
            if isinstance(_wire.decode(raw).ph, str):
                return True
        except (ValueError, RecursionError):
            continue
    return False


def _decoded(raw: bytes) -> _Wire:
    try:
        return _wire.decode(raw)
    except ValueError:
        return _wire.decode(mended(values.as_utf8(raw)))
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def _arguments(raw: Raw, wrong: Wrong) -> dict[str, Any]:
    text = bytes(raw)
    try:
        args = _args.decode(text) if text else None
    except (ValueError, RecursionError):
        args = None
        wrong("args")
    if isinstance(args, dict):
        return args
    return {} if args is None else {"args": args}


def _text(value: Any, field: str, wrong: Wrong) -> str:
    """A text, or a number as one: 1, 1.0 and "1" are the same thread."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(int(value)) if value == value // 1 else str(value)
    wrong(field)
    return ""


def _id(wire: _Wire, pid: str, wrong: Wrong) -> str:
    """Ids are of the whole trace unless they say that they are of their process."""
    if wire.ph not in _WITH_ID:
        return ""
    id2 = wire.id2 if isinstance(wire.id2, dict) else {}
    scope = _text(wire.scope, "scope", wrong)
    if "local" in id2:
        return f"{scope}\0{pid}\0{_text(id2['local'], 'id2', wrong)}"
    return f"{scope}\0\0{_text(id2.get('global', wire.id), 'id', wrong)}"


_WITH_ID = frozenset("bneSTFpstf")


def _time(value: Any) -> int | None:
    """Microseconds, perhaps as a text, in ns; raises `ValueError` for anything else."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("a time that is not a number")
    try:
        number = Decimal(value) if isinstance(value, str) else value
        if not -LATEST_US <= number <= LATEST_US:
            raise ValueError("time out of range")
    except InvalidOperation:
        raise ValueError("a time that is not a number") from None
    return round(number * 1000)
