"""A picture of Compare in each state."""

from pathlib import Path

from tests.ui.conftest import Picture
from tests.ui.showing import SIZES, showing
from tests.ui.two_sides import write


async def test_suspects(picture: Picture, tmp_path: Path) -> None:
    """One run against the one before: suspects, what is gone and new."""
    async with showing(write(tmp_path / "spans"), size=SIZES[0]) as shown:
        await shown.press("8")
        await picture(shown, *SIZES)


async def test_all_rows(picture: Picture, tmp_path: Path) -> None:
    """What is undecided too, quietly."""
    async with showing(write(tmp_path / "spans"), size=(120, 40)) as shown:
        await shown.press("8", "v", "down")
        await picture(shown)
