"""What of a failure may be chance: flaky tests, and what ran beside a failing one. And what hangs."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.analysis.beside.recorded import runs
from tests.builders import T0, S, case, heartbeat, line, span, start_record
from tests.ui.conftest import Clock, Picture
from tests.ui.showing import Shown, showing
from tracetui.settings import Settings

REVISION = "c0ffee00"


@pytest.fixture
def directory(tmp_path: Path, clock: Clock) -> Path:
    """Ten runs in which `t` passed, and six at the same revision in which it failed beside `x`."""
    parts = [
        *runs("passed", 10, ["a"], revision=REVISION),
        *runs("failed", 6, ["x"], 10, revision=REVISION),
    ]
    for number, part in enumerate(parts):
        (tmp_path / f"run{number}y.jsonl").write_bytes(part)
    clock.now_ns = T0 + 100 * 3600 * S
    return tmp_path


@pytest_asyncio.fixture
async def failed(directory: Path) -> AsyncIterator[Shown]:
    """Its failures."""
    async with showing(directory, mode="failures", size=(120, 30)) as shown:
        await shown.press("down")
        await shown.until(lambda: all(said in shown.text for said in ("Beside it", "Flaky", " flaky ")))
        yield shown


async def test_a_flaky_failure(failed: Shown, picture: Picture) -> None:
    """Its row says so, the pane how often it fails and what ran beside it when it did."""
    (row,) = [row for row in failed.lines if " ✗ t " in row]
    assert " flaky " in row
    assert "failed 6 of 16 attempts at code that works: 18.5 .. 61.4% (Wilson, 95 %)" in failed.text
    assert "test x: beside 6 of 6 failures, 0 of 10 passes (q <0.001)" in failed.text
    await picture(failed)


async def test_flaky_among_the_slowest(directory: Path) -> None:
    """Behind its name, and behind no other."""
    async with showing(directory, mode="slowest") as shown:
        await shown.until(lambda: " flaky " in shown.text)
        marked = [row for row in shown.lines if " flaky " in row]
        assert [row.strip(" ▌").split()[0] for row in marked] == ["t"]
        await shown.press("b")
        await shown.until(lambda: " flaky " not in shown.text)


async def test_a_fix_that_was_accepted(directory: Path) -> None:
    """Resets it on the screens too."""
    fixed = Settings(fixed={"t": "2026-12-31"})
    async with showing(directory, mode="slowest", settings=fixed) as shown:
        await shown.settle()
        assert " flaky " not in shown.text


async def test_the_waterfall_says_it_with_the_span(directory: Path) -> None:
    """Of a failing test, once it is worked out; of one that passed, nothing."""
    async with showing(directory, mode="waterfall", size=(120, 50)) as shown:
        await shown.press("right_square_bracket", "enter")
        await shown.until(lambda: "Beside it" in shown.text)
        assert "test x: beside 6 of 6 failures, 0 of 10 passes (q <0.001)" in shown.text
        await shown.press("escape", "home")
        await shown.settle()
        assert "Beside it" not in shown.text


async def test_without_evidence_nothing_is_said(tmp_path: Path) -> None:
    """Runs that do not say what they ran, and a test that fails for no reason in sight."""
    for number, outcome in enumerate(["passed", "failed", "passed", "failed", "passed", "failed"]):
        (tmp_path / f"run{number}y.jsonl").write_bytes(runs(outcome, 1, ["a"], number)[0])
    async with showing(tmp_path, mode="failures", size=(120, 30)) as shown:
        await shown.press("down")
        await shown.settle()
        assert "Attempts and earlier runs" in shown.text
        assert "flaky" not in shown.text.lower()
        assert "Beside it" not in shown.text


@pytest.fixture
def hanging(tmp_path: Path, clock: Clock) -> Path:
    """A live run of a test that takes thirty times its p95, beside one that does not."""
    for number in range(1, 9):
        at, trace = T0 - number * 3600 * S, f"{number:032x}"
        suite = span("depot", {"tracetui.span.role": "suite"}, start=at, end=at + 90 * S, trace=trace)
        tests = [case(f"t{place}", start=at, end=at + 5 * S, parent=suite, trace=trace) for place in range(9)]
        (tmp_path / f"run{number}y.jsonl").write_bytes(line(suite, *tests))
    suite = span("depot", {"tracetui.span.role": "suite"}, end=0)
    ended = [case(f"t{place}", start=T0, end=T0 + 4 * S, parent=suite) for place in range(4)]
    (tmp_path / "now.jsonl").write_bytes(line(*ended))
    clock.now_ns = T0 + 154 * S
    running = [
        case("t4", "", "gw0", end=0, parent=suite),
        case("t5", "", "gw1", start=clock.now_ns - 3 * S, end=0, parent=suite),
    ]
    (tmp_path / "live").mkdir()
    live = b"".join(map(start_record, [suite, *running])) + heartbeat(at=clock.now_ns)
    (tmp_path / "live" / "now.logs.jsonl").write_bytes(live)
    return tmp_path


async def test_hung(hanging: Path, picture: Picture) -> None:
    """On Run with its measure; in the header how many, and that the limit will be breached."""
    limit = Settings(limit=200 * S)
    async with showing(hanging, mode="run", follow=True, size=(120, 30), settings=limit) as shown:
        await shown.until(lambda: "hung: 30x its p95" in shown.text)
        assert "1 hung" in shown.lines[0]
        assert "will breach 3m20s" in shown.lines[0]
        await picture(shown)


@pytest.mark.parametrize("mode", ["waterfall", "lanes"])
async def test_hung_is_marked_where_it_runs(hanging: Path, picture: Picture, mode: str) -> None:
    """In Waterfall and Lanes by mark, colour and words."""
    async with showing(hanging, mode=mode, follow=True, size=(120, 30)) as shown:
        await shown.until(lambda: "hung: 30x its p95" in shown.text)
        lines = [line for line in shown.lines if "hung: 30x" in line]
        assert "■" in lines[0]
        assert ("t4" if mode == "waterfall" else "gw0") in lines[0]
        if mode == "lanes":
            await shown.press("down")
        await picture(shown)
