"""A picture of the lanes in each state."""

from pathlib import Path

from tests import jscore
from tests.ui.conftest import Picture
from tests.ui.showing import RESMOKE, SIZES, showing


async def test_lanes(picture: Picture) -> None:
    """What each of resmoke's jobs did when, the longest block, and what they add up to."""
    async with showing(RESMOKE, size=SIZES[0]) as shown:
        await shown.press("3")
        await picture(shown, *SIZES)


async def test_gap(picture: Picture) -> None:
    """The cursor on a gap: what the other lanes did while this one stood still."""
    async with showing(RESMOKE) as shown:
        await shown.press("3", "down", "right_curly_bracket")
        await picture(shown)


async def test_live(picture: Picture, small: Path) -> None:
    """Lanes of a run under way: the workers are named."""
    async with showing(small, size=(120, 24)) as shown:
        await shown.press("3")
        await picture(shown)


async def test_still(picture: Picture, tmp_path: Path) -> None:
    """A run that stood still for four minutes: when, why, and who waited."""
    async with showing(jscore.write(tmp_path / "jscore"), mode="lanes", size=(160, 30)) as shown:
        await shown.until(lambda: "stalled" in shown.text)
        await picture(shown)
