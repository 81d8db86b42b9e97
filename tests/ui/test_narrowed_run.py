"""What a filter leaves of the overview, and what the footer leaves out for want of room."""

from pathlib import Path

import pytest

from tests.builders import write_small_run
from tests.ui.conftest import Clock
from tests.ui.opened_runs import panel
from tests.ui.showing import RESMOKE, Shown, showing
from tracetui.ui.frame.footer import FooterKey, fitting
from tracetui.ui.lists.panel import Panel
from tracetui.ui.overview.run_panels import FailedPanel, LanesPanel, NowPanel, SlowestPanel
from tracetui.ui.overview.time_spent import TimeSpent

NAME = "in_with_null"


async def test_a_filter_narrows_the_overview() -> None:
    """Failures and slowest tests are those that the filter means; what it leaves as it is says so."""
    async with showing(RESMOKE, mode="run") as shown:
        await shown.until(lambda: "core/index/" in panel(shown, FailedPanel))
        assert " 4 " in panel(shown, FailedPanel).splitlines()[0]  # Three tests, and their suite.
        await _filtered(shown, f"name:{NAME}")
        assert " 1 " in panel(shown, FailedPanel).splitlines()[0]
        assert _tests(shown, FailedPanel) == _tests(shown, SlowestPanel) == 1
        for whole in (NowPanel, LanesPanel):
            assert "of the whole run" in panel(shown, whole).splitlines()[0]
        spent = shown.rows(shown.app.screen.query_one(TimeSpent))
        assert all("of the whole run" in line for line in spent)
        await _filtered(shown, "name:nowhere")
        for none in (FailedPanel, SlowestPanel):
            assert "nothing matches the filter" in panel(shown, none)


async def test_a_filter_narrows_what_runs(clock: Clock, small: Path) -> None:
    """Of a live run, what runs now is narrowed too."""
    async with showing(small, mode="run", follow=True) as shown:
        assert "▶" in panel(shown, NowPanel)
        await _filtered(shown, "name:nowhere")
        assert "▶" not in panel(shown, NowPanel)


@pytest.mark.parametrize(("cells", "left"), [(60, "abcde"), (37, "abde"), (28, "abe"), (9, "ae")])
def test_the_footer_drops_what_matters_least(cells: int, left: str) -> None:
    """Filter goes first, then find; what belongs to the mode, help and the way out stay."""
    actions = {"a": "choose", "b": "app.runs", "c": "app.filter", "d": "app.find", "e": "app.quit"}
    keys = [FooterKey(key, key, "Label", action) for key, action in actions.items()]
    assert "".join(key.key for key in fitting(keys, cells)) == left


async def test_the_footer_follows_the_width(tmp_path: Path) -> None:
    """Find and filter are there when there is room, and only then."""
    async with showing(write_small_run(tmp_path / "spans"), mode="waterfall", size=(120, 40)) as shown:
        assert "/ Find  f Filter  ? Help  q Quit" in shown.lines[-1]
        await shown.pilot.resize_terminal(72, 24)
        await shown.settle()
        assert "f Filter" not in shown.lines[-1]
        assert "? Help  q Quit" in shown.lines[-1]
        await shown.pilot.resize_terminal(120, 40)
        await shown.settle()
        assert "/ Find  f Filter  ? Help  q Quit" in shown.lines[-1]


async def _filtered(shown: Shown, text: str) -> None:
    """Another filter is on, and shown."""
    shown.app.search.filter.set(text)
    await shown.until(lambda: bool(shown.app.search.shown and shown.app.search.shown.lens))
    await shown.settle()


def _tests(shown: Shown, kind: type[Panel]) -> int:
    """How many tests there are on a panel, all of one name."""
    return sum(NAME in row for row in panel(shown, kind).splitlines())
