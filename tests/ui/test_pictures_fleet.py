"""A picture of the screen of all runs: its tests, and one of them run by run."""

import pytest

from tests.ui.conftest import Picture
from tests.ui.fleets import Answers, all_runs
from tests.ui.showing import Size


@pytest.mark.parametrize("size", [(80, 24), (200, 50)], ids="{0[0]}x{0[1]}".format)
@pytest.mark.parametrize("keys", [[], ["enter", "down"]], ids=["tests", "runs"])
async def test_all_runs(picture: Picture, size: Size, keys: list[str]) -> None:
    """Where tests became slower."""
    async with all_runs(Answers(), size) as shown:
        await shown.press(*keys)
        await picture(shown)
