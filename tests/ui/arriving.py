"""A directory to which spans arrive while it is watched."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.builders import MS, S, case, heartbeat, line, start_record

A_SECOND, AT_ONCE = 2000, 100


@contextmanager
def arriving(directory: Path) -> Iterator[None]:
    """A run under way in `directory`, to which 2,000 spans come a second."""
    done, now = threading.Event(), time.time_ns()
    (directory / "live").mkdir()
    (directory / "live" / "run.logs.jsonl").write_bytes(
        start_record(case("running", start=now - S)) + heartbeat(now)
    )
    path = directory / "run.traces.jsonl"
    path.write_bytes(line(case("first", start=now - S, end=now)))

    def write() -> None:
        number = 0
        while not done.wait(AT_ONCE / A_SECOND):
            at = time.time_ns()
            spans = [case(f"t{number + each}", start=at - MS, end=at) for each in range(AT_ONCE)]
            number += AT_ONCE
            with path.open("ab") as file:
                file.write(line(*spans))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        done.set()
        writer.join()
