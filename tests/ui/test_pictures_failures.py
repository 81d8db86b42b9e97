"""Pictures of the failures mode."""

from pathlib import Path

import pytest

from tests.ui.conftest import Picture
from tests.ui.failing import write_failing_run
from tests.ui.showing import Size, showing


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)], ids="{0[0]}x{0[1]}".format)
async def test_failures(picture: Picture, tmp_path: Path, size: Size) -> None:
    """What failed, grouped, and one failure with its exception and stack."""
    async with showing(write_failing_run(tmp_path), size=size, mode="failures") as shown:
        await shown.press("down")
        await picture(shown)


async def test_large(picture: Picture, tmp_path: Path) -> None:
    """One failure large, the frames of libraries open."""
    async with showing(write_failing_run(tmp_path), size=(120, 50), mode="failures") as shown:
        await shown.press("down", "d", "o")
        await picture(shown)
