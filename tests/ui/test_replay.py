"""A recording that is played: what is seen when, and the keys for it."""

import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.builders import T0, S, case, line, span, write_small_run
from tests.cli.running import tracetui
from tests.ui.conftest import Picture
from tests.ui.showing import RESMOKE, Shown, showing
from tracetui import units
from tracetui.analysis.study.findings import study
from tracetui.analysis.time.replay import recording
from tracetui.ingest import load
from tracetui.ui.app.modes import MODES
from tracetui.ui.feed.clock import SPEEDS, ReplayClock
from tracetui.ui.feed.reading import Reading
from tracetui.ui.feed.replay import Replay
from tracetui.ui.frame.header import RunHeader

LENGTH = 1000 * S
"""Of the recording that is played here: so long that no time to speak of passes by itself."""


class Ticks:
    """The system's clock, which stands."""

    def __init__(self) -> None:
        self.now = 0

    def __call__(self) -> int:
        return self.now


def test_the_clock_goes_at_its_speed() -> None:
    """It goes as many times faster as it is told, stands while it is paused, and at the end."""
    ticks = Ticks()
    clock = ReplayClock(T0, T0 + 600 * S, ticks)
    assert clock.speed == 10
    ticks.now += S
    assert clock.now_ns() == T0 + 10 * S
    clock.toggle()
    ticks.now += S
    assert (clock.now_ns(), clock.stands, clock.paused) == (T0 + 10 * S, True, True)
    clock.toggle()
    clock.change_speed(1)
    ticks.now += S
    assert clock.now_ns() == T0 + 30 * S
    ticks.now += 60 * S
    assert (clock.now_ns(), clock.stands) == (T0 + 600 * S, True)
    clock.toggle()
    assert clock.now_ns() == T0


