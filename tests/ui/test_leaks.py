"""What is gone from the screen is gone from memory: nothing grows with use."""

import gc
import time
from itertools import cycle, islice
from pathlib import Path

import pytest
from textual.widget import Widget

from tests.benchmarks.live_run import LiveRun
from tests.builders import write_small_run
from tests.ui.showing import Shown, showing
from tracetui.store.snapshot import Snapshot
from tracetui.ui.app.modes import MODES

SIZES = ((80, 24), (120, 40), (101, 30), (200, 50))
DIALOGS = ("r", "question_mark", "ctrl+f")
LINGER = 4
"""The dialog that was closed last may still be held by something."""
MOST_READINGS = 4
"""Of the mode that is shown, of all others, of what is being read, and one that is about to go."""


def alive() -> list[Widget]:
    """The widgets there are, on a screen or not."""
    gc.collect()
    return [each for each in gc.get_objects() if isinstance(each, Widget)]


async def use(shown: Shown, switches: int) -> None:
    """Modes one after the other; with each sixth another size, another filter and a dialog."""
    for number, mode in enumerate(islice(cycle(MODES), switches)):
        await shown.app.action_mode(mode.name)
        await shown.pilot.pause()
        if number % 6 == 5:
            await shown.pilot.resize_terminal(*SIZES[number // 6 % len(SIZES)])
            shown.app.search.filter.set(("outcome:failed", "")[number // 6 % 2])
            await shown.pilot.press(DIALOGS[number // 6 % 3], "escape")
    await shown.settle()


async def test_modes_that_are_not_shown_share_a_reading(tmp_path: Path) -> None:
    """A reading of a long run takes megabytes: six modes do not keep six of them."""
    await no_more_are_kept(tmp_path, MOST_READINGS)


async def test_of_a_long_run_modes_that_are_not_shown_keep_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each takes tens of megabytes then, beside the one that is shown and the one that is being made."""
    monkeypatch.setattr("tracetui.ui.frame.mode_screens.LONG", 0)
    await no_more_are_kept(tmp_path, MOST_READINGS - 1)


async def no_more_are_kept(directory: Path, most: int) -> None:
    """After all modes of a run that goes on were seen twice, soon `most` revisions of it are in memory."""
    others = snapshots()  # Of tests before this one, in the same process.
    run = LiveRun(directory, "long")
    try:
        async with showing(directory, follow=True) as shown:
            for mode in (*MODES, *MODES):
                for _ in range(5):
                    run.step(time.time_ns())
                await shown.app.action_mode(mode.name)
                await shown.until(lambda: is_level(shown, run))
            await shown.settle()
            await shown.until(lambda: revisions_kept(others) <= most)
    finally:
        run.close()


def revisions_kept(others: list[Snapshot]) -> int:
    """How many revisions are in memory now; work that is under way may hold one that is about to go."""
    gc.collect()
    known = set(map(id, others))
    return len({kept.revision for kept in snapshots() if id(kept) not in known})


def snapshots() -> list[Snapshot]:
    """All there are."""
    return [kept for kept in gc.get_objects() if isinstance(kept, Snapshot)]


def is_level(shown: Shown, run: LiveRun) -> bool:
    """Whether the screen tells of all that was written."""
    reading = shown.app.reading
    return reading is not None and len(reading.findings.snapshot) >= run.told


@pytest.mark.parametrize("switches", [36, pytest.param(102, marks=pytest.mark.nightly)])
async def test_nothing_is_kept(tmp_path: Path, switches: int) -> None:
    """After all modes, sizes, filters and dialogs, most more than once, there are as many widgets as ever."""
    async with showing(write_small_run(tmp_path / "spans"), follow=True) as shown:
        await use(shown, 18)
        before = len(alive())
        await use(shown, switches)
        assert len(alive()) <= before + LINGER
