"""The zero of the events' clock: since the epoch, given beside the events, or unknown."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec

RELATIVE = "relative"
EARLIEST_NS, LATEST_NS = 946_684_800_000_000_000, 4_102_444_800_000_000_000
"""The years 2000 and 2100: a time between them is since the epoch."""

_JAVA_DATE = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2} \d{1,2} \d\d:\d\d:\d\d) ([A-Z]{1,5}|GMT[+-]\d\d:\d\d) (\d{4})"
)
_ZONES = {
    **dict.fromkeys(("UTC", "GMT", "Z", "WET"), 0),
    **dict.fromkeys(("CET", "WEST", "BST"), 60),
    **dict.fromkeys(("CEST", "EET"), 120),
    **dict.fromkeys(("EEST", "MSK"), 180),
    "EST": -300,
    "EDT": -240,
    "CDT": -300,
    "MST": -420,
    "MDT": -360,
    "PST": -480,
    "PDT": -420,
    "JST": 540,
}
"""Minutes ahead of UTC, of the names that mean one zone only."""


def origin_ns(beside: Mapping[str, bytes], first_ns: int, usual_ns: int) -> int | None:
    """What to add to the events' times to get ns since the epoch; None if unknown.

    `beside` is what is beside the events, as raw JSON by key. `first_ns` and `usual_ns` are of the times.
    """
    for clock in _CLOCKS:
        zero = clock(beside, first_ns)
        if zero is not None and EARLIEST_NS <= zero + usual_ns <= LATEST_NS:
            return zero
    return 0 if EARLIEST_NS <= usual_ns <= LATEST_NS else None


def _bazel(beside: Mapping[str, bytes], _first_ns: int) -> int | None:
    """Milliseconds or, before Bazel 6, a date to the second."""
    other = _object(beside, "otherData")
    start = _number(other.get("profile_start_ts"), 1_000_000)
    return _date(other.get("date")) if start is None else start


def _pytest_timing(beside: Mapping[str, bytes], _first_ns: int) -> int | None:
    run = _object(beside, "metadata").get("run")
    return _number(run.get("start"), 1_000_000_000) if isinstance(run, dict) else None


def _clang(beside: Mapping[str, bytes], _first_ns: int) -> int | None:
    return _number(_value(beside, "beginningOfTime"), 1000)


def _kineto(beside: Mapping[str, bytes], _first_ns: int) -> int | None:
    return _number(_value(beside, "baseTimeNanoseconds"), 1)


def _devtools(beside: Mapping[str, bytes], first_ns: int) -> int | None:
    """When its recording began, and with it the first event: its clock starts with the machine."""
    began = _date(_object(beside, "metadata").get("startTime"))
    return None if began is None else began - first_ns


_CLOCKS: tuple[Callable[[Mapping[str, bytes], int], int | None], ...] = (
    _bazel,
    _pytest_timing,
    _clang,
    _kineto,
    _devtools,
)


def _value(beside: Mapping[str, bytes], key: str) -> Any:
    try:
        return msgspec.json.decode(beside.get(key, b"null"))
    except (ValueError, RecursionError):
        return None


def _object(beside: Mapping[str, bytes], key: str) -> dict[str, Any]:
    value = _value(beside, key)
    return value if isinstance(value, dict) else {}


def _number(value: Any, unit_ns: int) -> int | None:
    """A number of that unit, perhaps as a text, in ns; None for anything else."""
    try:
        number = float(value) if isinstance(value, str) and not value.isdecimal() else value
        exact = int(number) if isinstance(number, str) else number
        return None if isinstance(exact, bool) else round(exact * unit_ns)
    except (TypeError, ValueError, OverflowError):
        return None


def _date(value: Any) -> int | None:
    """ISO 8601 with a zone, or as Java's `Date` writes it, in ns since the epoch; None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        java = _JAVA_DATE.fullmatch(value)
        moment = _of_java(java) if java else datetime.fromisoformat(value)
    except ValueError:
        return None
    if moment is None or moment.tzinfo is None:
        return None
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 1000


def _of_java(date: re.Match[str]) -> datetime | None:
    day, zone, year = date.groups()
    if zone.startswith("GMT") and len(zone) > 3:
        minutes: int | None = (1 if zone[3] == "+" else -1) * (int(zone[4:6]) * 60 + int(zone[7:]))
    else:
        minutes = _ZONES.get(zone)
    if minutes is None:
        return None
    moment = datetime.strptime(f"{day} {year}", "%b %d %H:%M:%S %Y")
    return moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
