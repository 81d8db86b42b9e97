"""Which run is shown: the newest, one that was picked, or all."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.builders import T0, S, case, line, span
from tests.ui.showing import Shown, showing
from tracetui.ui.dialogs.run_list import RunList
from tracetui.ui.dialogs.runs_screen import RunsScreen

HOUR = 3600 * S


def night(number: int, outcome: str = "passed", tests: int = 1) -> bytes:
    """A run an hour after the one before."""
    start, trace = T0 + number * HOUR, f"{number + 1:032x}"
    told = {"tracetui.span.role": "suite", "test.suite.name": f"night {number}"}
    suite = span("suite", told, start=start, end=start + 9 * S, trace=trace)
    names = [f"tests/test_yard.py::test_{number}_{each}" for each in range(tests)]
    made = [case(name, outcome, start=start, end=start + 8 * S, parent=suite, trace=trace) for name in names]
    return line(suite, *made)


def write(directory: Path, number: int, outcome: str = "passed", tests: int = 1) -> None:
    directory.mkdir(exist_ok=True)
    (directory / f"night-{number}-a.jsonl").write_bytes(night(number, outcome, tests))


@pytest_asyncio.fixture
async def shown(tmp_path: Path) -> AsyncIterator[Shown]:
    """Three runs, an hour apart; the second failed."""
    for number in range(3):
        write(tmp_path / "spans", number, "failed" if number == 1 else "passed", number + 1)
    async with showing(tmp_path / "spans", follow=True) as opened:
        yield opened


def told(shown: Shown) -> str:
    """What came as notices."""
    return "\n".join(notice.message for notice in shown.app._notifications)


def picker(shown: Shown) -> RunList:
    assert isinstance(shown.app.screen, RunsScreen)
    return shown.app.screen.query_one(RunList)


async def test_newest_first(shown: Shown) -> None:
    """The picker has a line for whichever is newest, one per run, the newest first, and one for all."""
    await shown.press("r")
    rows = [row for row in shown.rows(picker(shown)) if "night" in row or "all" in row]
    assert [row.partition("│")[2][3:].partition("  ")[0] for row in rows] == [
        "newest: night 2",
        "night 2",
        "night 1",
        "night 0",
        "all 3 runs together",
    ]
    assert "✗" in rows[2]
    assert "9.00s" in rows[1]
    assert "2026-11-18" in rows[1]


async def test_pick(shown: Shown) -> None:
    """Enter shows the run under the cursor, in every mode; escape changes nothing."""
    await shown.press("r", "down", "down", "enter")
    assert "night 1" in shown.lines[0]
    assert shown.waterfall.count == 3
    await shown.press("4")
    assert shown.slowest.count == 2
    await shown.press("r", "down", "escape", "3")
    assert "night 1" in shown.lines[0]
    assert shown.lanes._lanes
    assert sum(lane.tests for lane in shown.lanes._lanes.lanes) == 2


async def test_all(shown: Shown) -> None:
    """The last line shows all runs together."""
    await shown.press("r", *["down"] * 4, "enter")
    assert shown.waterfall.count == 9


async def test_narrow(shown: Shown) -> None:
    """Typing leaves the runs whose names have all the words; the cursor goes to the first of them."""
    await shown.press("r", *"night 0")
    assert picker(shown).count == 1
    await shown.press("enter")
    assert "night 0" in shown.lines[0]
    await shown.press("r", *"no such")
    assert "No run matches" in shown.text
    await shown.press("enter")
    assert "night 0" in shown.lines[0]


async def test_click(shown: Shown) -> None:
    """A click on a run shows it."""
    await shown.press("r")
    await shown.click(picker(shown), 10, 3)
    assert "night 0" in shown.lines[0]


async def test_follows_the_newest(shown: Shown, tmp_path: Path) -> None:
    """A newer run is shown as soon as it begins, and it is said."""
    write(tmp_path / "spans", 3)
    await shown.until(lambda: "night 3" in shown.lines[0])
    await shown.until(lambda: "A new run has started: night 3" in told(shown))


async def test_stays_with_a_pick(shown: Shown, tmp_path: Path) -> None:
    """A run that was picked stays; that a newer one has begun is said, and the picker has it on top."""
    await shown.press("r", "down", "down", "enter")
    write(tmp_path / "spans", 3)
    await shown.until(lambda: "A new run has started: night 3" in told(shown))
    assert "night 1" in shown.lines[0]
    await shown.press("r", "home", "up", "up", "up", "enter")
    assert "night 3" in shown.lines[0]


async def test_cursor_stays(shown: Shown, tmp_path: Path) -> None:
    """While the picker is open, its cursor stays on its run when another begins."""
    await shown.press("r", "down", "down", "down")
    entry = picker(shown).entry
    write(tmp_path / "spans", 3)
    await shown.until(lambda: "night 3" in "".join(shown.rows(picker(shown))))
    assert entry
    now = picker(shown).entry
    assert now
    assert (now.choice, now.title) == (entry.choice, "night 0")
