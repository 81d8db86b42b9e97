"""Of a long run the modes that are not shown keep nothing but where the reader is: there they go on."""

import gc
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.benchmarks.live_run import LiveRun
from tests.builders import line
from tests.ingest.daily_runs import run as run_of
from tests.ui.showing import Shown, showing
from tracetui.analysis.ranking.grown_ranking import GrownRanking
from tracetui.store.memory_limit import ROW_BYTES
from tracetui.ui.app.modes import MODES

OTHERS = ("health", "run")


@pytest.fixture(autouse=True)
def all_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any run is a long one."""
    monkeypatch.setattr("tracetui.ui.frame.mode_screens.LONG", 0)


@pytest.fixture
def run(tmp_path: Path) -> Iterator[LiveRun]:
    """Some hundred tests, and more to come."""
    made = LiveRun(tmp_path, "long")
    for _ in range(120):
        made.step(time.time_ns())
    yield made
    made.close()


@pytest_asyncio.fixture
async def shown(run: LiveRun, tmp_path: Path) -> AsyncIterator[Shown]:
    """It is watched."""
    async with showing(tmp_path, follow=True) as opened:
        await opened.until(lambda: is_level(opened, run))
        yield opened


def is_level(shown: Shown, run: LiveRun) -> bool:
    """Whether the screen tells of all that was written."""
    reading = shown.app.reading
    return reading is not None and len(reading.findings.snapshot) >= run.told


async def away_and_back(shown: Shown, run: LiveRun, mode: str) -> None:
    """Other modes are shown, more is written meanwhile, and the mode is shown again."""
    for other in OTHERS:
        await shown.app.action_mode(other)
        for _ in range(5):
            run.step(time.time_ns())
        await shown.until(lambda: is_level(shown, run))
    await shown.app.action_mode(mode)
    await shown.settle()


async def test_the_waterfall_keeps_its_place(run: LiveRun, shown: Shown) -> None:
    """Cursor, line, folds and window are as they were; twice, and though nothing was shown in between."""
    await shown.app.action_mode("waterfall")
    await shown.press("u", "u", *["down"] * 3, "right", *["down"] * 40, "plus")
    waterfall = shown.waterfall
    before = (shown.under_cursor, waterfall.cursor - waterfall.top, waterfall.window)
    assert waterfall.top > 0
    await away_and_back(shown, run, "waterfall")
    assert (shown.under_cursor, waterfall.cursor - waterfall.top, waterfall.window) == before
    for mode in ("health", "waterfall", "health", "waterfall"):
        await shown.app.action_mode(mode)
    await shown.settle()
    assert (shown.under_cursor, waterfall.cursor - waterfall.top, waterfall.window) == before


async def test_a_ranking_keeps_its_place(run: LiveRun, shown: Shown) -> None:
    """The name under the cursor stays on its line, in the order that was chosen."""
    await shown.app.action_mode("slowest")
    await shown.press(*["down"] * 60)
    slowest = shown.slowest
    rank = slowest.rank
    assert rank is not None
    line, order = slowest.cursor - slowest.top, slowest.order
    await away_and_back(shown, run, "slowest")
    assert slowest.rank is not None
    assert (slowest.rank.name, slowest.cursor - slowest.top, slowest.order) == (rank.name, line, order)


async def test_a_ranking_keeps_no_columns(run: LiveRun, shown: Shown) -> None:
    """What it was grown from, an array of every span each, goes with the mode; and comes with it."""
    others = rankings(set())  # Of tests before this one, in the same process.
    await shown.app.action_mode("slowest")
    await shown.settle()
    assert len(rankings(others)) == 1
    await shown.app.action_mode("health")
    await shown.settle()
    assert not rankings(others)
    await away_and_back(shown, run, "slowest")
    assert len(rankings(others)) == 1


def rankings(others: set[GrownRanking]) -> set[GrownRanking]:
    """All that are kept to be updated, but for `others`."""
    gc.collect()
    return {kept for kept in gc.get_objects() if isinstance(kept, GrownRanking)} - others


async def test_lanes_keep_their_place(run: LiveRun, shown: Shown) -> None:
    """The cursor stays on its block."""
    await shown.app.action_mode("lanes")
    await shown.press("down", "down", "home", *["right"] * 4)
    row = shown.lanes.row
    assert row is not None
    await away_and_back(shown, run, "lanes")
    assert shown.lanes.row == row


async def test_what_is_shown_again_is_whole(run: LiveRun, shown: Shown) -> None:
    """Each mode says the same of a run that stands still, whenever it is shown."""
    for mode in MODES:
        await shown.app.action_mode(mode.name)
        await shown.settle()
    for mode in MODES:
        await shown.app.action_mode(mode.name)
        await shown.settle()
        assert "reading" not in shown.text
        assert f"{run.told + 9} spans" in shown.lines[0]


async def test_rows_leave_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Older runs leave while another mode is shown: the test under the cursor is still under it."""
    monkeypatch.setattr("tracetui.ingest.memory.eviction.usual_ceiling", lambda: 1000 * ROW_BYTES)
    directory = tmp_path / "runs"
    directory.mkdir()

    def write(number: int) -> None:
        (directory / f"run{number}.jsonl").write_bytes(b"".join(map(line, run_of(number))))

    for number in range(3):
        write(number)
    async with showing(directory, follow=True) as shown:
        await shown.press("2", "u", "u", "down", "down", "down")
        reading, row, title = shown.app.reading, shown.waterfall.row, shown.under_cursor
        assert reading is not None
        assert row is not None
        shown.app._choose(int(reading.findings.snapshot.key[row]))
        await shown.settle()
        await shown.press("6")
        for number in range(3, 5):
            write(number)
        await shown.until(lambda: bool(shown.app.reading and shown.app.reading.renewals))
        await shown.press("2")
        await shown.settle()
        assert shown.under_cursor == title
