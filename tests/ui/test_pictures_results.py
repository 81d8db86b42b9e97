"""A picture of results without a timeline: durations, and no bars."""

from tests.formats.results.reading import DATA
from tests.ui.conftest import Picture
from tests.ui.showing import showing


async def test_waterfall(picture: Picture) -> None:
    """The tree with its durations; where the axis would be stands why there is none."""
    async with showing(DATA / "surefire.xml", size=(120, 24)) as shown:
        await picture(shown)
