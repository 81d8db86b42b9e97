"""The overview of a run that is over: what it says of it, and where its lines lead."""

import re

import pytest

from tests import jscore
from tests.ui.opened_runs import panel
from tests.ui.showing import Shown
from tracetui.ui.advice.panel import HelpPanel
from tracetui.ui.overview.run_more import ChartPanel, SpentPanel
from tracetui.ui.overview.run_panels import FailedPanel, LanesPanel, NowPanel, SlowestPanel

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_why_it_stood_still(over: Shown) -> None:
    """Of jsCore it says at once that all lanes stood still for four minutes, when, and behind what."""
    told = panel(over, NowPanel)
    assert "WHAT MATTERED" in told
    assert "all 4 lanes were stalled for 4m01s" in told
    assert "2m29s .. 6m30s, while job1 archived" in told
    assert "jstests/core/timeseries_computed_field.js" in told


async def test_what_is_slow(over: Shown) -> None:
    """The slowest tests with their own times; of one that only waited while the run stood still, that."""
    rows = panel(over, SlowestPanel).splitlines()
    assert "removea.js" in rows[1]
    assert "stalled" in rows[1]
    assert rows[1].rstrip().endswith("4m01s")
    assert "index_large.js" in rows[2]
    assert "stalled" not in rows[2]


async def test_what_failed(over: Shown) -> None:
    """The failure, when it was, and the first line of why."""
    told = panel(over, FailedPanel)
    assert "✗ jstests/core/timeseries_computed_field.js" in told
    assert "at 6m41s" in told
    assert "StopExecution: JSTest jstests/core/time" in told


async def test_lanes(over: Shown) -> None:
    """A strip per lane with how busy it was: the stall is seen on all of them, and who caused it."""
    rows = panel(over, LanesPanel).splitlines()
    assert [row.split()[0] for row in rows[1:5]] == ["job0*", "job1*", "job2*", "job3*"]
    assert "▓▓▓▓" in rows[2]
    assert all("┄┄┄┄" in rows[lane] for lane in (1, 3, 4))
    assert "┄" not in rows[2]
    busy = [float(row.split()[-1].rstrip("%")) for row in rows[1:5]]
    assert all(70 < busy[lane] < 75 for lane in (0, 2, 3))
    assert busy[1] > 99
    assert "idle 19.0s · stalled 12m03s · best case 12m27s" in rows[5]


async def test_where_the_time_went(over: Shown) -> None:
    """Tests, hooks, archiving and idle time as shares of all lanes' time."""
    told = panel(over, SpentPanel)
    assert "WHERE THE TIME WENT" in told
    for name in ("tests", "hooks", "archiving", "idle"):
        assert f" {name} " in told


@pytest.mark.parametrize(
    ("keys", "mode"),
    [
        (("enter",), "failures"),
        (("down", "enter"), "waterfall"),
        (("tab", "enter"), "failures"),
        (("shift+tab", "shift+tab", "shift+tab", "enter"), "lanes"),
        (("shift+tab", "down", "enter"), "slowest"),
    ],
)
async def test_doors(over: Shown, keys: tuple[str, ...], mode: str) -> None:
    """Enter on a line of a panel leads to where more is said of it, at that very place."""
    await over.press(*keys)
    assert over.app.current_mode == mode
    await over.settle()
    selected = [row for row in over.lines if row.startswith("▌")]
    name = {"failures": "timeseries", "lanes": "job0", "slowest": "index_large", "waterfall": "archiver"}
    assert any(name[mode] in row for row in selected)


async def test_click_opens(over: Shown) -> None:
    """A click on a line opens it, a click on the costs leads to Slowest."""
    await over.click(over.app.screen.query_one(SlowestPanel), 20, 3)
    assert over.app.current_mode == "slowest"
    assert over.slowest.rank
    assert "geo_s2near" in over.slowest.rank.name


async def test_wheel_scrolls(over: Shown) -> None:
    """The wheel moves a panel's lines, and nothing else."""
    slowest = over.app.screen.query_one(SlowestPanel)
    before = panel(over, LanesPanel)
    await over.wheel(slowest, 5, 5, down=True)
    assert "removea" not in panel(over, SlowestPanel)
    await over.wheel(slowest, 5, 5, down=False)
    assert "removea" in panel(over, SlowestPanel)
    assert panel(over, LanesPanel) == before


async def test_the_wheel_stops_at_the_last(over: Shown) -> None:
    """A panel is never scrolled further than to its last line."""
    slowest = over.app.screen.query_one(SlowestPanel)
    await over.wheel(slowest, 5, 5, down=True, notches=len(slowest._items))
    assert panel(over, SlowestPanel).splitlines()[-1].strip()


async def test_a_moment_of_the_chart(over: Shown) -> None:
    """A click on the chart leads to what ended then, in Lanes."""
    chart = over.app.screen.query_one(ChartPanel)
    failed = next(y for y, row in enumerate(panel(over, ChartPanel).splitlines()) if "✗" in row)
    await over.click(chart, panel(over, ChartPanel).splitlines()[failed].index("✗"), failed)
    assert over.app.current_mode == "lanes"
    await over.until(lambda: "6m4" in over.text and "timeseries" in over.text)


async def test_what_would_help_is_proposed_once_the_run_is_over(over: Shown) -> None:
    """The archive of jsCore first, in minutes; it leads to the test that archived."""
    await over.until(lambda: "-4m" in panel(over, HelpPanel))
    lines = panel(over, HelpPanel).splitlines()
    assert lines[0].split() == ["WHAT", "WOULD", "HELP"]
    assert re.match(r"\s+-4m\d\ds  archive beside the lanes, not on them", lines[1])
    assert "1 archive took 4m10s of lane time" in lines[2]
    help_panel = over.app.screen.query_one(HelpPanel)
    help_panel.focus()
    await over.press("enter")
    name = jscore.FAILED.rpartition("/")[2]
    await over.until(lambda: over.app.current_mode == "waterfall" and name in over.text)
