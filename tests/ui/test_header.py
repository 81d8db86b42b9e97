"""The line on top: what it says, and what of that where there is little room."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from msgspec.structs import replace
from rich.cells import cell_len

from tests.builders import (
    HOSTILE_NAMES,
    T0,
    S,
    case,
    heartbeat,
    line,
    small_run,
    snapshot,
    span,
    start_record,
)
from tests.ui.conftest import Clock
from tests.ui.hostile import CORPUS
from tests.ui.showing import Shown, showing
from tracetui.analysis.study.findings import study
from tracetui.model.kind import Kind
from tracetui.store.health import Health, Tally
from tracetui.text import Safe, sanitize
from tracetui.ui.feed.clock import Held
from tracetui.ui.feed.reading import Reading
from tracetui.ui.frame.draw_header import header_content, header_parts
from tracetui.ui.frame.header import RunHeader

LOST = Health(
    kinds={
        Kind.REJECTED: Tally(1234),
        Kind.TORN: Tally(2),
        Kind.DROPPED: Tally(3),
        Kind.UNREADABLE: Tally(4),
        Kind.RESET: Tally(5),
    }
)
NAMES = ("", "x", "x" * 400, *HOSTILE_NAMES, *CORPUS)
HOUR = 3600 * S


def reading(*parts: bytes, busy: bool = False, health: Health | None = None) -> Reading:
    held = snapshot(*parts)
    found = study(replace(held, health=health) if health else held, T0 + 2 * S)
    return Reading(found, 1_000_000, 3_000_000, busy, "spans")


def said(shown: Reading | None, cells: int = 200, newest: Reading | None = None) -> str:
    return header_content(header_parts(shown, newest, Safe("x"), S // 2, cells)).plain


@pytest.mark.parametrize("busy", [False, True])
@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_fits(name: str, busy: bool) -> None:
    """It is never wider than the screen and always has the losses, whatever the run is called."""
    suite = span(name, {"tracetui.span.role": "suite"}, end=T0 + S)
    lossy = reading(line(suite), small_run(), busy=busy, health=LOST)
    for cells in (80, 120, 200, 260):
        text = said(lossy, cells)
        assert cell_len(text) <= cells
        for told in ("1 234 rejected", "2 torn", "3 dropped", "4 unreadable", "5 rewritten"):
            assert told in text


def test_what_another_run_lost_is_not_said() -> None:
    """A whole run's line has no losses; what is lost in nobody knows which run is said to be so."""
    parts = []
    for start in (T0 - HOUR, T0):
        told, trace = {"tracetui.span.role": "suite"}, f"{start:032x}"
        suite = span("s", told, start=start, end=start + S, trace=trace)
        parts.append(line(suite, case("t", parent=suite, start=start, end=start + S, trace=trace)))
    lost = Health(kinds={Kind.TORN: Tally(2, sources={"source0": 2}), Kind.DROPPED: Tally(3)})
    text = said(reading(*parts, health=lost))
    assert "3 dropped in some run" in text
    assert "torn" not in text


def test_a_run_that_has_gone_quiet() -> None:
    """Live still, and since when nothing was heard of it; that stays on 80 columns."""
    held = replace(snapshot(line(case("t", parent="f" * 16))), quiet=frozenset({0}))
    shown = Reading(study(held, T0 + 41 * S), 1, 1, busy=False, followed="spans", clock=Held(T0 + 41 * S))
    for cells in (200, 80):
        assert "▶ LIVE 41.0s  quiet for 40s" in said(shown, cells)


def test_what_goes_first(clock: Clock) -> None:
    """On a narrower screen less is said, and failures to the last; nothing comes back as it narrows."""
    shown = reading(small_run())
    texts = [said(shown, cells) for cells in range(200, 29, -1)]
    assert all(len(text) <= cells for text, cells in zip(texts, range(200, 29, -1), strict=True))
    assert all("✗" in text and "▶" in text for text in texts)
    spans = [" spans " in f"{text} " for text in texts]
    assert spans == sorted(spans, reverse=True)
    assert "tracetui" in texts[0]
    assert "tracetui" not in texts[-1]


def test_at_eighty_columns(clock: Clock) -> None:
    """A live run on 80 columns: name, state, progress, outcomes, what runs."""
    told = {"tracetui.span.role": "suite", "pytest.testscollected": 40}
    suite = span("depot", told, end=0)
    text = said(reading(start_record(suite), small_run(), health=Health(kinds={Kind.DROPPED: Tally(3)})), 80)
    for part in ("depot", "2.00s", "10/40", "25%", "✓", "✗ 1", "▶", "3 dropped"):
        assert part in text.replace("✗1", "✗ 1")


