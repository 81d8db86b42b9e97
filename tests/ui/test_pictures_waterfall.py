"""A picture of the waterfall in each state."""

from pathlib import Path

from tests import jscore
from tests.builders import T0, S, case, exception, line, span
from tests.ui.conftest import Clock, Picture
from tests.ui.showing import RESMOKE, SIZES, showing


async def test_finished(picture: Picture) -> None:
    """A run of resmoke, as it is opened."""
    async with showing(RESMOKE, size=SIZES[0]) as shown:
        await picture(shown, *SIZES)


async def test_live(picture: Picture, small: Path) -> None:
    """A run under way: what runs now stands above, its bar reaches up to now."""
    async with showing(small, size=SIZES[0]) as shown:
        await picture(shown, *SIZES)


async def test_cut_off(picture: Picture, clock: Clock, small: Path) -> None:
    """The same run an hour later: its writer is gone, what was open is cut off."""
    clock.now_ns += 3600 * S
    async with showing(small) as shown:
        await picture(shown)


async def test_zoomed(picture: Picture) -> None:
    """A stretch of time around the first failed test: the axis says which, bars outside it are gone."""
    async with showing(RESMOKE) as shown:
        await shown.press("right_square_bracket", "z", "minus")
        await picture(shown)


async def test_grouped(picture: Picture, tmp_path: Path) -> None:
    """A run that stood still: siblings of a kind are one row, what needs a look stands beside them."""
    async with showing(jscore.write(tmp_path / "jscore"), size=(160, 40)) as shown:
        await shown.until(lambda: shown.waterfall.count > 2)
        await shown.press("u")
        await shown.until(lambda: "×" in shown.text)
        await picture(shown)


async def test_columns(picture: Picture) -> None:
    """The columns, to be chosen; behind them the time of day on the axis."""
    async with showing(RESMOKE) as shown:
        await shown.press("w", "c", "down", "space")
        await picture(shown)


async def test_marks(picture: Picture, tmp_path: Path) -> None:
    """Events on bars, a child outside its parent's time, a hook and an archiver in a folded test."""
    test = case("t::a", "failed", start=T0, end=T0 + 9 * S) | {"events": [exception(at=T0 + 3 * S)]}
    spans = [
        test,
        span("fixture", {"tracetui.span.role": "hook"}, start=T0, end=T0 + 2 * S, parent=test),
        span("data.tgz", {"tracetui.span.role": "archiver"}, start=T0 + 5 * S, end=T0 + 9 * S, parent=test),
        span(
            "request",
            start=T0 + 8 * S,
            end=T0 + 10 * S,
            parent=(top := span("top", start=T0, end=T0 + 9 * S)),
        ),
        top,
    ]
    (tmp_path / "run.jsonl").write_bytes(line(*spans))
    async with showing(tmp_path / "run.jsonl", size=(120, 24)) as shown:
        await shown.until(lambda: "◆" in shown.text)
        await picture(shown)


async def test_sum_of_an_area(picture: Picture) -> None:
    """A stretch that was dragged over: what it holds stands above it."""
    async with showing(RESMOKE, size=(240, 70)) as shown:
        left, cells = shown.waterfall.axis
        await shown.pilot.mouse_down(shown.waterfall, offset=(left + cells // 4, 9))
        await shown.pilot.hover(shown.waterfall, offset=(left + cells // 2, 9))
        await shown.pilot.mouse_up(shown.waterfall, offset=(left + cells // 2, 9))
        await picture(shown)
