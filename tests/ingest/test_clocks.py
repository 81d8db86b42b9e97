"""The clock of who writes, and the one here: by how much they differ is found, and said once."""

import time
from pathlib import Path

import pytest

from tests.builders import S, case, heartbeat, line, start_record
from tests.ingest.reading import drain
from tracetui.ingest import Ingest
from tracetui.model.kind import Kind

HOUR = 3600 * S


def watched(directory: Path, *later: bytes) -> Ingest:
    """What was read of a file that was there, and then of what was added to it."""
    path = directory / "a.traces.jsonl"
    path.write_bytes(line(case("before", start=S, end=2 * S)))
    ingest = Ingest([str(directory)], follow=True)
    drain(ingest)
    for data in later:
        with path.open("ab") as file:
            file.write(data)
        drain(ingest)
    ingest.judge()
    return ingest


@pytest.mark.parametrize("offset", [HOUR, -HOUR, 2 * S, -90 * S])
def test_a_clock_that_is_not_the_writers(tmp_path: Path, offset: int) -> None:
    """A writer whose clock is behind or ahead: to a part of a second, and a line in Health."""
    at = time.time_ns() + offset
    ingest = watched(tmp_path, line(case("now", start=at - S, end=at)), heartbeat(at))
    assert abs(ingest.ahead_ns + offset) < 20 * S
    assert ingest.ahead_ns
    assert ingest.table.snapshot().health.count(Kind.WATCHER_CLOCK) == 1
    ingest.close()


def test_the_same_clock(tmp_path: Path) -> None:
    """What has just been is no difference, nor is a long test whose writer still beats."""
    at = time.time_ns()
    long = start_record(case("long", start=at - HOUR, end=0))
    ingest = watched(tmp_path, line(case("now", start=at - 5 * S, end=at - S)), long, heartbeat(at))
    assert ingest.ahead_ns == 0
    assert ingest.table.snapshot().health.count(Kind.WATCHER_CLOCK) == 0
    ingest.close()


def test_what_was_there_tells_nothing(tmp_path: Path) -> None:
    """A recording of last year is no clock."""
    assert watched(tmp_path).ahead_ns == 0
