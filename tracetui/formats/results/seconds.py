"""Durations and times of day as writers of results spell them."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from tracetui.formats.times import event_time

_MOST_DIGITS = 40
_LONGEST_S = 10**8
_LATEST_NS = 4_102_444_800_000_000_000


def seconds_ns(text: str) -> int | None:
    """Seconds (`0.25`, `1,234.5`, `0,25`, `3e-05`) in ns; None for no such number, and for negative ones.

    A comma before three digits separates thousands (Surefire), unless only zeros stand before it.
    """
    bare = text.strip().removesuffix("s")
    if not bare or len(bare) > _MOST_DIGITS or not bare.isascii():
        return None
    try:
        number = Decimal(_plain(bare))
    except InvalidOperation:
        return None
    if not number.is_finite() or number < 0 or number > _LONGEST_S:
        return None
    return int((number * 1_000_000_000).to_integral_value())


def _plain(text: str) -> str:
    """The number with a point, and without other separators."""
    whole, comma, rest = text.partition(",")
    if not comma or "." in rest or "," in rest:
        return text.replace(",", "")
    is_thousands = len(rest) == 3 and whole.strip("0") != ""
    return whole + rest if is_thousands else f"{whole}.{rest}"


def stamp_ns(attributes: Mapping[str, str]) -> int:
    """The time of day in an element's `timestamp`, UTC unless it says otherwise; 0 if it has none."""
    text = attributes.get("timestamp", "").strip()
    time_ns = event_time(text) if "-" in text else 0
    return time_ns if time_ns < _LATEST_NS else 0
