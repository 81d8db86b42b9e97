"""Pictures of the overview, live and over, of the run picker, and of what is shown where there is nothing."""

import os
from pathlib import Path
from typing import Any

import pytest

from tests import jscore
from tests.builders import T0, Json, S, case, exception, heartbeat, line, span, start_record
from tests.ui.conftest import Clock, Picture
from tests.ui.showing import SIZES, showing
from tracetui.ui.feed.reading import Reading, Revised
from tracetui.ui.overview.run_panels import FailedPanel

HOUR = 3600 * S


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording like that of jsCore."""
    return jscore.write(tmp_path_factory.mktemp("jscore"))


def run(start: int, trace: str, took: float = 1.0, end: int = -1) -> tuple[Json, list[Json]]:
    """A suite of forty tests on four workers, two of them red."""
    told = {"tracetui.span.role": "suite"}
    suite = span("depot", told, start=start, trace=trace, end=start + 60 * S if end < 0 else end)
    made = []
    for number in range(40):
        lane, at = number % 4, start + number // 4 * 5 * S
        length = round(took * (1 + number % 7) * S / 2)
        bad = number in (13, 30)
        test = case(
            f"tests/test_{'route' if lane else 'depot'}.py::test_{number}",
            "failed" if bad else "passed",
            f"gw{lane}",
            start=at,
            end=at + length,
            parent=suite,
            trace=trace,
        )
        made.append(test | {"events": [exception(message=f"assert {number} == 4", at=at)]} if bad else test)
    return suite, made


@pytest.fixture
def under_way(tmp_path: Path, clock: Clock) -> Path:
    """A run under way after five like it: one test hangs, one takes its time, a hook runs, a lane is idle."""
    clock.now_ns = T0 + 75 * S
    directory = tmp_path / "spans"
    (directory / "live").mkdir(parents=True)
    for number in range(1, 6):
        suite, tests = run(T0 - number * HOUR, f"{number:032x}", 1 + number / 20)
        (directory / f"run{number}x.jsonl").write_bytes(line(suite, *tests))
    suite, tests = run(T0, "f" * 32, end=0)
    (directory / "run.jsonl").write_bytes(line(*tests[:36]))
    told = {"tracetui.span.role": "hook", "pytest.xdist.worker": "gw2"}
    begun: dict[str, Any] = {"end": 0, "parent": suite, "trace": "f" * 32}
    running = [
        case("tests/test_depot.py::test_36", "", "gw0", start=T0 + 50 * S, **begun),
        case("tests/test_route.py::test_37", "", "gw1", start=T0 + 74 * S, **begun),
        span("hook validate", told, start=T0 + 70 * S, **begun),
    ]
    records = b"".join(map(start_record, [suite, *running])) + heartbeat(at=clock.now_ns)
    (directory / "live" / "run.logs.jsonl").write_bytes(records)
    for path in directory.rglob("*.jsonl"):
        os.utime(path, ns=(clock.now_ns, clock.now_ns))
    return directory


async def test_over(picture: Picture, recorded: Path) -> None:
    """What jsCore's run was: where it stood still and why, what is slow, what failed."""
    async with showing(recorded, mode="run", size=SIZES[0]) as shown:
        await shown.until(lambda: "StopExecution" in shown.text)
        await picture(shown, *SIZES)


async def test_live(picture: Picture, under_way: Path) -> None:
    """A run under way: what hangs is red against its own history."""
    async with showing(under_way, mode="run", size=SIZES[0]) as shown:
        await shown.until(lambda: "AssertionError" in shown.text)
        await picture(shown, *SIZES)


async def test_paused(picture: Picture, under_way: Path, clock: Clock) -> None:
    """The view stands still and says how far it is behind; another panel has the keys."""
    async with showing(under_way, mode="run", follow=True) as shown:
        await shown.until(lambda: "AssertionError" in shown.text)
        await shown.press("tab", "space")
        assert isinstance(shown.app.focused, FailedPanel)
        clock.now_ns += 30 * S
        (under_way / "more.jsonl").write_bytes(line(*run(T0, "f" * 32)[1][36:]))
        await shown.until(lambda: "behind" in shown.lines[0] and "0 spans behind" not in shown.lines[0])
        await picture(shown)


async def test_picker(picture: Picture, under_way: Path) -> None:
    """Every run, the newest first."""
    async with showing(under_way, mode="run") as shown:
        await shown.press("r", "down", "down")
        await picture(shown)


async def test_waiting(picture: Picture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No spans yet: how to get some."""
    monkeypatch.chdir(tmp_path)
    Path("spans").mkdir()
    async with showing("spans", mode="run", size=(100, 24), follow=True) as shown:
        await picture(shown)


async def test_loading(picture: Picture, tmp_path: Path) -> None:
    """A large recording of which nothing can be shown yet: how much of it is read, and how fast."""
    (tmp_path / "run.jsonl").write_bytes(b"\n")
    async with showing(tmp_path, mode="run", size=(100, 24)) as shown:
        assert shown.app.reading
        nothing = shown.app.reading.findings
        loading = Reading(nothing, 123_000_000, 456_000_000, busy=True, rate=41_000_000.0)
        shown.app.post_message(Revised(loading))
        await shown.settle()
        await picture(shown)


async def test_too_small(picture: Picture, recorded: Path) -> None:
    """No room for anything: how much it takes."""
    async with showing(recorded, mode="run", size=(36, 6)) as shown:
        await picture(shown)
