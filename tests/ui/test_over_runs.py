"""The mode History under keys."""

import re
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.benchmarks.live_run import LiveRun
from tests.ui.histories import AT, RUNS, run, write_runs
from tests.ui.showing import Shown, each_size, showing
from tracetui.analysis.history import over_runs
from tracetui.analysis.history.change_points import Trend
from tracetui.ui.history import rows as history_rows
from tracetui.ui.history.point_rows import PointRows
from tracetui.ui.history.rows import TrendRows
from tracetui.ui.history.screen import HistoryScreen


@pytest_asyncio.fixture
async def shown(tmp_path: Path) -> AsyncIterator[Shown]:
    """Tests over twenty runs."""
    async with showing(write_runs(tmp_path / "spans"), size=(140, 40)) as opened:
        await opened.press("9")
        yield opened


def trends(shown: Shown) -> TrendRows:
    return shown.app.screen.query_one(TrendRows)


def names(shown: Shown) -> list[str]:
    return list(trends(shown).labels())


async def test_what_changed_comes_first(shown: Shown) -> None:
    """The verdict above, the change in its row and, with when and by how much, below."""
    assert re.search(r"14 tests, 1 changed \(\+9\d\dms a run\), 1 with too few runs to tell", shown.text)
    row = shown.rows(trends(shown))[0]
    assert row.split()[:4] == ["▌tests/test_depot.py::test_slow", "20", "1.98s", "1.95x"]
    told = shown.line_of("from here on")
    assert "2026-11-18 23:06 cccccccccc  1.95x from here on" in shown.lines[told]


async def test_a_test_run_by_run_and_the_run_itself(shown: Shown) -> None:
    """Enter shows its runs, the last first; another enter the run, in the waterfall, at the test."""
    await shown.press("enter")
    points = shown.app.screen.query_one(PointRows)
    assert points.count == RUNS
    assert shown.rows(points)[0].startswith("▌2026-11-19 06:06")
    assert "▲ 1.95x from here on" in shown.rows(points)[RUNS - 1 - AT]
    await shown.press("down", "down", "enter")
    await shown.still()
    assert shown.app.current_mode == "waterfall"
    assert shown.app.reading is not None
    assert shown.app.reading.findings.summary.start_ns == points_start(RUNS - 3)
    assert shown.under_cursor == "tests/test_depot.py::test_slow"


def points_start(number: int) -> int:
    from tests.builders import T0, S

    return T0 + number * 3600 * S


async def test_back_to_all_tests(shown: Shown) -> None:
    """Escape goes back, with the cursor where it was; in the list it does nothing."""
    await shown.press("down", "enter", "escape")
    assert not shown.app.screen.has_class("one")
    assert trends(shown).cursor == 1
    await shown.press("escape")
    assert shown.app.current_mode == "history"


async def test_order_and_kind(shown: Shown) -> None:
    """o sorts by the last time, by name, and by change again; b follows fixtures, hooks, files."""
    first = names(shown)
    await shown.press("o")
    assert [trend.last_ns for trend in _rows(shown)] == sorted(
        (trend.last_ns for trend in _rows(shown)), reverse=True
    )
    await shown.press("o")
    assert names(shown) == sorted(first)
    await shown.press("o")
    assert names(shown) == first
    await shown.press("b")
    assert names(shown) == ["db setup"]
    await shown.press("b")
    assert "No hook in these runs" in shown.text
    await shown.press("b")
    assert set(names(shown)) == {"tests/test_depot.py", "tests/test_yard.py"}
    await shown.press("B", "B", "B")
    assert names(shown) == first


def _rows(shown: Shown) -> list[Trend]:
    return trends(shown)._rows


async def test_find_goes_to_a_name(shown: Shown) -> None:
    await shown.press("slash", *"test_new", "enter", "n")
    assert names(shown)[trends(shown).cursor] == "tests/test_depot.py::test_new"


async def test_a_failed_run_has_a_mark_in_its_cell(shown: Shown) -> None:
    row = next(each for each in shown.rows(trends(shown)) if "test_yard.py::test_0 " in each)
    assert row.count("✗") == 1


async def test_too_few_runs_say_so(tmp_path: Path) -> None:
    """Of three runs nothing is told, nor is anything green."""
    async with showing(write_runs(tmp_path / "spans", 3), size=(120, 30)) as shown:
        await shown.press("9")
        assert "13 tests, too few runs to tell   3 runs" in shown.text
        assert "3 runs, and a change needs 5 before and 3 after it" in shown.text


async def test_one_live_run_has_nothing_to_be_held_against(tmp_path: Path) -> None:
    """Which is said, as long as its writer lives."""
    run = LiveRun(tmp_path, "long")
    try:
        run.step(time.time_ns())
        async with showing(tmp_path, size=(120, 30), follow=True) as shown:
            await shown.press("9")
            await shown.until(lambda: "No run is over yet" in shown.text)
    finally:
        run.close()


async def test_one_branch_at_a_time(tmp_path: Path) -> None:
    """Mixed ones are warned about; `c` follows one after the other, and then all again."""
    spans = tmp_path / "spans"
    spans.mkdir()
    for number in range(RUNS):
        (spans / f"{number:02}.jsonl").write_bytes(run(number, branch="dev" if number % 4 == 3 else "main"))
    async with showing(spans, size=(140, 40)) as shown:
        await shown.press("9")
        assert "runs of 2 branches are mixed (dev, main): where they differ looks like a change" in shown.text
        assert names(shown)[0] == "tests/test_depot.py::test_slow"
        await shown.press("c")
        assert "5 runs of dev, 2026-11-18" in shown.text
        assert "mixed" not in shown.text
        assert {trend.n for trend in trends(shown).history.rows if "yard" in trend.name} == {5}  # type: ignore[union-attr]
        await shown.press("c")
        assert "15 runs of main, 2026-11-18" in shown.text
        await shown.press("c")
        assert "20 runs, 2026-11-18" in shown.text


async def test_only_runs_that_are_over_cost_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reading that adds none asks for nothing; one that does is worked out."""
    asked: list[int] = []

    def counted(*args: object) -> over_runs.HistoryValue:
        asked.append(1)
        return over_runs.value(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(history_rows, "value", counted)
    spans = write_runs(tmp_path / "spans", 10)
    async with showing(spans, size=(120, 30), follow=True) as shown:
        await shown.press("9")
        screen = shown.app.screen
        assert isinstance(screen, HistoryScreen)
        assert screen.reading is not None
        before = len(asked)
        assert before
        screen.reading = screen.reading.chosen(int(screen.reading.findings.runs.key[3]))
        await shown.settle()
        assert len(asked) == before
        (spans / "10.jsonl").write_bytes(run(10))
        await shown.until(lambda: "11 runs" in shown.text)
        assert len(asked) > before


@each_size
async def test_every_size(tmp_path: Path, size: tuple[int, int]) -> None:
    """Names, figures and strips have room on every screen, and no line is wider."""
    async with showing(write_runs(tmp_path / "spans"), size=size) as shown:
        await shown.press("9")
        row = shown.rows(trends(shown))[0]
        assert "slow" in row
        assert any(height in row for height in "▃▄▅▆▇█")
        await shown.press("enter")
        assert "█" in shown.rows(shown.app.screen.query_one(PointRows))[0]
