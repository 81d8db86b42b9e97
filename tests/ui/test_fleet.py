"""The screen of all runs: its lists, its keys, and the recordings it opens."""

from tests.ui.fleets import NAMES, Answers, all_runs, fleet_app
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
    async with all_runs(Answers(broken=True)) as shown:
        assert "the store does not answer" in shown.text
