"""The critical path over Waterfall and Lanes: marked by shapes, worked out only while it is on."""

from pathlib import Path

import pytest

from tests.builders import MS, T0, case, line, span
from tests.ui.conftest import Picture
from tests.ui.showing import RESMOKE, Shown, showing


@pytest.fixture
def two_lanes(tmp_path: Path) -> Path:
    """`t::b` and `t::c` run one after the other on gw0, which ends last; `t::a` on gw1 is quicker."""
    told = {"tracetui.span.role": "suite", "test.suite.name": "s"}
    suite = span("s", told, end=T0 + 10_000 * MS)
    tests = [
        case(name, worker=lane, start=T0 + start * MS, end=T0 + end * MS, parent=suite)
        for name, lane, start, end in (
            ("t::a", "gw1", 0, 2000),
            ("t::b", "gw0", 0, 4000),
            ("t::c", "gw0", 4010, 9000),
        )
    ]
    (tmp_path / "run.jsonl").write_bytes(line(suite, *tests))
    return tmp_path


def row(shown: Shown, text: str) -> str:
    """The line of the screen that holds a text."""
    return next(each for each in shown.lines if text in each)


async def test_rows_on_it_are_marked(two_lanes: Path) -> None:
    """A diamond before the outcome of what is on it; the others are dim, and all is as before after that."""
    async with showing(two_lanes) as shown:
        await shown.until(lambda: "t::a" in shown.text)
        await shown.press("x")
        await shown.until(lambda: "◆✓" in row(shown, "t::b"))
        assert "◆✓" in row(shown, "t::c")
        assert "◆✓" not in row(shown, "t::a")
        frame = shown.waterfall._frame
        assert frame is not None
        titles = frame.findings.snapshot.title
        dim = {titles(place) for place in range(len(frame.findings.snapshot)) if frame.is_dim(place)}
        assert dim == {"t::a"}
        await shown.press("x")
        await shown.until(lambda: "◆" not in shown.text)


async def test_lanes_are_drawn_in_full_on_it(two_lanes: Path) -> None:
    """Beside it there are dots where something ran; where it waits there is a line."""
    async with showing(two_lanes, mode="lanes") as shown:
        await shown.until(lambda: "gw1" in shown.text)
        await shown.press("x")
        await shown.until(lambda: "·····" in row(shown, "gw1"))
        await shown.press("x")
        await shown.until(lambda: "·····" not in row(shown, "gw1"))


async def test_it_is_worked_out_only_while_it_is_on(two_lanes: Path) -> None:
    """Not before the key, and no longer after it; how long it is, and what that does not mean, is said."""
    async with showing(two_lanes, mode="lanes") as shown:
        await shown.until(lambda: "gw1" in shown.text)
        assert shown.lanes._path is None
        await shown.press("x")
        await shown.until(lambda: shown.lanes._path is not None)
        (said,) = (each.message for each in shown.app._notifications)
        assert said == "critical path 10.0s; what would be saved is never a segment's length"
        await shown.press("x")
        assert shown.lanes._path is None


@pytest.mark.parametrize("mode", ["waterfall", "lanes"])
async def test_picture(picture: Picture, mode: str) -> None:
    """The path through resmoke's tests and hooks, over the tree and over the lanes."""
    async with showing(RESMOKE, mode=mode) as shown:
        await shown.settle()
        await shown.press("x")
        timeline = shown.waterfall if mode == "waterfall" else shown.lanes
        await shown.until(lambda: timeline._path is not None)
        shown.app.clear_notifications()
        await picture(shown)
