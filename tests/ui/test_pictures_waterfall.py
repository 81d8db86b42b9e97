"""A picture of the waterfall in each state."""

from pathlib import Path

from tests.builders import S
from tests.ui.conftest import Clock, Picture
from tests.ui.showing import RESMOKE, Size, each_size, showing


@each_size
async def test_finished(picture: Picture, size: Size) -> None:
    """A run of resmoke, as it is opened."""
    async with showing(RESMOKE, size=size) as shown:
        await picture(shown)


@each_size
async def test_live(picture: Picture, small: Path, size: Size) -> None:
    """A run under way: what runs now stands above, its bar reaches up to now."""
    async with showing(small, size=size) as shown:
        await picture(shown)


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
