"""How the overview of a run that is over divides its room."""

import re

import pytest

from tests.ui.opened_runs import panel, resized
from tests.ui.showing import Shown
from tracetui.ui.overview.panel_layout import Division, Wanted, divided
from tracetui.ui.overview.run_more import ChartPanel, HistoryPanel, SpentPanel
from tracetui.ui.overview.run_panels import LanesPanel, NowPanel
from tracetui.ui.overview.screen import RunScreen
from tracetui.ui.overview.time_spent import TimeSpent

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (240, 70)], ids="{0[0]}x{0[1]}".format)
async def test_sizes(over: Shown, size: tuple[int, int]) -> None:
    """Whatever the size, what mattered, what failed and what is slow are in sight."""
    await resized(over, size)
    for told in ("stalled for 4m01s", "FAILED", "timeseries", "removea.js", "job3", "hooks 5"):
        assert told in re.sub(" +", " ", over.text)


async def test_no_line_is_wasted(over: Shown) -> None:
    """The upper panels are as high as what they say, however wide they were before."""
    for kind in (NowPanel, LanesPanel):
        assert over.app.screen.query_one(kind).size.height == over.app.screen.query_one(kind).wanted


async def test_a_run_that_is_over_looks_the_same_whatever_was_wanted_before(over: Shown) -> None:
    """Answers come one after the other: heights follow from what is there, not from what there was."""
    await over.still()
    before, screen = over.strips, over.app.screen
    assert isinstance(screen, RunScreen)
    now = screen.query_one(NowPanel)
    items = now._items
    for there in ([*items, *items[:2]], items):
        now._items = there
        screen.watch_reading()
        await over.still()
    assert over.strips == before


async def test_the_room_is_divided_again_only_where_something_has_changed(
    over: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not with every reading: another size, or a panel that wants more lines, is what counts."""
    await over.settle()
    divisions = []

    def counted(room: int, wanted: Wanted, gap: int) -> Division:
        divisions.append(room)
        return divided(room, wanted, gap)

    monkeypatch.setattr("tracetui.ui.overview.screen.divided", counted)
    screen = over.app.screen
    assert isinstance(screen, RunScreen)
    for _ in range(3):
        screen.watch_reading()
        await over.settle()
    assert not divisions
    items = NowPanel.items
    monkeypatch.setattr(NowPanel, "items", lambda panel, reading: 2 * items(panel, reading))
    screen.watch_reading()
    await over.settle()
    assert divisions
    await over.pilot.resize_terminal(120, 50)
    await over.settle()
    assert divisions[-1] > divisions[0]


async def test_room_is_used(over: Shown) -> None:
    """Where there is room: the names behind each cost, tests over time, how long tests take."""
    await resized(over, (240, 70))
    await over.until(lambda: "1s to 10s" in over.text)
    spent = panel(over, SpentPanel).splitlines()
    assert spent[2].split()[:3] == ["after_test", "hooks", "(derived)"]
    chart = panel(over, ChartPanel)
    assert "┄┄┄┄" in chart
    assert chart.count("✗") == 1
    assert "╵2m" in chart
    assert not over.app.screen.query_one(TimeSpent).display
    assert not over.app.screen.query_one(HistoryPanel).display


async def test_a_strip_where_there_is_no_room(small_over: Shown) -> None:
    """With little room two lines below all panels tell where the time went, and the pace."""
    assert "PACE" in small_over.lines[-2]
    assert not small_over.app.screen.query_one(SpentPanel).display
    for name in ("tests", "hooks", "archiving", "idle"):
        assert f" {name} " in small_over.lines[-3]
    assert "▁▁▁▁▁▁▁▁" in small_over.lines[-2]
