"""Chrome trace events that never ended, or ended before they began."""

import json

import pytest

from tests.builders import Json, compact
from tests.formats.reading import read
from tests.formats.test_chrome import durations, event
from tracetui.formats.chrome.trace import Trace
from tracetui.model.batch import SpanBatch
from tracetui.model.role import Outcome


@pytest.mark.parametrize(
    ("later", "took"),
    [
        ([], 0),
        ([event("X", "child", 10, dur=5)], 15),
        ([event("X", "beside", 0, tid=2, dur=20)], 20),
        ([event("i", "mark", 30, s="t")], 30),
        ([event("X", "elsewhere", 0, pid=2, dur=99), event("X", "last", 8, dur=1)], 99),
        ([event("X", "back", 8, dur=-9), event("E", "no begin", 11)], 11),
        ([event("B", "too", 7)], 7),
    ],
)
def test_what_never_ended_lasts_until_the_end_of_the_trace(later: list[Json], took: int) -> None:
    """The end of its last event, of whichever thread; some runners number threads as processes."""
    batch = read(compact([event("B", "open", 0), *later]))
    assert durations(batch)["open"] == took * 1000
    assert batch.outcome[batch.name.index("open")] == Outcome.CUT_OFF


def test_what_never_ended_ends_no_later_than_what_is_around_it() -> None:
    """That has ended, and everything in it."""
    events = [event("B", "outer", 0), event("B", "lost", 1), event("B", "deeper", 2), event("E", "outer", 10)]
    batch = read(compact([*events, event("X", "after", 10, dur=90)]))
    assert durations(batch) == {"outer": 10_000, "lost": 9000, "deeper": 8000, "after": 90_000}


def test_a_document_that_may_get_more_has_no_ends_yet() -> None:
    """What is open in it runs."""
    made = Trace()
    made.add(json.dumps(event("B", "open", 0)).encode(), 0)
    made.add(json.dumps(event("X", "x", 1, dur=5)).encode(), 100)
    batch = SpanBatch()
    made.show(batch, "ab", {})
    (columns,) = batch.packed
    assert (columns.end_ns - columns.start_ns).tolist() == [-1000, 5000]
    assert columns.end_ns[0] == 0
    assert columns.outcome[0] == Outcome.RUNNING


def test_a_negative_duration_is_an_impossible_time() -> None:
    """It is no duration, and `check` counts it, as in every other format."""
    batch = read(compact([event("X", "back", 5, dur=-2), event("X", "good", 9, dur=1)]))
    assert durations(batch) == {"back": -2000, "good": 1000}
