"""A picture of the lanes in each state."""

from tests.ui.conftest import Picture
from tests.ui.showing import RESMOKE, Size, each_size, showing


@each_size
async def test_lanes(picture: Picture, size: Size) -> None:
    """What each of resmoke's jobs did when, and what they add up to."""
    async with showing(RESMOKE, size=size) as shown:
        await shown.press("3")
        await picture(shown)
