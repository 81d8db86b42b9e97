"""The waterfall under keys and mouse: cursor, folds, failed tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.builders import T0, Json, S, case, line, span, write_small_run
from tests.ui.showing import RESMOKE, Shown, showing
from tracetui.ui.waterfall.draw_span_row import fold_column

SMALL_ROWS = 14
"""A suite, two workers, eleven tests; what is inside the tests is folded."""


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def small_once(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shown]:
    """The small run on a screen that shows all its rows, opened for all tests."""
    async with showing(write_small_run(tmp_path_factory.mktemp("small") / "spans")) as shown:
        yield shown


@pytest_asyncio.fixture(loop_scope="module")
async def small(small_once: Shown) -> Shown:
    """It, as it was opened."""
    return await small_once.anew("waterfall")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def long_once() -> AsyncIterator[Shown]:
    """A run of many more rows than the screen has lines, opened for all tests."""
    async with showing(RESMOKE, size=(100, 24)) as shown:
        yield shown


@pytest_asyncio.fixture(loop_scope="module")
async def long(long_once: Shown) -> Shown:
    """It, as it was opened."""
    return await long_once.anew("waterfall")


async def test_opens_on_the_first_failure() -> None:
    """A recording opens on what failed first, in sight; the whole run is on the axis."""
    async with showing(RESMOKE, size=(100, 24), at_top=False) as shown:
        assert shown.app.reading
        assert shown.waterfall.row == shown.app.reading.overview.failed[0]
        assert any(row.startswith("▌") for row in shown.rows(shown.waterfall))
        assert shown.waterfall.window is None


async def test_opens_on_the_longest_stall(tmp_path: Path) -> None:
    """Where nothing failed it opens on what stalled all workers; the stall is a band across all rows."""
    tests = [case("long", worker="gw0", end=T0 + 62 * S)]
    tests += [
        case(f"short{at}", worker="gw1", start=T0 + at * 62 * S, end=T0 + (at * 62 + 1) * S)
        for at in range(2)
    ]
    hook = span("hook", {"tracetui.span.role": "hook"}, start=T0 + S, end=T0 + 62 * S, parent=tests[0])
    (tmp_path / "run.jsonl").write_bytes(line(*tests, hook))
    async with showing(tmp_path, at_top=False) as shown:
        assert shown.under_cursor == "hook"
        assert all("░░░░" in row for row in shown.rows(shown.waterfall) if "short" in row)


async def test_starts_at_the_top(small: Shown) -> None:
    """The cursor starts on the first row, and tests start folded."""
    assert small.waterfall.cursor == 0
    assert small.waterfall.count == SMALL_ROWS


async def test_arrows(small: Shown) -> None:
    """Arrows and vi's letters move the cursor by one row."""
    await small.press("down", "j", "down", "up", "k")
    assert small.waterfall.cursor == 1


async def test_edges(small: Shown) -> None:
    """The cursor stays within the rows."""
    await small.press("up")
    assert small.waterfall.cursor == 0
    await small.press("end", "down")
    assert small.waterfall.cursor == SMALL_ROWS - 1


async def test_ends(long: Shown) -> None:
    """End and home go to the last and the first row, and bring them in sight."""
    last = long.waterfall.count - 1
    await long.press("end")
    assert long.waterfall.cursor == last
    assert long.rows(long.waterfall)[-1].startswith("▌")
    await long.press("g")
    assert long.waterfall.cursor == 0
    assert long.rows(long.waterfall)[0].startswith("▌")


async def test_pages(long: Shown) -> None:
    """A page is one row less than what is in sight, and the cursor stays in sight."""
    height = long.waterfall.size.height
    await long.press("pagedown", "pagedown")
    assert long.waterfall.cursor == 2 * (height - 1)
    assert any(row.startswith("▌") for row in long.rows(long.waterfall))
    await long.press("pageup")
    assert long.waterfall.cursor == height - 1


