"""Where the time went, on the overview: each cost leads to what is behind it."""

import re

import pytest

from tests.ui.opened_runs import panel
from tests.ui.showing import Shown
from tracetui.ui.overview.run_more import SpentPanel
from tracetui.ui.overview.time_spent import TimeSpent

pytestmark = pytest.mark.asyncio(loop_scope="module")

COSTS_BY = {"tests": "test", "derived hooks": "hook", "archiving": "archiver"}


COSTS_BY = {"tests": "test", "derived hooks": "hook", "archiving": "archiver"}


@pytest.mark.parametrize("cost", list(COSTS_BY))
async def test_click_on_a_cost(small_over: Shown, cost: str) -> None:
    """A click on what the time went to ranks just that kind."""
    spent = small_over.app.screen.query_one(TimeSpent)
    await small_over.click(spent, small_over.rows(spent)[0].index(f" {cost} ") + 2, 0)
    assert small_over.app.current_mode == "slowest"
    assert small_over.slowest.order
    assert small_over.slowest.order.by == COSTS_BY[cost]
    await small_over.until(lambda: small_over.slowest.rank is not None)


async def test_keys_on_the_costs(small_over: Shown) -> None:
    """Keys go to what the time went to, behind the panels; each has a cursor, and enter ranks its kind."""
    await small_over.press("shift+tab")
    spent = small_over.app.screen.query_one(TimeSpent)
    assert spent.has_focus
    assert "▌derived hooks" in small_over.rows(spent)[0]
    await small_over.press("right")
    assert "▌tests" in small_over.rows(spent)[0]
    await small_over.press("left", "enter")
    assert small_over.slowest.order
    assert small_over.slowest.order.by == "hook"
    assert small_over.slowest.rank
    assert "derived" in small_over.slowest.rank.name


async def test_costs_that_do_not_fit(small_over: Shown) -> None:
    """Those that fit whole are shown, the cursor's among them; marks stand for the others."""
    await small_over.pilot.resize_terminal(80, 26)
    await small_over.settle()
    spent = small_over.app.screen.query_one(TimeSpent)
    cost = r" [ ▌][a-z ]+ (\d+|<1)% (█+|▏)"
    first = small_over.rows(spent)[0].rstrip()
    assert re.fullmatch(f"({cost})+ …", first)
    await small_over.press("shift+tab", *["right"] * 9)
    last = small_over.rows(spent)[0].rstrip()
    assert re.fullmatch(f" …({cost})+", last)
    assert "▌" in last
    number = last[: last.index("▌")].count("%")
    await small_over.click(spent, last.index("▌") + 2, 0)
    assert small_over.app.current_mode != "run"
    assert number >= 1


async def test_idle_leads_to_lanes(small_over: Shown) -> None:
    """Idle time is seen in Lanes, and so does the pace lead there."""
    await small_over.press("shift+tab", *["right"] * 3, "enter")
    assert small_over.app.current_mode == "lanes"
    await small_over.press("1")
    await small_over.click(small_over.app.screen.query_one(TimeSpent), 20, 1)
    assert small_over.app.current_mode == "lanes"


async def test_a_door_shows_all_names(small_over: Shown) -> None:
    """Names that were narrowed before are all shown to who comes through a door."""
    await small_over.press("4", "ampersand", *"geo", "enter", "1", "shift+tab", "enter")
    assert small_over.slowest.order
    assert (small_over.slowest.order.by, small_over.slowest.order.narrow) == ("hook", "")
    assert "& geo" not in small_over.text


async def test_what_mattered_of_hooks(small_over: Shown) -> None:
    """That hooks took half of the time leads to which of them."""
    await small_over.press("end", "enter")
    assert small_over.slowest.order
    assert small_over.slowest.order.by == "hook"


async def test_doors_of_a_name_behind_a_cost(over: Shown) -> None:
    """A name behind a cost leads to its rank."""
    spent = over.app.screen.query_one(SpentPanel)
    await over.until(lambda: "after_test hooks" in panel(over, SpentPanel))
    await over.click(spent, 10, 2)
    await over.until(lambda: over.slowest.rank is not None and "after_test" in over.slowest.rank.name)
    assert over.slowest.order
    assert over.slowest.order.by == "hook"
