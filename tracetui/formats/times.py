"""Converts times as writers spell them to ns since the epoch: numbers of any unit, texts of them, the
halves that JavaScript's `Long` has of them, and ISO 8601.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from tracetui import units

NO_TIME = 1
"""What is no time, in ns since the epoch: when nothing was traced yet."""

LATEST = 2**63 - 1
FIRST_NS, LAST_NS = 946_684_800_000_000_000, 4_102_444_800_000_000_000
"""The years 2000 to 2100."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FRACTION = re.compile(r"[.,](\d+)")
_NEVER = "0001-01-01T00:00:00"
"""Go's time that was never set."""


def start_time(value: Any, unit_ns: int = 1) -> int:
    """A time, written in units of `unit_ns`, as an int of ns within 64 bits.

    0 for none; `NO_TIME` for an invalid one, such as one that only in another unit is within 64 bits.
    """
    if not value and not isinstance(value, list | dict):
        return 0
    try:
        time_ns = _nanoseconds(value, unit_ns)
    except (TypeError, ValueError, OverflowError):
        return NO_TIME
    return clamped(time_ns) if unit_ns == 1 or time_ns <= LATEST else NO_TIME


def unit_hint(start: Any, unit_ns: int) -> str:
    """What a start that is too late for 64 bits would be in nanoseconds; empty for any other."""
    try:
        as_ns = _nanoseconds(start, 1)
    except (TypeError, ValueError, OverflowError):
        return ""
    if as_ns * unit_ns <= LATEST or not FIRST_NS <= as_ns < LAST_NS:
        return ""
    return f"its start, read as nanoseconds, is {units.timestamp(as_ns)} UTC"


def end_time(value: Any, unit_ns: int = 1) -> int:
    """Like `start_time`, but 0 means none: an invalid end is before every start."""
    time_ns = start_time(value, unit_ns)
    if time_ns or not value:
        return time_ns
    return 0 if str(value).strip("0.") == "" or str(value).startswith(_NEVER) else NO_TIME


def end_after(start_ns: int, duration: Any, unit_ns: int) -> int:
    """The end of what lasts `duration` units; an invalid duration means none. Never 0."""
    try:
        length = max(_nanoseconds(duration or 0, unit_ns), 0)
    except (TypeError, ValueError, OverflowError):
        length = 0
    return clamped(start_ns + length) or NO_TIME


def event_time(value: Any, unit_ns: int = 1) -> int:
    """A time on which nothing depends: 0 for an invalid one."""
    time_ns = start_time(value, unit_ns)
    return 0 if time_ns == NO_TIME else time_ns


def clamped(number: int) -> int:
    """The nearest number from 0 to 2**63 - 1."""
    return min(max(number, 0), LATEST)


def _nanoseconds(value: Any, unit_ns: int) -> int:
    """Raises `ValueError`, `TypeError` or `OverflowError` for an invalid time."""
    if isinstance(value, str):
        try:
            return int(value) * unit_ns
        except ValueError:
            return _of_text(value.strip(), unit_ns)
    if isinstance(value, dict):
        return _of_halves(value) * unit_ns
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("no number")
    whole = int(value)
    return whole * unit_ns + round((value - whole) * unit_ns)


def _of_halves(value: dict[str, Any]) -> int:
    """A number of 64 bits as JavaScript's `Long` has it: signed halves of 32."""
    low, high = value.get("low"), value.get("high")
    if type(low) is not int or type(high) is not int:
        raise TypeError("no number")
    return (high << 32) + (low & 0xFFFF_FFFF)


def _of_text(text: str, unit_ns: int) -> int:
    """A number such as `1.79e18`, or a date and a time, to the nanosecond where it says so."""
    try:
        return _nanoseconds(float(text), unit_ns)
    except ValueError:
        pass
    if text.startswith(_NEVER):
        return 0
    fraction = _FRACTION.search(text)
    moment = datetime.fromisoformat(_FRACTION.sub("", text, count=1))
    since = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _EPOCH
    below_s = int(fraction[1][:9].ljust(9, "0")) if fraction else 0
    return since // timedelta(seconds=1) * 1_000_000_000 + below_s
