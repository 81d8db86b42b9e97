"""The mode Compare under keys: which runs are held against each other, and where a row leads."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.comparisons import recording
from tests.ui.showing import Shown, showing
from tests.ui.two_sides import write
from tracetui.ui.compare.rows import CompareRows
from tracetui.ui.dialogs.runs_screen import RunsScreen


@pytest_asyncio.fixture
async def shown(tmp_path: Path) -> AsyncIterator[Shown]:
    """The newest of six runs against the one before."""
    async with showing(write(tmp_path / "spans"), size=(120, 40)) as opened:
        await opened.press("8")
        yield opened


def listed(shown: Shown) -> CompareRows:
    return shown.app.screen.query_one(CompareRows)


def names(shown: Shown) -> list[str]:
    return list(listed(shown).labels())


async def test_the_run_before_it_is_the_base(shown: Shown) -> None:
    """What stands out, by added time; which runs, and what qualifies them."""
    assert names(shown) == ["slow", "fresh", "gone", "quick"]
    assert "1 added (+700ms), 1 gone (-2.00s); 2 suspects" in shown.text
    assert "s 2026-11-18 16:06:40  against  s 2026-11-18 15:06:40" in shown.text
    assert "a verdict on times needs at least 5 runs on either side" in shown.text


async def test_suspects_do_not_look_like_verdicts(shown: Shown) -> None:
    """Their bars are hollow, their mark is a question; below it says why."""
    slow, fresh, gone, quick = shown.rows(listed(shown))[:4]
    assert "? slow" in slow
    assert "suspect" in slow
    assert "░" in slow.partition("│")[2]
    assert "█" in fresh.partition("│")[2]
    assert "█" in gone.partition("│")[0]
    assert "░" in quick.partition("│")[0]
    assert "no verdict: beyond 4x the usual noise, but 1 run cannot tell" in shown.text


async def test_all_rows_and_back(shown: Shown) -> None:
    """v shows what is undecided too; the cursor stays on its name."""
    await shown.press("down", "v")
    assert len(names(shown)) == 34
    row = listed(shown).row
    assert row is not None
    assert row.subject.name == "fresh"
    await shown.press("v")
    assert len(names(shown)) == 4


async def test_c_in_the_run_picker_marks_the_base(shown: Shown) -> None:
    """From any mode; all runs together are all others of that name."""
    await shown.press("1", "r", "end", *["down"] * 9, "c")
    assert "against  5 runs" in shown.text
    await shown.press("r", "up", "up", "c")
    assert listed(shown).base is not None


async def test_c_is_a_letter_while_something_is_typed(shown: Shown) -> None:
    """Names have c in them."""
    await shown.press("r", "x", "c")
    assert isinstance(shown.app.screen, RunsScreen)
    assert shown.app.screen.query_one("Input").value == "xc"  # type: ignore[attr-defined]


async def test_c_chooses_another_base(shown: Shown) -> None:
    """In the mode itself: enter takes the run, escape leaves all as it was."""
    await shown.press("c")
    assert "enter: compare with" in shown.text
    await shown.press("escape")
    assert "against  s 2026-11-18 15:06:40" in shown.text
    await shown.press("c", *["down"] * 3, "enter")
    assert "against  s 2026-11-18 14:06:40" in shown.text
    assert names(shown) == ["slow", "fresh", "gone", "quick"]


async def test_enter_shows_the_test(shown: Shown) -> None:
    """In the waterfall; one that is gone where it last was."""
    await shown.press("enter")
    assert shown.under_cursor == "slow"
    assert "16:06:40" in shown.text or "newest" in shown.text
    await shown.press("8", "down", "down", "enter")
    assert shown.under_cursor == "gone"
    assert shown.app.reading is not None
    findings = shown.app.reading.findings
    assert findings.runs.number(findings.choice) == 1


async def test_a_run_without_another(tmp_path: Path) -> None:
    """Says what to do."""
    async with showing(write(tmp_path / "spans", 1), size=(100, 24)) as shown:
        await shown.press("8")
        assert "There is no earlier run of this name to compare with." in shown.text


async def test_runs_that_are_the_same(tmp_path: Path) -> None:
    """Nothing stands out, and that is said."""
    (tmp_path / "spans").mkdir()
    for number in range(2):
        (tmp_path / "spans" / f"{number}.jsonl").write_bytes(recording(number))
    async with showing(tmp_path / "spans", size=(100, 24)) as shown:
        await shown.press("8")
        assert "Nothing stands out; v shows all 30 rows." in shown.text
