"""Results of tests on the screen: durations and failures, and nothing that was made up."""

from tests.formats.results.reading import DATA
from tests.ui.showing import Shown, showing

WHY = "no times of day: pytest-9.2.0.xml holds results, not a timeline"
FAILED = "AssertionError: assert 'blue door' == 'red'"
MADE_UP = ("█", "░", "▕", "╵", "/s ", "started")


def has_no_times(shown: Shown) -> bool:
    """Whether nothing stands there that would be a time, or was made of one."""
    return not any(sign in shown.text for sign in MADE_UP)


async def test_modes_say_why_nothing_is_drawn() -> None:
    """Each of them that has a time axis, in one line; the header gives no length."""
    async with showing(DATA / "pytest-9.2.0.xml", size=(140, 40)) as shown:
        for key in "12357":
            await shown.press(key)
            seen = FAILED if key == "5" else WHY
            await shown.until(lambda seen=seen: seen in shown.text)  # type: ignore[misc]
            assert "ended no times of day" in shown.lines[0], key
            assert has_no_times(shown), key


async def test_slowest_leads_to_the_test_and_what_it_says() -> None:
    """From the ranking to the tree, where the failure's own words stand."""
    async with showing(DATA / "surefire.xml", size=(140, 40)) as shown:
        await shown.press("4")
        assert "20m35s" in shown.text
        await shown.press("down", "enter")
        await shown.until(lambda: "but was: <" in shown.text)
        assert shown.under_cursor == "com.example.DepotTest::closes"
        assert has_no_times(shown)


async def test_keys_that_ask_for_times_are_told() -> None:
    """The critical path, and replay."""
    async with showing(DATA / "pytest-9.2.0.xml", size=(140, 40)) as shown:
        for key in ("x", "p"):
            await shown.press(key)
            await shown.until(lambda: [note.message for note in shown.app._notifications] == [WHY])
            shown.app.clear_notifications()


async def test_go_is_drawn() -> None:
    """Its tests have times: bars, lanes, a length."""
    async with showing(DATA / "go-1.24.json", size=(140, 40)) as shown:
        assert "ended 1.21s" in shown.lines[0]
        assert not has_no_times(shown)
        await shown.press("3")
        await shown.until(lambda: "job0" in shown.text)