async def test_wheel(long: Shown) -> None:
    """The wheel scrolls, and leaves the cursor where it is."""
    await long.wheel(long.waterfall, 10, 3, down=True)
    assert long.waterfall.top == 3
    assert long.waterfall.cursor == 0
    await long.wheel(long.waterfall, 10, 3, down=False)
    assert long.waterfall.top == 0


async def test_click_selects(small: Shown) -> None:
    """A click puts the cursor on a row, and folds nothing."""
    await small.click(small.waterfall, 30, 4)
    assert small.waterfall.cursor == 4
    assert small.waterfall.count == SMALL_ROWS


async def test_click_below_the_rows(small: Shown) -> None:
    """A click below the last row changes nothing."""
    await small.click(small.waterfall, 30, SMALL_ROWS + 1)
    assert small.waterfall.cursor == 0


async def test_click_on_the_mark(small: Shown) -> None:
    """A click on the fold mark unfolds, another one folds."""
    at = fold_column_of(small, 2)
    assert small.rows(small.waterfall)[2][at] == "▸"
    await small.click(small.waterfall, at, 2)
    assert small.waterfall.count == SMALL_ROWS + 4  # The first test has a fixture too.
    assert small.rows(small.waterfall)[2][at] == "▾"
    await small.click(small.waterfall, at, 2)
    assert small.waterfall.count == SMALL_ROWS


async def test_space(small: Shown) -> None:
    """Space folds and unfolds."""
    await small.press("o")
    assert small.waterfall.count == 1
    await small.press("o")
    assert small.waterfall.count == SMALL_ROWS


async def test_folds_inside_are_kept(small: Shown) -> None:
    """What was unfolded inside a fold is unfolded when the fold opens again."""
    await small.press("down", "down", "right", "home", "o", "o")
    assert small.waterfall.count == SMALL_ROWS + 4


async def test_right(small: Shown) -> None:
    """Right unfolds a row, and then goes in."""
    await small.press("down", "down", "right")
    assert small.under_cursor == "tests/test_depot.py::test_opens"
    await small.press("l")
    assert small.under_cursor == "setup"


async def test_right_on_a_leaf(small: Shown) -> None:
    """Right does nothing where there is nothing inside."""
    await small.press("end", "right", "right", "right", "right", "right")
    assert small.under_cursor == "setup"


async def test_left(small: Shown) -> None:
    """Left folds a row, and then goes to the parent, all the way up."""
    await small.press("down", "down", "right", "right", "left", "h", "left", "left")
    assert small.under_cursor == "worker gw0"
    await small.press("left", "left", "left")
    assert small.waterfall.cursor == 0
    assert small.waterfall.count == 1


async def test_next_failure(long: Shown) -> None:
    """] goes from failed test to failed test and stays on the last one; [ goes back."""
    seen = []
    for key in ("right_square_bracket",) * 4 + ("left_square_bracket",) * 3:
        await long.press(key)
        seen.append(long.under_cursor.rpartition("/")[2])
    failed = ["in_with_null.js", "sbe_plan_cache.js", "delete_multi.js"]
    assert sorted(seen[:3]) == sorted(failed)
    assert seen[3:] == [seen[2], seen[1], seen[0], seen[0]]


async def test_next_failure_unfolds(small: Shown) -> None:
    """] unfolds what hides the failed test, and nothing else."""
    await small.press("down", "left", "up", "left", "right_square_bracket")
    assert small.under_cursor == "tests/test_depot.py::test_closes"
    assert small.waterfall.count == SMALL_ROWS - 8


async def test_no_failure(tmp_path: Path) -> None:
    """Without a failed test ] and [ do nothing."""
    (tmp_path / "run.jsonl").write_bytes(line(case("tests/test_yard.py::test_tracks", end=T0 + S)))
    async with showing(tmp_path) as shown:
        await shown.press("right_square_bracket", "left_square_bracket")
        assert shown.waterfall.cursor == 0


