"""Foreign text is only text in the failures mode too."""

from pathlib import Path

import pytest

from tests.ui.hostile import ESCAPES, MARKUP, RAW
from tests.ui.hostile_runs import hostile_failures
from tests.ui.showing import showing

ROOM = (170, 60)


@pytest.mark.parametrize("texts", [ESCAPES, MARKUP], ids=["escapes", "markup"])
async def test_failures(texts: tuple[str, ...], tmp_path: Path) -> None:
    """No raw character reaches the screen, lines keep their width, and markup stands as it was written."""
    path = tmp_path / "run.jsonl"
    path.write_bytes(hostile_failures(texts))
    async with showing(path, size=ROOM, mode="failures") as shown:
        for _ in texts:
            await shown.press("right_square_bracket")
            assert not RAW.intersection(shown.text.replace("\n", ""))
            assert {strip.cell_length for strip in shown.strips} == {ROOM[0]}
        await shown.press("d", "o", "e")
        assert not RAW.intersection(shown.text.replace("\n", ""))
        if texts is MARKUP:
            assert f"test {texts[-1]}  ✗ failed" in shown.text


async def test_clicks_run_nothing(tmp_path: Path) -> None:
    """A click on any text of a failure runs nothing that the text asks for."""
    text = "[@click=app.quit()]"
    path = tmp_path / "run.jsonl"
    path.write_bytes(hostile_failures((text,)))
    async with showing(path, size=ROOM, mode="failures") as shown:
        await shown.press("right_square_bracket", "e")
        for y, told in enumerate(shown.lines):
            if (x := told.find(text)) >= 0:
                await shown.pilot.click(offset=(x + len(text) // 2, y))
        assert shown.app.is_running
