"""The overview of a run under way: what runs, what takes longer than before, and what goes on."""

import time
from functools import partial
from pathlib import Path

import pytest

from tests.builders import MS, RUNNING, T0, S, case, heartbeat, line, span, start_record
from tests.ui.conftest import Clock
from tests.ui.opened_runs import HOUR, panel, past
from tests.ui.showing import Shown, showing
from tracetui.settings import Settings
from tracetui.ui.overview.run_panels import FailedPanel, LanesPanel, NowPanel, SlowestPanel


async def test_running_now(live: Shown) -> None:
    """What runs: lane, test, how long; a lane with nothing to do is seen to be idle; failures with why."""
    await live.until(lambda: "AssertionError" in live.text)
    told = panel(live, NowPanel)
    assert "RUNNING NOW" in told
    (row,) = [row for row in told.splitlines() if "▶" in row]
    assert RUNNING[-12:] in row
    assert "gw0" in row
    assert "no history" not in told
    assert "gw1" in told
    assert "idle for" in told
    assert "1s ago" in panel(live, FailedPanel)


async def test_no_test_yet(tmp_path: Path, clock: Clock) -> None:
    """A run that has begun and no test of it says just that."""
    live = start_record(span("depot", {"tracetui.span.role": "suite"}, end=0)) + heartbeat(at=T0 + S)
    (tmp_path / "live").mkdir()
    (tmp_path / "live" / "now.logs.jsonl").write_bytes(live)
    async with showing(tmp_path, mode="run", follow=True) as shown:
        assert "no test has started yet" in panel(shown, NowPanel)


async def test_what_runs_overtakes(live: Shown, tmp_path: Path, clock: Clock) -> None:
    """What runs stands among the slowest by what it has taken up to now."""
    (tmp_path / "spans" / "late.jsonl").write_bytes(line(case("late", start=T0, end=T0 + 2 * S)))
    await live.until(lambda: "late" in panel(live, SlowestPanel).splitlines()[1])
    clock.now_ns += 12 * S
    await live.until(lambda: RUNNING[-12:] in panel(live, SlowestPanel).splitlines()[1])


async def test_time_goes_on(live: Shown, clock: Clock) -> None:
    """The elapsed time of what runs goes on without any new span."""
    clock.now_ns += 12 * S  # Not so long that its writer counts as gone.
    await live.until(lambda: "nothing ended for 1" in panel(live, NowPanel))


@pytest.mark.parametrize(
    ("age", "colour", "times"), [(2, "role-test", ""), (20, "warning", "4.0x"), (50, "outcome-failed", "10x")]
)
async def test_against_history(tmp_path: Path, clock: Clock, age: int, colour: str, times: str) -> None:
    """The bar against the test's own history is amber past its p95 and red past its longest."""
    for number in range(1, 41):
        took = {1: 40, 2: 12, 3: 12, 4: 12}.get(number, 5)
        (tmp_path / f"run{number}x.jsonl").write_bytes(past(number, took))
    suite = span("depot", {"tracetui.span.role": "suite"}, end=0)
    test = case("slow", "", "gw0", end=0, parent=suite)
    (tmp_path / "live").mkdir()
    clock.now_ns = T0 + age * S
    live = start_record(suite) + start_record(test) + heartbeat(at=clock.now_ns)
    (tmp_path / "live" / "now.logs.jsonl").write_bytes(live)
    async with showing(tmp_path, mode="run", follow=True) as shown:
        now = shown.app.screen.query_one(NowPanel)
        bits = now._items[0].lines[0]
        bar = next(bit for bit in bits if set(bit.text) == {"█"})
        assert bar.colour == colour
        assert len(bar.text) == min(10, max(1, age * 10 // 40))
        assert any(bit.text.strip() == times for bit in bits) or not times


@pytest.mark.parametrize("width", [80, 120, 240])
async def test_hung(tmp_path: Path, clock: Clock, width: int) -> None:
    """Beyond five times its p95 a test hangs: its line says so, with n where there is room, and so does
    the line on top; of a limit too.
    """
    for number in range(1, 9):
        (tmp_path / f"run{number}x.jsonl").write_bytes(past(number, 5))
    suite = span("depot", {"tracetui.span.role": "suite"}, end=0)
    test = case("slow", "", "gw0", end=0, parent=suite)
    (tmp_path / "live").mkdir()
    clock.now_ns = T0 + 154 * S
    live = start_record(suite) + start_record(test) + heartbeat(at=clock.now_ns)
    (tmp_path / "live" / "now.logs.jsonl").write_bytes(live)
    limit = Settings(limit=150 * S)
    async with showing(tmp_path, mode="run", follow=True, size=(width, 30), settings=limit) as shown:
        (row,) = [row for row in panel(shown, NowPanel).splitlines() if "slow" in row]
        assert "hung: 30x its p95" in row
        assert ("(p95 5.00s, n 8)" in row) == (width == 240)
        assert "1 hung" in shown.lines[0]
        assert "breached 2m30s" in shown.lines[0]


async def test_live_becomes_over(live: Shown, tmp_path: Path, clock: Clock) -> None:
    """When the run has ended, the same screen tells what mattered."""
    clock.now_ns += HOUR
    await live.until(lambda: "the run was cut off" in panel(live, NowPanel))
    assert "WHAT MATTERED" in live.text
    await live.settle()
    assert live.app.screen.query_one(NowPanel).size.height == live.app.screen.query_one(NowPanel).wanted


async def test_panels_show_one_reading_of_one_moment(
    live: Shown, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However fast the clock goes: a test that runs has taken as long in one panel as in another."""

    def time_ns() -> int:
        clock.now_ns += 10 * MS
        return clock.now_ns

    def shows(name: str) -> bool:
        return name in panel(live, SlowestPanel)

    monkeypatch.setattr(time, "time_ns", time_ns)
    screen = live.app.screen
    now, slowest = screen.query_one(NowPanel), screen.query_one(SlowestPanel)
    elapsed = set()
    for number in range(4):
        late = case(f"late{number}", start=T0, end=T0 + 2 * S)
        (tmp_path / "spans" / f"late{number}.jsonl").write_bytes(line(late))
        await live.until(partial(shows, f"late{number}"))
        assert now.reading is slowest.reading is screen.query_one(LanesPanel).reading
        (running,) = (item for item in now._items if isinstance(item.key, int))
        (same,) = (item for item in slowest._items if item.key == running.key)
        told = running.lines[0][4].text.strip()
        assert told in [bit.text.strip() for bit in same.lines[0]]
        elapsed.add(told)
    assert len(elapsed) > 1


async def test_cursor_stays(live: Shown, tmp_path: Path) -> None:
    """The cursor stays on its test while slower ones come above it."""
    slowest = live.app.screen.query_one(SlowestPanel)
    slowest.focus()
    await live.press("down", "down")
    key = slowest._items[slowest.cursor].key
    late = [case(f"late{number}", start=T0, end=T0 + 2 * S) for number in range(5)]
    (tmp_path / "spans" / "late.jsonl").write_bytes(line(*late))
    await live.until(lambda: "late0" in panel(live, SlowestPanel))
    assert slowest._items[slowest.cursor].key == key
    assert slowest.cursor == 7
