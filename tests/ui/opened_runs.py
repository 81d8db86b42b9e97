"""Runs that the overview shows: one like jsCore, over, and a small one under way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from tests import jscore
from tests.builders import T0, S, case, heartbeat, line, span, write_small_run
from tests.ui.showing import Shown, Size, showing
from tracetui.ui.lists.panel import PANELS, Panel
from tracetui.ui.overview.screen import RunScreen

if TYPE_CHECKING:
    from tests.ui.conftest import Clock

HOUR = 3600 * S


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording like that of jsCore."""
    return jscore.write(tmp_path_factory.mktemp("jscore"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opened_once(recorded: Path) -> AsyncIterator[Shown]:
    """It, opened for all tests of a module."""
    async with showing(recorded, mode="run") as opened:
        await opened.until(lambda: "StopExecution" in opened.text)
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def over(opened_once: Shown) -> Shown:
    """It, as it was opened."""
    return await resized(opened_once, (120, 40))


@pytest_asyncio.fixture(loop_scope="module")
async def small_over(opened_once: Shown) -> Shown:
    """It, on a small terminal."""
    return await resized(opened_once, (98, 26))


async def resized(shown: Shown, size: Size) -> Shown:
    """The overview as it opens on a terminal of that size, whatever was done to it before."""
    assert shown.app.is_running, "it has ended in an earlier test"
    await shown.app.action_mode("run")
    screen = shown.app.screen
    assert isinstance(screen, RunScreen)
    if shown.app.size != size:
        await shown.pilot.resize_terminal(*size)
    for each in screen.query(PANELS):
        assert isinstance(each, Panel)
        each._key, each._top = None, 0
    screen.home.focus()
    screen.watch_reading()
    await shown.settle()
    return shown


@pytest_asyncio.fixture
async def live(tmp_path: Path, clock: Clock) -> AsyncIterator[Shown]:
    """A small run under way, followed."""
    async with showing(write_live(tmp_path / "spans"), mode="run", follow=True) as opened:
        yield opened


def write_live(directory: Path) -> Path:
    write_small_run(directory)
    with (directory / "live" / "run.logs.jsonl").open("ab") as file:
        file.write(heartbeat(at=T0 + 2 * S))
    return directory


def panel(shown: Shown, kind: type[Panel]) -> str:
    """What stands on a panel."""
    return "\n".join(shown.lines[y][x : x + w] for x, y, w in lines_of(shown, kind))


def lines_of(shown: Shown, kind: type[Panel]) -> list[tuple[int, int, int]]:
    region = shown.app.screen.query_one(kind).region
    return [(region.x, y, region.width) for y in range(region.y, region.bottom)]


def past(number: int, took: int) -> bytes:
    """An earlier run of the test that runs now."""
    at, trace = T0 - number * HOUR, f"{number + 1:032x}"
    suite = span("depot", {"tracetui.span.role": "suite"}, start=at, end=at + 600 * S, trace=trace)
    return line(suite, case("slow", start=at, end=at + took * S, parent=suite, trace=trace))
