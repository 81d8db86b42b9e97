"""Pictures of finding and filtering."""

from pathlib import Path

import pytest

from tests.ui.conftest import Picture
from tests.ui.showing import RESMOKE, showing


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept is kept here."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


async def test_found(picture: Picture) -> None:
    """What was found is marked, counted, and the cursor is on one of it."""
    async with showing(RESMOKE, size=(80, 24)) as shown:
        await shown.press("slash", *"expl", "enter", "n")
        await picture(shown, (80, 24), (120, 40))


async def test_typing(picture: Picture) -> None:
    """A filter half typed: what may come, and what is wrong so far."""
    async with showing(RESMOKE, size=(120, 24)) as shown:
        await shown.press("f", *"dur", "greater_than_sign", *"1s outcome", "colon", *"fial")
        await picture(shown)


async def test_filtered(picture: Picture) -> None:
    """Ancestors stay, and what is hidden is counted."""
    async with showing(RESMOKE, size=(120, 24)) as shown:
        await shown.press("f", *"dur", "greater_than_sign", *"2s", "enter")
        await picture(shown)


async def test_named(picture: Picture) -> None:
    """The filters that have a name, and a line to name the one that is on."""
    async with showing(RESMOKE, size=(120, 24)) as shown:
        await shown.press("f", *"dur", "greater_than_sign", *"2s", "enter")
        await shown.press("ctrl+f", *"slow", "enter")
        await picture(shown)