def test_what_is_counted_is_said_on_eighty_columns() -> None:
    """Failures outside tests come after what makes up the number of tests, and are shortened before it."""
    suite = span("depot", {"tracetui.span.role": "suite", "pytest.outcome": "passed"}, end=T0 + 9 * S)
    hook = span("db", {"tracetui.span.role": "hook", "pytest.outcome": "failed"}, parent=suite)
    tests = [case(f"t{number}", start=T0 + number, parent=suite) for number in range(5)]
    shown = reading(line(suite, hook, *tests))
    assert "5 tests  ✓ 5 ✗ 0  ✗ 1 failure outside tests" in said(shown, 120)
    assert "5 tests  ✓ 5 ✗ 0 ✗ 1 outside" in said(shown, 80)
    assert all("✗ 1 outside" in said(shown, cells) for cells in range(40, 81))


@pytest.mark.parametrize("busy", [False, True])
@pytest.mark.parametrize("parts", [(), (small_run(),), (line(case("x")),)], ids=["none", "live", "ended"])
def test_no_screen_is_too_narrow(parts: tuple[bytes, ...], busy: bool) -> None:
    """Down to nothing something is said, and nothing breaks."""
    assert all(said(reading(*parts, busy=busy), cells) for cells in range(-1, 40))


def test_before_anything_is_read() -> None:
    """Before the first reading it has the title."""
    assert "spans" in header_content(header_parts(None, None, sanitize("spans"), 0, 80)).plain


def test_how_far_reading_is() -> None:
    """While there is more to read it says how much of what."""
    assert "reading 33.3% of 3.0 MB" in said(reading(small_run(), busy=True))


def earlier(took: int) -> bytes:
    """The run an hour before: four tests, `took` seconds each, one after the other."""
    at = T0 - HOUR
    suite = span("depot", {"tracetui.span.role": "suite"}, start=at, end=at + 40 * S, trace="b" * 32)
    tests = [
        case(f"t{each}", start=at + each * took * S, end=at + (each + 1) * took * S, trace="b" * 32)
        for each in range(4)
    ]
    return line(suite, *(each | {"parentSpanId": suite["spanId"]} for each in tests))


def test_expected_from_the_run_before(clock: Clock) -> None:
    """A run that does not tell how many tests will come is measured by the one before; work left is time."""
    suite = span("depot", {"tracetui.span.role": "suite"}, end=0)
    first = case("t0", end=T0 + S, parent=suite)
    text = said(reading(earlier(2), start_record(suite), line(first)))
    assert "1/~4 tests" in text
    assert "25%" in text
    assert "ETA 18s" in text


def test_no_expectation_without_history(clock: Clock) -> None:
    """A first run that does not tell has no percentage and no ETA."""
    suite = span("depot", {"tracetui.span.role": "suite"}, end=0)
    text = said(reading(start_record(suite), line(case("t0", end=T0 + S, parent=suite))))
    assert "1 test" in text
    assert "%" not in text
    assert "ETA" not in text


@pytest_asyncio.fixture
async def shown(tmp_path: Path, clock: Clock) -> AsyncIterator[Shown]:
    """A run under way that has lost spans, followed."""
    (tmp_path / "live").mkdir()
    (tmp_path / "live" / "run.logs.jsonl").write_bytes(small_run() + heartbeat(at=T0 + 2 * S, dropped=12))
    async with showing(tmp_path, follow=True) as opened:
        yield opened


async def test_click_on_the_name(shown: Shown) -> None:
    """A click on the run's name opens the picker."""
    header = shown.app.screen.query_one(RunHeader)
    await shown.click(header, shown.lines[0].index("depot"), 0)
    assert "type to filter" in shown.text


async def test_click_on_losses(shown: Shown) -> None:
    """A click on what was lost leads to Health."""
    await shown.click(shown.app.screen.query_one(RunHeader), shown.lines[0].index("12 dropped"), 0)
    assert shown.app.current_mode == "health"


async def test_pause(shown: Shown, tmp_path: Path, clock: Clock) -> None:
    """Paused, nothing on the screen changes but how far it is behind; then it shows the newest at once."""
    await shown.press("space")
    assert "PAUSED" in shown.lines[0]
    before = shown.lines[1:]
    clock.now_ns += 61 * S
    late = [case(f"late{number}", start=T0, end=T0 + S) for number in range(7)]
    (tmp_path / "late.jsonl").write_bytes(line(*late))
    await shown.until(lambda: "PAUSED 1m01s, 7 spans behind" in shown.lines[0])
    await shown.settle()
    assert shown.lines[1:] == before
    await shown.press("4")
    assert "late0" not in shown.text
    assert "PAUSED" in shown.lines[0]
    await shown.press("space")
    await shown.until(lambda: "late0" in shown.text)
    assert "PAUSED" not in shown.lines[0]


def test_what_lags_says_so() -> None:
    """Behind by two seconds or more it says by how much, and not when the last change came."""
    shown = replace(reading(small_run()), total_bytes=1_000_000)
    told = [
        header_content(header_parts(shown, None, Safe("x"), 7 * S, 200, behind)).plain
        for behind in (0, 2 * S - 1, 2 * S, 75 * S)
    ]
    assert ["behind by" in each for each in told] == [False, False, True, True]
    assert "changed 7s ago" in told[0]
    assert "behind by 1m15s" in told[3]
    assert "ago" not in told[3]
