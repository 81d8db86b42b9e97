"""The screen of all runs: its lists, its keys, and the recordings it opens."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.builders import T0, S, line
from tests.fleet.runs import spans_of, write_run
from tests.ui.fleets import NAMES, Answers, all_runs, fleet_app
from tests.ui.showing import Shown
from tracetui.ingest import Ingest
from tracetui.ui.app.app import TracetuiApp
from tracetui.ui.feed.fitting_mode import SpanIds
from tracetui.ui.fleet.test_rows import FleetTests


async def test_tests_are_ranked_and_the_one_under_the_cursor_is_followed() -> None:
    """By total; below stands where it changed."""
    async with all_runs(Answers()) as shown:
        assert "10 tests took 41.3s" in shown.lines[0]
        rows = shown.rows(shown.app.screen.query_one(FleetTests))
        assert "test_slow" in rows[0]
        assert "40.0s" in rows[0]
        assert NAMES[0] in shown.text
        assert "from here on" in shown.text
        await shown.press("down")
        assert NAMES[1] in shown.text


async def test_the_key_sorts_by_the_next_column_and_another_turns_it_round() -> None:
    """The same keys as in Slowest: o and O, v."""
    async with all_runs(Answers()) as shown:
        assert "total ▼" in shown.text
        await shown.press("o")
        assert "p50 ▼" in shown.text
        await shown.press("v")
        assert "p50 ▲" in shown.text
        assert "test_8" in shown.rows(shown.app.screen.query_one(FleetTests))[0]
        await shown.press("O", "O")
        assert "test ▲" in shown.text


async def test_enter_shows_a_test_run_by_run_and_escape_goes_back() -> None:
    """The newest run first; the run from which on it took longer is marked."""
    async with all_runs(Answers()) as shown:
        await shown.press("down", "enter")
        assert "19c0ffee" in shown.lines[2]
        assert "▲ 1.96x" in shown.lines[shown.line_of("12c0ffee")]
        assert "✗ failed" in shown.lines[shown.line_of("09c0ffee")]
        await shown.press("o", "o")
        assert "09c0ffee" in shown.lines[2]
        await shown.press("escape")
        assert "total ▼" in shown.text
        assert "▌" in shown.lines[shown.line_of("test_0")]


async def test_enter_on_a_run_opens_its_recording_and_comes_back_there() -> None:
    """The app ends with what is to be opened; begun again it asks for nothing anew."""
    answers = Answers()
    async with all_runs(answers) as shown:
        await shown.press("enter", "down", "down", "enter")
        app = fleet_app(shown)
    assert app.opened is not None
    assert list(app.opened.paths) == ["/recordings/run-17.traces.jsonl"]
    assert app.opened.at == (f"{18:032x}", f"{1:016x}")
    asked = len(answers.asked)
    async with all_runs(answers, place=app.place._replace(news="cannot be [read]")) as shown:
        assert "▌" in shown.lines[shown.line_of("17c0ffee")]
        assert "cannot be [read]" in shown.text
        await shown.press("escape")
        assert "test_slow" in shown.lines[2]
    assert len(answers.asked) == asked


async def test_a_recording_that_is_gone_is_said() -> None:
    """With the place where it was; the screen stays."""
    async with all_runs(Answers(gone=True), (120, 30)) as shown:
        await shown.press("enter", "enter")
        assert "the recording is gone; it was" in shown.text
        assert shown.text.count("/recordings/run-19.traces.jsonl") > 1
        assert fleet_app(shown).opened is None


async def test_names_are_found() -> None:
    """As in every other list; escape ends that before it leads anywhere else."""
    async with all_runs(Answers()) as shown:
        await shown.press("slash", *"test_7", "enter")
        assert "1 of 1" in shown.text
        assert "▌" in shown.lines[shown.line_of("::test_7")]
        await shown.press("escape")
        assert "1 of 1" not in shown.text
        assert "▌" in shown.lines[shown.line_of("::test_7")]


async def test_a_store_without_tests_or_without_an_answer_says_so() -> None:
    """And the keys still work."""
    async with all_runs(Answers(tests=0)) as shown:
        assert "No test ran in these runs." in shown.text
        await shown.press("enter", "o", "escape", "question_mark")
        assert "All runs" in shown.text


async def test_a_store_that_fails_says_so_and_can_be_asked_again() -> None:
    """From the start, or later: why is said where the answer would stand."""
    answers = Answers(broken=True)
    async with all_runs(answers) as shown:
        assert any("    the store does not answer" in line for line in shown.lines)
        answers.broken = False
        await shown.press("enter")
        assert "10 tests took 41.3s" in shown.lines[0]
        answers.broken = True
        await shown.press("down", "enter")
        assert "the store does not answer" in shown.lines[shown.line_of(f"  {NAMES[1]}") + 1]
        assert "total ▼" in shown.text
        answers.broken = False
        await shown.press("enter")
        assert "19c0ffee" in shown.lines[2]


@asynccontextmanager
async def opened_at(path: Path, at: SpanIds) -> AsyncIterator[Shown]:
    """The usual app, as it opens a recording at a span."""
    ingest = Ingest([str(path)])
    app = TracetuiApp(ingest, "recording", at=at)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        shown = Shown(app, pilot)
        await shown.until(lambda: all(worker.is_finished for worker in app.workers))
        await shown.settle()
        yield shown
    ingest.close()


async def test_a_recording_opens_at_the_test(tmp_path: Path) -> None:
    """In the waterfall, in the run that it belongs to, although another began later and others failed."""
    runs = [spans_of(number, 40, T0 + number * 3600 * S) for number in (1, 2)]
    path = tmp_path / "runs.jsonl"
    path.write_bytes(
        b"".join(line(*some, resource={"cicd.pipeline.run.id": f"{some[0]['traceId']}"}) for some in runs)
    )
    test = runs[0][23]
    async with opened_at(path, SpanIds(test["traceId"], test["spanId"])) as shown:
        assert shown.app.current_mode == "waterfall"
        assert shown.under_cursor == "tests/test_2.py::test_23"
        row = shown.waterfall.row
        assert shown.app.reading is not None
        assert shown.app.reading.findings.snapshot.trace_id(row or 0) == test["traceId"]
        assert "▌" in shown.lines[shown.line_of("test_23")]


async def test_a_test_that_is_not_in_the_recording_any_more_is_said(tmp_path: Path) -> None:
    """The files were written anew, say: they open as usual."""
    path = write_run(tmp_path / "run.jsonl", 1)
    async with opened_at(path, SpanIds("7" * 32, "7" * 16)) as shown:
        assert shown.app.current_mode == "run"
        assert "that span is no longer in these files" in shown.text
