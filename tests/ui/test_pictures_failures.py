"""Pictures of the failures mode."""

from pathlib import Path

from tests.ui.conftest import Picture
from tests.ui.failing import write_failing_run
from tests.ui.showing import SIZES, showing


async def test_failures(picture: Picture, tmp_path: Path) -> None:
    """What failed, grouped, and one failure with its exception and stack."""
    async with showing(write_failing_run(tmp_path), size=SIZES[0], mode="failures") as shown:
        await shown.press("down")
        await picture(shown, *SIZES)


async def test_large(picture: Picture, tmp_path: Path) -> None:
    """One failure large, the frames of libraries open."""
    async with showing(write_failing_run(tmp_path), size=(120, 50), mode="failures") as shown:
        await shown.press("down", "d", "o")
        await picture(shown)
