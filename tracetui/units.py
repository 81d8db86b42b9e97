"""Nanoseconds, counts and bytes to text; no other module formats time.

Every duration is an `int` of nanoseconds; its text is plain ASCII of at most 7 cells up to a thousand days.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

US, MS, S = 1_000, 1_000_000, 1_000_000_000
MINUTE, HOUR, DAY = 60 * S, 3600 * S, 86_400 * S
MAX_NS = 2**63 - 1

SLOT = 2 * DAY
"""Times that have no date begin at a multiple of this (`analysis.clocks`) ..."""
NO_EPOCH = 3650 * DAY
"""... and are earlier than this, in ns since the epoch."""

_STEPS = (
    [unit * step for unit in (1, US, MS) for step in (1, 2, 5, 10, 20, 50, 100, 200, 500)]
    + [S * step for step in (1, 2, 5, 10, 15, 30)]
    + [MINUTE * step for step in (1, 2, 5, 10, 15, 30)]
    + [HOUR * step for step in (1, 2, 3, 6, 12)]
)


def axis(ns: int) -> int:
    """Which axis a time is on: that of all dates (-1), or that of a document without any."""
    return ns // SLOT if 0 <= ns < NO_EPOCH else -1


def duration(ns: int) -> str:
    """`ns` as people write it: `0`, `850ns`, `12.3us`, `4.0ms`, `0.81s`, `12.3s`, `4m01s`, `2h05m`,
    `3d04h`.
    """
    if ns < 0:
        return "-" + duration(-ns)
    if ns < MINUTE - S // 20:
        return _below_a_minute(ns)
    seconds = (ns + S // 2) // S
    if seconds < 3600:
        return f"{seconds // 60}m{seconds % 60:02d}s"
    minutes = (ns + MINUTE // 2) // MINUTE
    if minutes < 24 * 60:
        return f"{minutes // 60}h{minutes % 60:02d}m"
    hours = (ns + HOUR // 2) // HOUR
    return f"{hours // 24}d{hours % 24:02d}h"


def duration_within(ns: int, whole_ns: int) -> str:
    """A part of `whole_ns` as a duration; `~0` if it is less than a ten-thousandth of that."""
    return "~0" if 0 < ns * 10_000 < whole_ns else duration(ns)


def seconds(ns: int) -> str:
    """An age or a running time in whole seconds: `0s`, `3s`, `1m05s`, `2h05m`."""
    return duration(ns) if ns >= MINUTE else f"{max(0, ns) // S}s"


def _below_a_minute(ns: int) -> str:
    if ns < US:
        return f"{ns}ns" if ns else "0"
    for unit, name in ((US, "us"), (MS, "ms")):
        if ns < 999.5 * unit:
            value = ns / unit
            return f"{value:.1f}{name}" if value < 99.95 else f"{value:.0f}{name}"
    value = ns / S
    return f"{value:.2f}s" if value < 9.995 else f"{value:.1f}s"


def wall_clock(ns: int) -> str:
    """The UTC time of day of `ns` since the epoch, as `16:02:11.402`."""
    moment = datetime.fromtimestamp(ns // S, UTC)
    return f"{moment:%H:%M:%S}.{ns % S // MS:03d}"


def timestamp(ns: int) -> str:
    """The UTC date and time of `ns` since the epoch: `2026-11-22 16:02:11.402`; raw ns past year 9999."""
    try:
        moment = datetime.fromtimestamp(ns // S, UTC)
    except (OverflowError, ValueError, OSError):
        return f"{ns}ns"
    return f"{moment:%Y-%m-%d %H:%M:%S}.{ns % S // MS:03d}"


def day(ns: int) -> str:
    """The UTC date and minute of `ns` since the epoch: `2026-11-22 16:02`; `no date` without one."""
    return "no date" if 0 <= ns < NO_EPOCH else timestamp(ns)[:16]


def moment(ns: int) -> str:
    """A time for people: `2026-11-22 16:02:11.402 UTC`; without a date `+00:00:01.402`."""
    if 0 <= ns < NO_EPOCH:
        hours = ns % SLOT // HOUR
        return f"+{hours:02d}{wall_clock(ns)[2:]}"
    return f"{timestamp(ns)} UTC"


def count(number: int) -> str:
    """`number` with thin groups: `12 844`."""
    return f"{number:,}".replace(",", " ")


def many(number: int, one: str, more: str = "") -> str:
    """A count with its noun: `1 span`, `12 844 spans`."""
    return f"{count(number)} {one if number == 1 else more or one + 's'}"


def share(part: float) -> str:
    """A fraction of one as a percentage: `13.7%`."""
    return f"{100 * part:.1f}%"


def rate(per_second: float, beside: float = 0.0) -> str:
    """A rate per second, or per minute if that is less than one: `2.4/s`, `12/s`, `7.5/min`.

    In the same unit as a larger rate `beside` it.
    """
    most = max(per_second, beside)
    number, unit = (per_second, "s") if most >= 1 or not most else (60 * per_second, "min")
    return f"{number:.1f}/{unit}" if number < 9.95 else f"{number:,.0f}/{unit}".replace(",", " ")


def size(number: int) -> str:
    """A number of bytes: `512 B`, `1.4 MB` (powers of ten)."""
    if number < 1000:
        return f"{number} B"
    value = float(number)
    for unit in ("kB", "MB", "GB"):
        value /= 1000
        if value < 999.5:
            return f"{value:.1f} {unit}"
    return f"{value / 1000:.1f} TB"


def axis_step(span_ns: int, most: int) -> int:
    """The smallest nice step, in ns, that cuts `span_ns` into at most `most` intervals."""
    least = max(1, -(-span_ns // max(1, most)))
    for step in _STEPS:
        if step >= least:
            return step
    step = DAY
    while step < least:
        step *= 2
    return step


def ticks(start_ns: int, end_ns: int, most: int) -> Iterator[int]:
    """Nice positions from `start_ns` to `end_ns` (ns from any origin), about `most` at most."""
    step = axis_step(end_ns - start_ns, most)
    first = -(-start_ns // step) * step
    yield from range(first, end_ns + 1, step)


def tick(ns: int, step_ns: int) -> str:
    """The label of a tick at `ns` on an axis with steps of `step_ns`: only as precise as the step."""
    if ns == 0:
        return "0s" if step_ns >= MS else "0"
    if ns < 0:
        return "-" + tick(-ns, step_ns)
    if step_ns >= MINUTE or (step_ns >= S and ns >= MINUTE):
        return _clock(ns // S)
    for unit, name, digits in ((S, "s", 9), (MS, "ms", 6), (US, "us", 3)):
        if step_ns >= unit or ns >= unit:
            return f"{ns // unit}.{ns % unit:0{digits}d}".rstrip("0").rstrip(".") + name
    return f"{ns}ns"


def clock_tick(ns: int, step_ns: int) -> str:
    """The label of a tick at `ns` since the epoch, UTC: as precise as the step, with the day at midnight."""
    text = timestamp(ns)
    if " " not in text:
        return text
    day, clock = text.split(" ")
    if ns % DAY == 0:
        return day[5:]
    if step_ns >= MINUTE:
        return clock[:5]
    if step_ns >= S:
        return clock[:8]
    digits = 3 if step_ns >= MS else 6 if step_ns >= US else 9
    return f"{clock[:8]}.{ns % S:09d}"[: 9 + digits]


def _clock(seconds: int) -> str:
    """A minute or more, down to seconds if it has any: `2m`, `1m30s`, `2h00m`, `1h00m05s`, `1d00h`."""
    parts = [seconds // 86_400, seconds // 3600 % 24, seconds // 60 % 60, seconds % 60]
    first = next(place for place, part in enumerate(parts) if part)
    last = 3 if parts[3] else 2 if parts[2] or not parts[0] else 1
    texts = [f"{part:02d}{name}" for part, name in zip(parts, "dhms", strict=True)]
    return "".join(texts[first : last + 1]).removeprefix("0")


_UNITS = {"ns": 1, "us": US, "µs": US, "μs": US, "ms": MS, "s": S, "m": MINUTE, "h": HOUR, "d": DAY}
_PART = re.compile(r"(\d+(?:\.\d+)?)(ns|[uµμ]s|ms|s|m|h|d)")


def nanoseconds(text: str) -> int:
    """A duration as `duration` and people write it (`250ms`, `1.5s`, `1m30s`, `0`), in ns.

    Raises `ValueError` for anything else, including a number without a unit and more than `MAX_NS`.
    """
    compact = text.replace(" ", "").lower()
    parts = _PART.findall(compact)
    if compact == "0":
        return 0
    if not parts or "".join(map("".join, parts)) != compact:
        raise ValueError(f"not a duration: {text}")
    ns = sum(round(Decimal(number) * _UNITS[unit]) for number, unit in parts)
    if ns > MAX_NS:
        raise ValueError(f"too long: {text}")
    return ns
