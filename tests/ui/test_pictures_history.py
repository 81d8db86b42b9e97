"""A picture of History in each state."""

from pathlib import Path

from tests.ui.conftest import Picture
from tests.ui.histories import write_runs
from tests.ui.showing import SIZES, showing


async def test_tests(picture: Picture, tmp_path: Path) -> None:
    """Tests over twenty runs: one became slower, one failed once, one is new."""
    async with showing(write_runs(tmp_path / "spans"), size=SIZES[0]) as shown:
        await shown.press("9")
        await picture(shown, *SIZES)


async def test_run_by_run(picture: Picture, tmp_path: Path) -> None:
    """The runs of one test, the last first, and where it changed."""
    async with showing(write_runs(tmp_path / "spans"), size=(120, 40)) as shown:
        await shown.press("9", "enter", "down")
        await picture(shown)


async def test_too_few(picture: Picture, tmp_path: Path) -> None:
    """Three runs tell nothing."""
    async with showing(write_runs(tmp_path / "spans", 3), size=(100, 30)) as shown:
        await shown.press("9")
        await picture(shown)
