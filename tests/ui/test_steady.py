"""New data never moves what the reader looks at; folds, cursor and scroll move when the reader moves them."""

from pathlib import Path

import pytest

from tests.builders import T0, S, span
from tests.ui.conftest import Clock
from tests.ui.growing import Growing, some, watching
from tests.ui.showing import Shown
from tracetui.model.role import Outcome
from tracetui.store.snapshot import Snapshot
from tracetui.ui.lists.row_list import RowList


@pytest.fixture
def growing(tmp_path: Path, clock: Clock) -> Growing:
    """A run under way on two workers, twenty tests on each so far; its clock stands still."""
    directory = Growing(tmp_path / "spans")
    for lane in range(2):
        directory.write(*some(lane, range(20)))
    return directory


async def test_rows_above_and_below(growing: Growing) -> None:
    """The span under the cursor keeps its line of the screen while rows come above and below it."""
    async with watching(growing) as shown:
        await shown.press("end", *["up"] * 10)
        before = standing(shown.waterfall), shown.under_cursor
        growing.write(*some(0, range(20, 30)), *some(1, range(20, 30)))
        await shown.until(lambda: shown.waterfall.count == 63)
        await shown.settle()
        assert (standing(shown.waterfall), shown.under_cursor) == before


async def test_unscrolled(growing: Growing) -> None:
    """It does so too where the list was not scrolled yet."""
    async with watching(growing) as shown:
        await shown.press(*["down"] * 8)
        before = standing(shown.waterfall), shown.under_cursor
        growing.write(*(each | {"startTimeUnixNano": str(T0)} for each in some(0, range(20, 24))))
        await shown.until(lambda: shown.waterfall.count == 47)
        await shown.settle()
        assert (standing(shown.waterfall), shown.under_cursor) == before


async def test_cursor_out_of_sight(growing: Growing) -> None:
    """With the cursor scrolled out of sight, the first line of the screen keeps its span."""
    async with watching(growing) as shown:
        await shown.press(*["down"] * 5)
        for _ in range(8):
            await shown.wheel(shown.waterfall, 5, 5, down=True)
        assert shown.waterfall.top > 5
        before = shown.rows(shown.waterfall)[0].split()[2], shown.under_cursor
        growing.write(*some(0, range(20, 30)))
        await shown.until(lambda: shown.waterfall.count == 53)
        await shown.settle()
        assert (shown.rows(shown.waterfall)[0].split()[2], shown.under_cursor) == before


async def test_top_stays_top(growing: Growing) -> None:
    """A cursor that nobody moved stays on the first row, also when an earlier one comes."""
    async with watching(growing) as shown:
        growing.write(span("earlier", start=T0 - S, end=T0))
        await shown.until(lambda: "earlier" in shown.text)
        await shown.settle()
        assert (shown.waterfall.cursor, shown.waterfall.top) == (0, 0)
        assert shown.under_cursor == "earlier"


async def test_folds(growing: Growing) -> None:
    """A folded test stays folded when its phases arrive, an unfolded worker stays unfolded."""
    test = some(0, [30])[0]
    phases = [span(when, {"tracetui.span.role": "phase"}, parent=test) for when in ("setup", "call")]
    async with watching(growing) as shown:
        await shown.press("end", "left", "left")
        assert shown.waterfall.count == 23
        growing.start(test)
        await shown.until(lambda: shown.waterfall.count == 24)
        growing.write(*phases)
        await shown.until(lambda: len(snapshot_of(shown)) == 46)
        await shown.settle()
        assert shown.waterfall.count == 24


async def test_unfolded_stays(growing: Growing) -> None:
    """A test that the reader unfolded stays so while more arrives inside it."""
    test = some(1, [30])[0]
    phases = [span(when, {"tracetui.span.role": "phase"}, parent=test) for when in ("setup", "call")]
    growing.start(test)
    growing.write(phases[0])
    async with watching(growing) as shown:
        await shown.press("end", "right")
        assert shown.waterfall.count == 45
        growing.write(phases[1])
        await shown.until(lambda: shown.waterfall.count == 46)


