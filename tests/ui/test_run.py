"""The overview: what it says of a run, live and over, and where its lines lead."""

import re
from pathlib import Path

import pytest

from tests import jscore
from tests.builders import T0, S, case, line, span
from tests.ui.conftest import Clock
from tests.ui.opened_runs import HOUR, panel, past, write_live
from tests.ui.showing import Shown, showing
from tracetui.analysis.advice.advice import Advice, advise
from tracetui.analysis.forecasts.checks import Forecast
from tracetui.analysis.ledger.run_costs import Behind, Cost, RunCosts
from tracetui.analysis.study.findings import Findings
from tracetui.ingest.forecasts.log import keep
from tracetui.ui.advice import panel as advising
from tracetui.ui.advice.panel import HelpPanel
from tracetui.ui.lists.panel import Panel
from tracetui.ui.overview.panel_layout import Division, Wanted, divided
from tracetui.ui.overview.run_more import ChartPanel, HistoryPanel, SpentPanel
from tracetui.ui.overview.run_panels import FailedPanel, LanesPanel, NowPanel, SlowestPanel
from tracetui.ui.overview.screen import RunScreen
from tracetui.ui.overview.time_spent import TimeSpent


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


async def test_nothing_yet(tmp_path: Path, clock: Clock) -> None:
    """A directory without spans says how to get some; the first spans take its place, and keys work."""
    async with showing(tmp_path, mode="run", follow=True) as shown:
        assert "pytest --tracetui=" in shown.text
        (tmp_path / "run.jsonl").write_bytes(line(case("first", end=T0 + S)))
        await shown.until(lambda: "SLOWEST" in shown.text)
        await shown.press("shift+tab", "enter")
        assert shown.app.current_mode == "slowest"


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (240, 70)], ids="{0[0]}x{0[1]}".format)
async def test_sizes(recorded: Path, size: tuple[int, int]) -> None:
    """Whatever the size, what mattered, what failed and what is slow are in sight."""
    async with showing(recorded, mode="run", size=size) as shown:
        for told in ("stalled for 4m01s", "FAILED", "timeseries", "removea.js", "job3", "hooks 5"):
            assert told in re.sub(" +", " ", shown.text)


async def test_the_wheel_stops_at_the_last(over: Shown) -> None:
    """A panel is never scrolled further than to its last line."""
    slowest = over.app.screen.query_one(SlowestPanel)
    for _ in range(len(slowest._items)):
        await over.wheel(slowest, 5, 5, down=True)
    assert panel(over, SlowestPanel).splitlines()[-1].strip()


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


COSTS_BY = {"tests": "test", "derived hooks": "hook", "archiving": "archiver"}


@pytest.mark.parametrize("cost", list(COSTS_BY))
async def test_click_on_a_cost(small_over: Shown, cost: str) -> None:
    """A click on what the time went to ranks just that kind."""
    spent = small_over.app.screen.query_one(TimeSpent)
    await small_over.click(spent, small_over.rows(spent)[0].index(f" {cost} ") + 2, 0)
    assert small_over.app.current_mode == "slowest"
    assert small_over.slowest.order
    assert small_over.slowest.order.by == COSTS_BY[cost]
    await small_over.until(lambda: small_over.slowest.rank is not None)


async def test_keys_on_the_costs(small_over: Shown) -> None:
    """Keys go to what the time went to, behind the panels; each has a cursor, and enter ranks its kind."""
    await small_over.press("shift+tab")
    spent = small_over.app.screen.query_one(TimeSpent)
    assert spent.has_focus
    assert "▌derived hooks" in small_over.rows(spent)[0]
    await small_over.press("right")
    assert "▌tests" in small_over.rows(spent)[0]
    await small_over.press("left", "enter")
    assert small_over.slowest.order
    assert small_over.slowest.order.by == "hook"
    assert small_over.slowest.rank
    assert "derived" in small_over.slowest.rank.name


