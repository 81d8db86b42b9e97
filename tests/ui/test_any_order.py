"""Whatever comes after whatever: readings, filters, runs, keys, clicks and sizes; nothing raises."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from textual.app import App, SuspendNotSupported
from textual.geometry import Offset
from textual.pilot import Pilot

from tests.builders import MS, T0, Json, S, case, exception, line, span, start_record
from tests.ui.driven import Driver
from tracetui.analysis.study.findings import study
from tracetui.ingest import Ingest
from tracetui.store.memory_limit import ROW_BYTES
from tracetui.store.table import SpanTable
from tracetui.ui.app.app import TracetuiApp
from tracetui.ui.app.modes import MODES, Mode
from tracetui.ui.feed.clock import WALL, Held
from tracetui.ui.feed.reading import Reading, Revised
from tracetui.ui.keys.keys import HELP
from tracetui.ui.lists.row_list import RowList

KEYS_OF = {title: [name for each in group for name in each.keys.split(",") if name] for title, group in HELP}
KEYS = [*sorted({name for keys in KEYS_OF.values() for name in keys}), "ctrl+p", "x"]
FILTERS = (
    "", "role:test", "outcome:failed", "lane:gw1", "dur>40ms", "name~test_3", "not role:test", "name~nothing",
    "pytest.nodeid~2",
)  # fmt: skip
SIZES = ((80, 24), (120, 40), (200, 50), (40, 10), (60, 15), (1, 1), (101, 13))
LENGTHS_MS = (7, 1, 900, 60, 2, 300, 45)
MOST_ROWS = 420
"""Where there are more, the oldest runs leave."""


def suite_of(run: int) -> Json:
    attributes = {"tracetui.span.role": "suite", "test.suite.name": f"suite {run}"}
    trace = f"{run + 1:032x}"
    return span(
        f"suite {run}", attributes, trace=trace, start=T0 + run * 3600 * S, end=T0 + (run * 3600 + 60) * S
    )


def cases_of(run: int, first: int, count: int, lanes: int, *, bad: bool) -> list[Json]:
    suite, made = suite_of(run), []
    for number in range(first, first + count):
        start = int(suite["startTimeUnixNano"]) + number * 50 * MS
        failed = bad and number % 3 == 0
        made.append(
            case(
                f"tests/test_{number % 5}.py::test_{number}[a-b]",
                "failed" if failed else "passed",
                worker=f"gw{number % lanes}" if lanes else "",
                trace=suite["traceId"],
                start=start,
                end=start + LENGTHS_MS[number % len(LENGTHS_MS)] * MS,
                parent=suite,
                events=[exception(at=start)] if failed else (),
            )
        )
    return made


class Endless(TracetuiApp):
    """Neither ends nor leaves anything behind."""

    async def action_quit(self) -> None:
        """Never."""

    def action_picture(self) -> None:
        """None."""

    def deliver_screenshot(self, *_: object, **__: object) -> None:
        """None either."""

    @contextmanager
    def suspend(self) -> Iterator[None]:
        """For no editor."""
        raise SuspendNotSupported
        yield


class Screens(RuleBasedStateMachine):
    """An app that follows a directory; each rule changes the directory, or does what a reader may do."""

    @initialize(size=st.sampled_from(SIZES), mode=st.sampled_from([each.name for each in MODES]))
    def open(self, size: tuple[int, int], mode: str) -> None:
        self.directory = Path(tempfile.mkdtemp())
        self.ingest = Ingest([str(self.directory)], follow=True, memory=MOST_ROWS * ROW_BYTES)
        self.readings = [self.reading(SpanTable(), live=False)]
        self.written: dict[int, int] = {}
        self.app = Endless(self.ingest, "any order", self.directory, mode=mode)
        self.driver = Driver(self.shown(size))

    @asynccontextmanager
    async def shown(self, size: tuple[int, int]) -> AsyncIterator[Pilot[None]]:
        self.app._feed.run = self.app._feed._stop.wait  # type: ignore[assignment, method-assign] # rules read
        async with self.app.run_test(size=size) as pilot:
            yield pilot
            self.app._feed.stop()

    def reading(self, table: SpanTable, *, live: bool) -> Reading:
        findings = study(table.snapshot(), T0 + 30 * S, self.app.shown_run.choice if self.readings else -1)
        findings.work_out()
        return Reading(findings, 1, 2, busy=False, followed="d", clock=WALL if live else Held(T0 + 30 * S))

    readings: list[Reading] = []  # noqa: RUF012

    def publish(self, reading: Reading) -> None:
        async def step(pilot: Pilot[None]) -> None:
            self.app.post_message(Revised(reading))
            await pilot.pause()

        self.driver.take(step)

    def read(self, *, live: bool = False) -> None:
        self.ingest.sweep()
        while self.ingest.step():
            pass
        self.readings.append(self.reading(self.ingest.table, live=live))
        self.publish(self.readings[-1])
        self.settle()

    @rule(
        run=st.integers(0, 3),
        count=st.integers(1, 60),
        lanes=st.integers(0, 5),
        bad=st.booleans(),
        live=st.booleans(),
    )
    def grow(self, run: int, count: int, lanes: int, bad: bool, live: bool) -> None:
        first = self.written.get(run, 0)
        made = cases_of(run, first, count, lanes, bad=bad)
        with (self.directory / f"run{run}.jsonl").open("ab") as file:
            file.write(b"".join(map(line, made if first else [suite_of(run), *made])))
            if live:
                running = case(f"running {first}", "", "gw0", start=T0 + 1, end=0, parent=suite_of(run))
                file.write(start_record(running))
        self.written[run] = first + count
        self.read(live=live)

    @rule(run=st.integers(0, 3), gone=st.booleans())
    def rewrite(self, run: int, gone: bool) -> None:
        path = self.directory / f"run{run}.jsonl"
        if path.exists():
            path.unlink() if gone else path.write_bytes(b"")
            self.written[run] = 0
            self.read()

    @rule(which=st.integers(0, 100))
    def read_another(self, which: int) -> None:
        """Rows of before, of more runs or of fewer; or none at all."""
        self.publish(self.readings[which % len(self.readings)])
        self.settle()

    @rule(keys=st.lists(st.sampled_from(KEYS), min_size=1, max_size=5))
    def press(self, keys: list[str]) -> None:
        """Whatever is on, or lies over it."""
        self.driver.take(lambda pilot: pilot.press(*keys))

    @rule(
        mode=st.sampled_from(MODES),
        places=st.lists(st.integers(0, 100), max_size=6),
        goes_far=st.booleans(),
    )
    def look(self, mode: Mode, places: list[int], goes_far: bool) -> None:
        """At a mode, with keys that mean something there, and perhaps to the end of what it shows."""
        keys = KEYS_OF[mode.title]
        chosen = [keys[place % len(keys)] for place in places]
        self.press(["escape", "escape", mode.key, *(["end", "right"] if goes_far else []), *chosen])
        self.settle()

    @rule(text=st.sampled_from(FILTERS))
    def filter(self, text: str) -> None:
        async def step(pilot: Pilot[None]) -> None:
            self.app.search.put_filter(text)
            await pilot.pause()

        self.driver.take(step)
        self.settle()

    @rule(text=st.sampled_from(("", "test", "suite", "AssertionError", "no such")))
    def find(self, text: str) -> None:
        async def step(pilot: Pilot[None]) -> None:
            self.app.search.finder.find(text)
            await pilot.pause()

        self.driver.take(step)

    @rule(number=st.integers(-2, 5))
    def choose(self, number: int) -> None:
        async def step(pilot: Pilot[None]) -> None:
            newest = self.app.shown_run.newest
            keys = newest.findings.runs.key.tolist() if newest else []
            self.app._choose(number if number < 0 or not keys else int(keys[number % len(keys)]))
            await pilot.pause()

        self.driver.take(step)

    @rule(
        x=st.integers(0, 199),
        y=st.integers(0, 49),
        to=st.none() | st.integers(0, 199),
        times=st.integers(1, 2),
    )
    def click(self, x: int, y: int, to: int | None, times: int) -> None:
        async def step(pilot: Pilot[None]) -> None:
            width, height = self.app.size
            start = Offset(x % width, y % height)
            if to is None:
                await pilot.click(offset=start, times=times)
                return
            await pilot.mouse_down(offset=start)
            await pilot.hover(offset=Offset(to % width, y % height))
            await pilot.mouse_up(offset=Offset(to % width, y % height))

        self.driver.take(step)

    @rule(size=st.sampled_from(SIZES))
    def resize(self, size: tuple[int, int]) -> None:
        self.driver.take(lambda pilot: pilot.resize_terminal(*size))

    def settle(self) -> None:
        async def step(pilot: Pilot[None]) -> None:
            for _ in range(2):
                while any(not each.is_finished for each in self.app.workers if each.name != "feed"):
                    await pilot.pause(0.01)
                await pilot.pause()

        self.driver.take(step)

    @invariant()
    def nothing_raised(self) -> None:
        app: App[None] | None = getattr(self, "app", None)
        if app is None:
            return
        assert app._exception is None
        assert app.is_running
        for screen in app.screen_stack:
            for rows in screen.query("RowList"):
                assert isinstance(rows, RowList)
                assert 0 <= rows.cursor <= max(0, rows.count - 1)

    def teardown(self) -> None:
        if hasattr(self, "driver"):
            self.driver.close()
            self.ingest.close()
            shutil.rmtree(self.directory)


def test_nothing_raises() -> None:
    """In any order of all this every screen stands."""
    unshrunk = (Phase.explicit, Phase.generate)  # To shrink what fails takes minutes.
    run_state_machine_as_test(
        Screens, settings=settings(max_examples=4, stateful_step_count=30, phases=unshrunk)
    )


@pytest.mark.nightly
def test_nothing_raises_for_long() -> None:
    """Nor in very many others."""
    run_state_machine_as_test(
        Screens, settings=settings(max_examples=1000, stateful_step_count=60, derandomize=False)
    )
