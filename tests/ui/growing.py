"""A run under way that is watched, and grows test by test."""

import os
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from tests.builders import T0, Json, S, case, heartbeat, line, span, start_record
from tests.ui.showing import Shown, showing

SUITE = span("depot", {"tracetui.span.role": "suite"}, end=0)
WORKERS = [
    span(
        f"gw{lane}",
        {"tracetui.span.role": "worker", "pytest.xdist.worker": f"gw{lane}"},
        start=T0 + lane,
        end=0,
        parent=SUITE,
    )
    for lane in range(2)
]


class Growing:
    """A directory of spans that grows while it is watched."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        (directory / "live").mkdir(parents=True)
        self.start(SUITE, *WORKERS)

    def write(self, *spans: Json) -> None:
        """Spans that have ended."""
        self._append(self.directory / "run.traces.jsonl", line(*spans))

    def start(self, *spans: Json) -> None:
        """Spans that have begun."""
        records = b"".join(map(start_record, spans))
        self._append(self.directory / "live" / "run.logs.jsonl", records + heartbeat(T0 + S))

    def _append(self, path: Path, data: bytes) -> None:
        with path.open("ab") as file:
            file.write(data)
        os.utime(path, ns=(T0, T0))


def some(lane: int, numbers: Sequence[int]) -> list[Json]:
    """Tests of a worker, in the order of their numbers."""
    return [
        case(
            f"tests/test_yard.py::test_{lane}_{number}",
            worker=f"gw{lane}",
            start=T0 + (number + 1) * S // 100,
            end=T0 + (number + 2) * S // 100,
            parent=WORKERS[lane],
        )
        for number in numbers
    ]


def watching(growing: Growing) -> AbstractAsyncContextManager[Shown]:
    """The app that follows the directory, on a screen too small for all rows."""
    return showing(growing.directory, size=(100, 30), follow=True)