async def test_costs_that_do_not_fit(small_over: Shown) -> None:
    """Those that fit whole are shown, the cursor's among them; marks stand for the others."""
    await small_over.pilot.resize_terminal(80, 26)
    await small_over.settle()
    spent = small_over.app.screen.query_one(TimeSpent)
    cost = r" [ ▌][a-z ]+ (\d+|<1)% (█+|▏)"
    first = small_over.rows(spent)[0].rstrip()
    assert re.fullmatch(f"({cost})+ …", first)
    await small_over.press("shift+tab", *["right"] * 9)
    last = small_over.rows(spent)[0].rstrip()
    assert re.fullmatch(f" …({cost})+", last)
    assert "▌" in last
    number = last[: last.index("▌")].count("%")
    await small_over.click(spent, last.index("▌") + 2, 0)
    assert small_over.app.current_mode != "run"
    assert number >= 1


async def test_idle_leads_to_lanes(small_over: Shown) -> None:
    """Idle time is seen in Lanes, and so does the pace lead there."""
    await small_over.press("shift+tab", *["right"] * 3, "enter")
    assert small_over.app.current_mode == "lanes"
    await small_over.press("1")
    await small_over.click(small_over.app.screen.query_one(TimeSpent), 20, 1)
    assert small_over.app.current_mode == "lanes"


async def test_a_door_shows_all_names(small_over: Shown) -> None:
    """Names that were narrowed before are all shown to who comes through a door."""
    await small_over.press("4", "ampersand", *"geo", "enter", "1", "shift+tab", "enter")
    assert small_over.slowest.order
    assert (small_over.slowest.order.by, small_over.slowest.order.narrow) == ("hook", "")
    assert "& geo" not in small_over.text


async def test_what_mattered_of_hooks(small_over: Shown) -> None:
    """That hooks took half of the time leads to which of them."""
    await small_over.press("end", "enter")
    assert small_over.slowest.order
    assert small_over.slowest.order.by == "hook"


async def test_room_is_used(recorded: Path) -> None:
    """Where there is room: the names behind each cost, tests over time, how long tests take."""
    async with showing(recorded, mode="run", size=(240, 70)) as shown:
        await shown.until(lambda: "1s to 10s" in shown.text)
        spent = panel(shown, SpentPanel).splitlines()
        assert spent[2].split()[:3] == ["after_test", "hooks", "(derived)"]
        chart = panel(shown, ChartPanel)
        assert "┄┄┄┄" in chart
        assert chart.count("✗") == 1
        assert "╵2m" in chart
        assert not shown.app.screen.query_one(TimeSpent).display
        assert not shown.app.screen.query_one(HistoryPanel).display


async def test_costs_keep_their_room(tmp_path: Path, clock: Clock) -> None:
    """Names behind a cost come and go while a run is under way; what stands below stays where it is."""
    async with showing(write_live(tmp_path / "spans"), mode="run", follow=True, size=(240, 70)) as shown:
        spent, chart = shown.app.screen.query_one(SpentPanel), shown.app.screen.query_one(ChartPanel)
        places = [chart.region.y]
        for names in (30, 1):
            behind = tuple(Behind(f"test_{name}.py", S, "file") for name in range(names))
            spent.studied = RunCosts((Cost("tests", S, 1.0),), {"tests": behind})
            spent.post_message(Panel.Fitted())
            await shown.settle()
            places.append(chart.region.y)
        assert places[0] < places[1] == places[2]


async def test_doors_of_a_name_behind_a_cost(over: Shown) -> None:
    """A name behind a cost leads to its rank."""
    spent = over.app.screen.query_one(SpentPanel)
    await over.until(lambda: "after_test hooks" in panel(over, SpentPanel))
    await over.click(spent, 10, 2)
    await over.until(lambda: over.slowest.rank is not None and "after_test" in over.slowest.rank.name)
    assert over.slowest.order
    assert over.slowest.order.by == "hook"


async def test_a_moment_of_the_chart(over: Shown) -> None:
    """A click on the chart leads to what ended then, in Lanes."""
    chart = over.app.screen.query_one(ChartPanel)
    failed = next(y for y, row in enumerate(panel(over, ChartPanel).splitlines()) if "✗" in row)
    await over.click(chart, panel(over, ChartPanel).splitlines()[failed].index("✗"), failed)
    assert over.app.current_mode == "lanes"
    await over.until(lambda: "6m4" in over.text and "timeseries" in over.text)


