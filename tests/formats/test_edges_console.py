"""Times of events that JavaScript's console exporter wrote, whole and not."""

from typing import Any

import pytest

from tracetui.formats.others.js_console import JsSpan, _Event, told

SECOND = 1_790_000_000


@pytest.mark.parametrize(
    ("time", "time_ns"),
    [
        ([SECOND, 7], SECOND * 1_000_000_000 + 7),
        ([SECOND, 0], SECOND * 1_000_000_000),
        ([SECOND], 0),
        ([SECOND, 7, 0], 0),
        ([SECOND, "7"], 0),
        ([SECOND, 7.5], 0),
        ([], 0),
        (SECOND, 0),
        (None, 0),
    ],
)
def test_an_event_is_at_seconds_and_nanoseconds(time: Any, time_ns: int) -> None:
    """What is not just these two numbers is no time."""
    (event,) = told(JsSpan(events=[_Event("e", time)])).events
    assert (event.name, event.time_ns) == ("e", time_ns)
