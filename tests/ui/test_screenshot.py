"""Pictures that the reader takes."""

from pathlib import Path

import pytest

from tests.builders import T0, S
from tests.ui.conftest import Clock
from tests.ui.showing import RESMOKE, Shown, showing
from tracetui.settings import Settings
from tracetui.ui.app.pictures import MOST, save

NAME = "tracetui-waterfall-20261118-110642"


async def taken(shown: Shown) -> str:
    """Presses the key; what is said then."""
    await shown.press("s")
    await shown.until(lambda: bool(list(shown.app._notifications)))
    (notice,) = list(shown.app._notifications)
    shown.app.clear_notifications()
    return notice.message


async def test_a_picture(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """s saves what is on the screen into the current directory, and says where; never over another file."""
    monkeypatch.chdir(tmp_path)
    async with showing(RESMOKE) as shown:
        assert await taken(shown) == f"saved as {NAME}.svg"
        assert await taken(shown) == f"saved as {NAME}-2.svg"
    svg = (tmp_path / f"{NAME}.svg").read_text()
    assert "bench_test1.js" in svg
    assert "http" not in svg.replace('xmlns="http://www.w3.org/2000/svg"', "")


async def test_another_directory(tmp_path: Path, clock: Clock) -> None:
    """A directory can be set; what its name means to markup or to a terminal is only text."""
    directory = tmp_path / "[red]\x1b[2J"
    directory.mkdir()
    async with showing(RESMOKE, settings=Settings(screenshots=str(directory))) as shown:
        said = await taken(shown)
    assert "[red]" in said
    assert "\x1b" not in said
    assert [path.name for path in directory.iterdir()] == [f"{NAME}.svg"]


async def test_a_directory_that_is_not_there(tmp_path: Path) -> None:
    """Where nothing can be saved, that is said, and nothing else happens."""
    async with showing(RESMOKE, settings=Settings(screenshots=str(tmp_path / "gone"))) as shown:
        assert "cannot be saved" in await taken(shown)
        assert shown.app.is_running


def test_there_is_an_end(tmp_path: Path) -> None:
    """However many there are of one second, none is written over, and it ends."""
    for _ in range(MOST):
        save("<svg/>", tmp_path, "x", T0 + S)
    assert len(list(tmp_path.iterdir())) == MOST
    with pytest.raises(FileExistsError, match="already"):
        save("<svg/>", tmp_path, "x", T0 + S)