async def test_runs_before(tmp_path: Path, clock: Clock) -> None:
    """Runs of the same name: when, how long, how many failed; a click shows one of them, and leads back."""
    clock.now_ns = T0 + 9 * HOUR
    for number in range(4):
        (tmp_path / f"run{number}x.jsonl").write_bytes(past(number, 5 + number))
    other = span("other", {"tracetui.span.role": "suite"}, end=T0 + S, trace="e" * 32)
    (tmp_path / "other.jsonl").write_bytes(line(other, case("o", end=T0 + S, parent=other, trace="e" * 32)))
    async with showing(tmp_path, mode="run", size=(120, 50)) as shown:
        rows = panel(shown, HistoryPanel).splitlines()
        assert len(rows) == 5
        assert [row[3] for row in rows[1:]] == ["▸", " ", " ", " "]
        await shown.click(shown.app.screen.query_one(HistoryPanel), 8, 3)
        assert "2 newer" in shown.lines[0]
        rows = panel(shown, HistoryPanel).splitlines()
        assert [row[3] for row in rows[1:]] == [" ", " ", "▸", " "]
        await shown.click(shown.app.screen.query_one(HistoryPanel), 8, 1)
        assert "newer" not in shown.lines[0]


async def test_a_strip_where_there_is_no_room(small_over: Shown) -> None:
    """With little room two lines below all panels tell where the time went, and the pace."""
    assert "PACE" in small_over.lines[-2]
    assert not small_over.app.screen.query_one(SpentPanel).display
    for name in ("tests", "hooks", "archiving", "idle"):
        assert f" {name} " in small_over.lines[-3]
    assert "▁▁▁▁▁▁▁▁" in small_over.lines[-2]


async def test_no_tests(tmp_path: Path) -> None:
    """A trace of anything but tests says so, and leads to the waterfall; no heading stands above nothing."""
    (tmp_path / "run.jsonl").write_bytes(line(span("GET /", end=T0 + S)))
    async with showing(tmp_path, mode="run", size=(80, 24)) as shown:
        assert "no tests in this trace; the waterfall shows 1 span" in shown.text
        assert "TIME WENT" not in shown.text
        await shown.press("enter")
        assert shown.app.current_mode == "waterfall"


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


async def test_what_would_help_is_simulated_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Readings that bring nothing of the ended run, here a writer's file of another kind, repeat nothing."""
    simulated: list[Findings] = []

    def noted(findings: Findings) -> Advice:
        simulated.append(findings)
        return advise(findings)

    monkeypatch.setattr(advising, "advise", noted)
    directory = tmp_path / "spans"
    directory.mkdir()
    suite = span("depot", {"tracetui.span.role": "suite"}, end=T0 + 4 * S, status=1)
    tests = [case(f"a.py::{n}", start=T0 + n * S, end=T0 + (n + 1) * S, parent=suite) for n in range(4)]
    (directory / "run.jsonl").write_bytes(line(suite, *tests))
    async with showing(directory, mode="run", follow=True) as shown:
        await shown.until(lambda: len(simulated) == 1)
        reading = shown.app.reading
        (directory / "other.jsonl").write_bytes(b"{\n")
        await shown.until(lambda: shown.app.reading is not reading)
        await shown.settle()
        assert "nothing worth doing" in panel(shown, HelpPanel)
        assert len(simulated) == 1


async def test_nothing_is_proposed_of_a_run_under_way(live: Shown) -> None:
    """Nor worked out: what comes may change it."""
    help_panel = live.app.screen.query_one(HelpPanel)
    assert not help_panel.display
    assert help_panel.studied is None


async def test_how_good_forecasts_were_stands_beside_it(tmp_path: Path) -> None:
    """As soon as one has met its run: 8 s were forecast, 10 s came."""
    directory = tmp_path / "spans"
    directory.mkdir()
    (directory / ".gitignore").write_text("*\n")
    suite = span(
        "depot", {"tracetui.span.role": "suite", "test.suite.name": "depot"}, end=T0 + 11 * S, status=1
    )
    tests = [
        case(f"a.py::{n}", worker="gw0", start=T0 + n * S, end=T0 + (n + 1) * S, parent=suite)
        for n in range(10)
    ]
    (directory / "run.jsonl").write_bytes(line(suite, *tests))
    keep([str(directory)], Forecast("plan", T0 - S, "depot", 1, 8 * S, 7 * S, 9 * S))
    async with showing(directory, mode="run") as opened:
        await opened.until(lambda: "last 1 forecast erred by 20.0%" in opened.text)
        assert "nothing worth doing: no change saves 2% of the run" in opened.text
