"""The overview where there is little to show, of one run among others, and what would help each."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.builders import T0, S, case, line, span
from tests.ui.conftest import Clock
from tests.ui.opened_runs import HOUR, panel, past, write_live
from tests.ui.showing import Shown, showing
from tracetui.analysis.advice.advice import Advice, advise
from tracetui.analysis.forecasts.checks import Forecast
from tracetui.analysis.ledger.run_costs import Behind, Cost, RunCosts, run_costs
from tracetui.analysis.study.findings import Findings
from tracetui.ingest.forecasts.log import keep
from tracetui.ui.advice import panel as advising
from tracetui.ui.advice.panel import HelpPanel
from tracetui.ui.feed.reading import Revised
from tracetui.ui.lists.panel import Panel
from tracetui.ui.overview import run_more, time_spent
from tracetui.ui.overview.run_more import ChartPanel, HistoryPanel, SpentPanel
from tracetui.ui.overview.time_spent import TimeSpent


async def test_nothing_yet(tmp_path: Path, clock: Clock) -> None:
    """A directory without spans says how to get some; the first spans take its place, and keys work."""
    async with showing(tmp_path, mode="run", follow=True) as shown:
        assert "pytest --tracetui=" in shown.text
        (tmp_path / "run.jsonl").write_bytes(line(case("first", end=T0 + S)))
        await shown.until(lambda: "SLOWEST" in shown.text)
        await shown.press("shift+tab", "enter")
        assert shown.app.current_mode == "slowest"


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


async def test_no_tests(tmp_path: Path) -> None:
    """A trace of anything but tests says so, and leads to the waterfall; no heading stands above nothing."""
    (tmp_path / "run.jsonl").write_bytes(line(span("GET /", end=T0 + S)))
    async with showing(tmp_path, mode="run", size=(80, 24)) as shown:
        assert "no tests in this trace; the waterfall shows 1 span" in shown.text
        assert "TIME WENT" not in shown.text
        await shown.press("enter")
        assert shown.app.current_mode == "waterfall"


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


async def test_what_is_read_in_part_is_not_simulated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While there is more to read at once it is another run; once all is there, it is simulated."""
    simulated: list[Findings] = []

    def noted(findings: Findings) -> Advice:
        simulated.append(findings)
        return advise(findings)

    monkeypatch.setattr(advising, "advise", noted)
    (tmp_path / "run.jsonl").write_bytes(line(*(case(f"{n}", end=T0 + S) for n in range(2))))
    async with showing(tmp_path, mode="run") as shown:
        await shown.until(lambda: len(simulated) == 1)
        whole = shown.app.reading
        assert whole
        (tmp_path / "more.jsonl").write_bytes(line(case("more", end=T0 + S, trace="e" * 32)))
        async with showing(tmp_path, mode="health") as other:
            assert other.app.reading
            more = other.app.reading
        shown.app.post_message(Revised(replace(more, busy=True)))
        await shown.settle()
        assert len(simulated) == 1
        shown.app.post_message(Revised(more))
        await shown.until(lambda: len(simulated) == 2)


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


async def test_costs_are_found_once_for_both_panels_that_show_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With another size of the window another panel shows what is known already."""
    found = list[Findings]()

    def counted(findings: Findings) -> RunCosts:
        found.append(findings)
        return run_costs(findings)

    for module in (run_more, time_spent):
        monkeypatch.setattr(module, "run_costs", counted)
    suite = span("suite", {"tracetui.span.role": "suite"}, end=T0 + S)
    (tmp_path / "run.jsonl").write_bytes(line(suite, case("test", end=T0 + S, parent=suite)))
    async with showing(tmp_path, mode="run", size=(240, 70)) as shown:
        few, many = (shown.app.screen.query_one(kind) for kind in (TimeSpent, SpentPanel))
        for size, panels in (((240, 70), (many, few)), ((80, 14), (few, many)), ((240, 70), (many, few))):
            await shown.pilot.resize_terminal(*size)
            await shown.until(lambda: panels[0].display)  # noqa: B023 - asked at once
            assert not panels[1].display
            assert "tests" in "".join(shown.rows(panels[0]))
        assert len(found) == 1