async def test_result(growing: Growing, clock: Clock) -> None:
    """A running test shows in the list and above it; its bar grows, and then its result shows."""
    test = some(1, [30])[0]
    async with watching(growing) as shown:
        growing.start(test)
        await shown.until(lambda: "test_1_30" in shown.text)
        await shown.press("end")
        assert "▶" in shown.rows(shown.waterfall)[-1]
        assert "▶ gw1" in shown.lines[4]
        assert "test_1_30" in shown.lines[4]
        assert (
            shown.rows(shown.waterfall)[-1].rstrip("┃│ ").endswith(("█", "▉", "▊", "▋", "▌", "▍", "▎", "▏"))
        )
        before = shown.rows(shown.waterfall)[-1]
        clock.now_ns += S
        await shown.until(lambda: shown.rows(shown.waterfall)[-1] != before)
        growing.write(test)
        await shown.until(lambda: "✓" in shown.rows(shown.waterfall)[-1])
        await shown.until(lambda: "test_1_30" not in shown.lines[4])


async def test_less_room(growing: Growing) -> None:
    """A cursor in sight stays in sight when what runs now takes lines from the list."""
    async with watching(growing) as shown:
        await shown.press(*["down"] * (shown.waterfall.size.height - 1))
        assert standing(shown.waterfall) == shown.waterfall.size.height - 1
        growing.start(*some(0, [30]), *some(1, [30]))
        await shown.until(lambda: shown.waterfall.count == 45)
        await shown.settle()
        assert any(row.startswith("▌") for row in shown.rows(shown.waterfall))


async def test_cut_off(growing: Growing, clock: Clock) -> None:
    """When the writer is gone, what was running is cut off, without a key pressed."""
    async with watching(growing) as shown:
        assert "LIVE" in shown.lines[0]
        clock.now_ns += 3600 * S
        await shown.until(lambda: "CUT OFF" in shown.lines[0])
        assert (snapshot_of(shown).outcome == Outcome.CUT_OFF).sum() == 3


async def test_window_stays(growing: Growing, clock: Clock) -> None:
    """A window that the reader chose stays; the whole run grows with it."""
    async with watching(growing) as shown:
        await shown.press("down", "down", "down", "z")
        before = shown.waterfall.window
        growing.write(*some(0, range(20, 30)))
        clock.now_ns += S
        await shown.until(lambda: shown.waterfall.count == 53)
        assert shown.waterfall.window == before


async def test_ranking(growing: Growing) -> None:
    """In the ranking, the test under the cursor keeps its line while slower ones come."""
    async with watching(growing) as shown:
        await shown.press("4", "end", *["up"] * 5)
        assert shown.slowest.rank
        before = standing(shown.slowest), shown.slowest.rank.name
        slow = [each | {"endTimeUnixNano": str(T0 + 2 * S)} for each in some(0, range(20, 30))]
        growing.write(*slow)
        await shown.until(lambda: shown.slowest.count == 50)
        await shown.settle()
        assert (standing(shown.slowest), shown.slowest.rank.name) == before


async def test_detail(growing: Growing) -> None:
    """The detail pane keeps its scroll while other spans arrive, and shows the new record of its own span."""
    test = some(0, [30])[0]
    growing.start(test)
    async with watching(growing) as shown:
        row = next(row for row in range(len(snapshot_of(shown))) if "0_30" in shown.title_of(row))
        shown.waterfall.show(row)
        await shown.press("enter", "down", "down", "down")
        assert shown.detail.rows.cursor == 3
        growing.write(*some(1, range(20, 25)))
        await shown.until(lambda: shown.waterfall.count == 49)
        await shown.settle()
        assert shown.detail.rows.cursor == 3
        growing.write(test)
        await shown.until(lambda: "test.case.result.status" in shown.text)


def standing(rows: RowList) -> int:
    """The line of the widget that the cursor is on."""
    return rows.cursor - rows.top


def snapshot_of(shown: Shown) -> Snapshot:
    """The spans that are shown."""
    assert shown.app.reading
    return shown.app.reading.findings.snapshot
