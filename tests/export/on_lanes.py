"""Spans on a lane."""

from typing import Any

from tests.builders import T0, Json, case


def on_lane(name: str, start: int, end: int, **more: Any) -> Json:
    return case(name, worker="gw0", start=T0 + start, end=T0 + end, **more)
