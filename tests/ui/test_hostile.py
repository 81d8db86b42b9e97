"""Foreign text is only text: on every screen, wherever it stands."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from textual.widget import Widget

from tests.ui.hostile import CORPUS, ESCAPES, MARKUP, RAW
from tests.ui.hostile_runs import hostile_run
from tests.ui.showing import Shown, showing
from tracetui.ui.app.crash import crash_report

ROOM = (170, 50)
SCREENS = (
    ("1",),
    ("r",),
    ("escape", "2"),
    ("down",),
    ("right_square_bracket", "enter"),
    ("pagedown",),
    ("pagedown",),
    ("escape", "4"),
    ("B",),
    ("3",),
    ("j", "plus"),
    ("question_mark",),
    ("escape", "ctrl+p"),
)
"""Keys from screen to screen."""


@pytest_asyncio.fixture(params=[ESCAPES, MARKUP], ids=["escapes", "markup"])
async def shown(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Shown]:
    """A run full of texts, from a file that is called like some of them."""
    texts: tuple[str, ...] = request.param
    path = tmp_path / "".join(texts[:6]).replace("/", "∕").replace("\0", "")
    path.write_bytes(hostile_run(*texts))
    async with showing(path, size=ROOM, title=path.name) as opened:
        yield opened


async def test_every_screen(shown: Shown) -> None:
    """No screen shows a raw control, bidi or format character; lines keep their width."""
    for keys in SCREENS:
        await shown.press(*keys)
        assert not RAW.intersection(shown.text.replace("\n", ""))
        assert {strip.cell_length for strip in shown.strips} == {ROOM[0]}


async def test_markup_is_text(tmp_path: Path) -> None:
    """Markup stands on every screen as it was written."""
    path = tmp_path / "run.jsonl"
    path.write_bytes(hostile_run(*MARKUP))
    async with showing(path, size=(200, 120)) as shown:
        assert all(has(shown.waterfall, shown, text) for text in MARKUP)
        await shown.press("4")
        assert all(has(shown.slowest, shown, text) for text in MARKUP)
        await shown.press("2")
        for text in MARKUP:
            await shown.press("right_square_bracket")
            assert shown.under_cursor == text
            assert has(shown.detail, shown, f"test {text}  ✗")
            assert has(shown.detail, shown, f"exception.message  {text}")
            assert has(shown.detail, shown, f"{text}  ")


async def test_clicks_run_nothing(tmp_path: Path) -> None:
    """A click on a name, key, value or title runs no action that the text asks for."""
    text = "[@click=app.quit()]"
    path = tmp_path / "run.jsonl"
    path.write_bytes(hostile_run(text))
    async with showing(path, size=(100, 30), title=text) as shown:
        await shown.press("right_square_bracket", "enter")
        for y, line in enumerate(shown.lines):
            if (x := line.find(text)) >= 0:
                await shown.pilot.click(offset=(x + len(text) // 2, y))
        assert shown.app.is_running
        assert shown.app.return_code is None


@pytest.mark.parametrize("text", ["".join(MARKUP), "\x1b[2J\u202e"])
async def test_waiting_directory(text: str, tmp_path: Path) -> None:
    """The name of a followed directory is text too, before anything is in it."""
    directory = tmp_path / text.replace("/", "∕")
    directory.mkdir()
    async with showing(directory, size=ROOM, follow=True, title=directory.name) as shown:
        assert not RAW.intersection(shown.text.replace("\n", ""))


async def test_file_name_that_is_no_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file name of bytes that are no text, and an error that names it, can be shown."""
    monkeypatch.chdir(tmp_path)
    path = os.fsdecode(b"\xff\x1b[2J[@click=app.quit].jsonl")
    Path(path).write_bytes(hostile_run("x"))
    async with showing(path, size=ROOM, title=path) as shown:
        Path(path).write_bytes(b"x" * 100)
        await shown.press("down", "down")
        await shown.until(lambda: "open the file again" in shown.text)
        assert "\\u{dcff}␛[2J[@click=app.quit].jsonl" in shown.text
        assert not RAW.intersection(shown.text.replace("\n", ""))


@pytest.mark.parametrize("text", CORPUS, ids=range(len(CORPUS)))
def test_crash_report(text: str) -> None:
    """The report of a crash is text, whatever the error says."""
    report = crash_report(ValueError(text))
    assert not RAW.intersection(report.plain.replace("\n", ""))
    assert not report.spans


def has(widget: Widget, shown: Shown, text: str) -> bool:
    """Whether `text` stands on a line of a widget."""
    return any(text in line for line in shown.rows(widget))