def test_the_clock_keeps_its_bounds() -> None:
    """No seeking leads out of the recording, and no key beyond the slowest and fastest speed."""
    clock = ReplayClock(T0, T0 + S, Ticks())
    clock.seek(0)
    assert clock.now_ns() == T0
    clock.seek(T0 + 9 * S)
    assert clock.now_ns() == T0 + S
    for steps, last in ((99, SPEEDS[-1]), (-99, SPEEDS[0])):
        clock.change_speed(steps)
        assert clock.speed == last
    assert clock.told == "REPLAY 1x 1.00s of 1.00s"


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """Four tests, one after the other, the second of which fails."""
    suite = span("all", {"tracetui.span.role": "suite"}, end=T0 + LENGTH)
    tests = [
        case(
            f"test_{number}",
            "failed" if number == 1 else "passed",
            parent=suite,
            start=start,
            end=start + LENGTH // 4,
        )
        for number, start in enumerate(range(T0, T0 + LENGTH, LENGTH // 4))
    ]
    path = tmp_path / "run.jsonl"
    path.write_bytes(line(*reversed(tests), suite))
    return path


@pytest_asyncio.fixture
async def played(run: Path) -> AsyncIterator[Shown]:
    """That recording, played and at once paused, near its beginning."""
    async with showing(run) as shown:
        await begin(shown)
        yield shown


async def begin(shown: Shown) -> None:
    """Plays, and pauses."""
    await shown.press("p")
    await shown.until(lambda: shown.app.player.replay is not None)
    await shown.press("p")
    await shown.until(lambda: "paused" in shown.lines[0])


def replay(shown: Shown) -> Replay:
    """What plays."""
    assert shown.app.player.replay
    return shown.app.player.replay


def seen_tests(shown: Shown) -> int:
    """How many tests there are at the moment."""
    assert shown.app.reading
    return shown.app.reading.findings.summary.outcomes.total()


async def seek(shown: Shown, share: float) -> None:
    """Goes to a moment."""
    replay(shown).clock.seek(T0 + int(LENGTH * share))
    replay(shown).turn()
    wanted = 1 + int(share * 4)
    await shown.until(lambda: seen_tests(shown) == min(4, wanted))
    await shown.settle()


async def test_what_had_not_begun_is_absent(played: Shown) -> None:
    """At its beginning the run is live and has its first test; later the second, which has not failed yet."""
    assert seen_tests(played) == 1
    assert "test_0" in played.text
    assert "test_1" not in played.text
    await seek(played, 0.4)
    assert "test_1" in played.text
    assert "✗ 0" in played.lines[0]
    assert "1 running" in played.lines[0]
    await seek(played, 0.6)
    assert "✗ 1" in played.lines[0]


async def test_back_again(played: Shown) -> None:
    """An earlier moment is as it was, on every screen, wherever the cursor stood."""
    for mode in MODES:
        await seek(played, 0.9)
        await played.press(mode.key, "end")
        await seek(played, 0.1)
        assert "test_3" not in played.text
        assert played.app.current_mode == mode.name
        await played.press("down", "up", "enter", "escape")
        await seek(played, 0.6)


async def test_keys(played: Shown) -> None:
    """Keys go forth and back, to both ends, faster and slower; the header says where it is."""
    clock = replay(played).clock
    before = clock.now_ns()
    await played.press("ctrl+right", "ctrl+right", "ctrl+left")
    assert clock.now_ns() == before + LENGTH // 20
    await played.press("ctrl+end")
    assert clock.now_ns() == T0 + LENGTH
    await played.until(lambda: "16m40s of 16m40s" in played.lines[0])
    await played.press("ctrl+home", "right_parenthesis")
    assert clock.now_ns() == T0
    speed = clock.speed
    await played.press("left_parenthesis", "p")
    assert clock.speed < speed
    await played.until(lambda: f"REPLAY {clock.speed}x" in played.lines[0])


async def test_mouse(played: Shown) -> None:
    """A click on what the header says of the replay plays on, and pauses again."""
    clock = replay(played).clock
    header = played.app.screen.query_one(RunHeader)
    for paused in (False, True):
        await played.click(header, played.lines[0].index("REPLAY") + 2, 0)
        assert clock.paused is paused


async def test_it_plays_to_its_end(tmp_path: Path) -> None:
    """A short recording is played from its beginning to its end by itself, and is then as it was recorded."""
    (tmp_path / "run.jsonl").write_bytes(
        line(*(case(f"t{at}", start=T0 + at * S // 9, end=T0 + (at + 1) * S // 9) for at in range(9)))
    )
    async with showing(tmp_path, replay=True) as shown:
        await shown.until(lambda: shown.app.player.replay is not None and seen_tests(shown) == 9)
        await shown.until(lambda: "✓ 9" in shown.lines[0])
        assert replay(shown).clock.stands


async def test_an_app_that_ends_before_it_plays(run: Path) -> None:
    """A recording that is put together only when the app ends is not played: its thread ends too."""
    async with showing(run) as shown:
        shown.app.player.stop()
        await shown.press("p")
        await shown.until(lambda: shown.app.player.replay is not None)
        await shown.until(lambda: all(worker.is_finished for worker in shown.app.workers))
        assert "REPLAY" not in shown.lines[0]


async def test_what_stands_is_not_drawn(played: Shown) -> None:
    """A replay that is paused hands over nothing and draws nothing."""
    await played.settle()
    reading = played.app.reading
    assert reading
    assert not reading.grows
    await played.pilot.pause(0.3)
    assert played.app.reading is reading


async def test_what_is_live_is_not_played(tmp_path: Path) -> None:
    """A directory that is followed is live already: p does nothing there, and is not offered."""
    async with showing(write_small_run(tmp_path / "spans"), follow=True) as shown:
        await shown.press("p", "ctrl+right")
        assert shown.app.player.replay is None


async def test_paused(played: Shown, picture: Picture) -> None:
    """In the middle of a replay: the header says so, what runs is pinned, what comes later is not there."""
    await seek(played, 0.4)
    await picture(played)


def test_without_a_terminal() -> None:
    """Without a terminal there is nothing to play on: the pages are those of the whole recording."""
    ran = tracetui("open", RESMOKE, "--replay")
    assert ran.returncode == 0
    assert ran.stdout == tracetui("open", RESMOKE).stdout


async def test_space_pauses_the_player(played: Shown) -> None:
    """As p does; the view is not held beside it."""
    await played.press("space")
    await played.until(lambda: "paused" not in played.lines[0])
    assert not replay(played).clock.paused
    await played.press("space")
    await played.until(lambda: "REPLAY paused" in played.lines[0])
    assert not played.app.shown_run.is_held


def test_no_time_runs_ahead(run: Path) -> None:
    """A reading tells the time of its own moment, whatever the clock says by the time it is looked at."""
    ingest = load([str(run)])
    whole = Reading(study(ingest.table.snapshot(), T0 + 2 * LENGTH), 1, 1, busy=False)
    over, found = threading.Event(), list[Reading]()
    player = Replay(recording(whole.findings), whole, found.append, over)
    for share in (0.1, 0.2, 0.4, 1.0):
        now = T0 + int(LENGTH * share)
        player._hand_over(now)
        player.clock.seek(T0 + LENGTH)
        assert found[-1].now_ns() == now
        assert not found[-1].grows
        assert f"{units.duration(now - T0)} of" in found[-1].clock.told
    assert found[0].findings is found[1].findings
    assert found[1].findings is not found[2].findings
    ingest.close()
