"""Pictures that the reader takes."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.builders import T0, S, case, line
from tests.ui.conftest import Clock
from tests.ui.showing import RESMOKE, Shown, showing
from tracetui.settings import Settings
from tracetui.ui.app.pictures import MOST, portable, save

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


async def test_no_toast_in_the_second(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pressed again at once, s does not take a picture of what was said of the first."""
    monkeypatch.chdir(tmp_path)
    said: list[int] = []
    async with showing(RESMOKE) as shown:
        export = shown.app.export_screenshot

        def counted() -> str:
            said.append(len(shown.app._notifications))
            return export()

        monkeypatch.setattr(shown.app, "export_screenshot", counted)
        for name in (NAME, f"{NAME}-2"):
            await shown.press("s")
            await shown.until((tmp_path / f"{name}.svg").exists)
            await shown.until(lambda: bool(list(shown.app._notifications)))
    assert said == [0, 0]


def test_words_stand_at_their_cells() -> None:
    """Each word has a place of its own, whatever is wide before it; what XML cannot hold is replaced."""
    written = "&#160;日&#160;a&lt;b\x01&#160;"
    text = f'<text class="r1" x="12.2" y="5" textLength="109.8" clip-path="url(#l)">{written}</text>'
    root = ElementTree.fromstring(f"<svg>{portable(text)}</svg>")
    assert [(part.get("x"), part.get("textLength"), part.text) for part in root] == [
        ("24.4", "24.4", "日"),
        ("61", "48.8", "a<b\ufffd"),
    ]


async def test_every_reader_of_svg(tmp_path: Path) -> None:
    """A picture of foreign names is XML, and names nothing that is elsewhere."""
    (tmp_path / "a.jsonl").write_bytes(line(case("a]]> & <b> \x00\ud800\x1b[31m", "failed")))
    async with showing(tmp_path) as shown:
        svg = portable(shown.app.export_screenshot())
    root = ElementTree.fromstring(svg)
    texts = [part.text or "" for part in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "]]>" in "".join(texts)
    assert not [text for text in texts if text != text.strip() or "\xa0" in text]
    assert "@" not in svg
    assert "url(http" not in svg


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
        assert "screenshot not saved" in await taken(shown)
        assert shown.app.is_running


def test_there_is_an_end(tmp_path: Path) -> None:
    """However many there are of one second, none is written over, and it ends."""
    for _ in range(MOST):
        save("<svg/>", tmp_path, "x", T0 + S)
    assert len(list(tmp_path.iterdir())) == MOST
    with pytest.raises(FileExistsError, match="already"):
        save("<svg/>", tmp_path, "x", T0 + S)