async def test_deep(tmp_path: Path) -> None:
    """A thousand levels: every row is there, and can be folded by its mark."""
    chain: list[Json] = []
    for level in range(1000):
        parent = chain[-1] if chain else None
        chain.append(span(f"level {level}", start=T0 + level, end=T0 + S, parent=parent))
    (tmp_path / "run.jsonl").write_bytes(line(*chain))
    async with showing(tmp_path) as shown:
        await shown.press("end")
        assert "level 999" in shown.rows(shown.waterfall)[-1]
        await shown.press("up")
        line_ = shown.waterfall.cursor - shown.waterfall.top
        await shown.click(shown.waterfall, fold_column_of(shown, shown.waterfall.cursor), line_)
        assert shown.waterfall.count == 999


async def test_key_in_an_empty_list(tmp_path: Path) -> None:
    """Every key of the table does no harm where there are no spans."""
    async with showing(tmp_path, follow=True) as shown:
        for key in (
            "down",
            "end",
            "o",
            "left",
            "right",
            "plus",
            "z",
            "right_square_bracket",
            "enter",
            "4",
        ):
            await shown.pilot.press(key)
        await shown.press("o", "v", "b", "enter", "down", "2")
        assert shown.waterfall.cursor == 0


def fold_column_of(shown: Shown, index: int) -> int:
    """The cell of the fold mark of a row of the waterfall."""
    frame = shown.waterfall._frame
    assert frame
    return fold_column(frame, frame.outline.node(index))


async def test_names_have_room(tmp_path: Path) -> None:
    """On a terminal of 80 columns a name two levels down has 25 cells at least, and keeps its end."""
    suite = span("depot", {"tracetui.span.role": "suite"}, end=T0 + 9 * S)
    names = [f"tests/deliveries/test_vans.py::test_everything_is_brought[{each}]" for each in ("one", "two")]
    tests = [case(name, start=T0, end=T0 + S, parent=suite) for name in names]
    (tmp_path / "run.jsonl").write_bytes(line(suite, *tests))
    async with showing(tmp_path, size=(80, 24)) as shown:
        for each in ("one", "two"):
            row = next(row for row in shown.rows(shown.waterfall) if f"[{each}]" in row)
            name = row[1 : row.index("✓")].strip()
            assert len(name) >= 25
            assert "…" in name


async def test_what_all_tests_begin_with_goes_first(tmp_path: Path) -> None:
    """Where not all titles fit; only of tests, and as soon as there is room all stands again."""
    suite = span("tests/deliveries", {"tracetui.span.role": "suite"}, end=T0 + 9 * S)
    names = [f"tests/deliveries/{each}.py::test_everything_is_brought_in" for each in ("vans", "trucks")]
    tests = [case(name, start=T0, end=T0 + S, parent=suite) for name in names]
    (tmp_path / "run.jsonl").write_bytes(line(suite, *tests))
    async with showing(tmp_path, size=(80, 24)) as shown:
        assert "…trucks.py::test_everyth" not in shown.rows(shown.waterfall)[0]
        assert any("…vans.py::" in row for row in shown.rows(shown.waterfall))
        assert any("…tru" in row and "t_in " in row for row in shown.rows(shown.waterfall))
        assert "tests/deliveries" in shown.rows(shown.waterfall)[0]
        await shown.pilot.resize_terminal(179, 24)
        await shown.settle()
        assert all(name in shown.text for name in names)


async def test_detail_beside_the_rows() -> None:
    """From 180 columns on the pane stands beside the rows, below that under them."""
    for width, is_beside in ((179, False), (180, True)):
        async with showing(RESMOKE, size=(width, 40)) as shown:
            assert (shown.detail.region.x >= shown.waterfall.region.right) is is_beside
            assert (shown.detail.region.y >= shown.waterfall.region.bottom) is not is_beside
            await shown.press("enter")
            assert shown.detail.rows.has_focus


async def test_copying_the_command() -> None:
    """y copies the command that runs the test again; of what is no test, the title."""
    async with showing(RESMOKE) as shown:
        await shown.press("right_square_bracket", "y")
        assert shown.app.clipboard == (
            "buildscripts/resmoke.py run --suites=replica_sets_jscore_passthrough " + shown.under_cursor
        )
        await shown.press("home", "y")
        assert shown.app.clipboard == shown.under_cursor
