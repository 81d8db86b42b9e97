"""`tracetui serve` in a reader's browser: it is drawn, keys and the mouse reach it, and it ends."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.chromium import Opens, in_chromium
from tests.builders import write_small_run
from tests.processes import PATIENCE_S

pytest.importorskip("textual_serve", reason="needs: pip install -e '.[web]'")

from tests.web.serving import served, words

if TYPE_CHECKING:
    from playwright.async_api import Page, WebSocket

pytestmark = in_chromium


PAINTED = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


class Screen:
    """What the app of a page has drawn since it was asked last, or since the page was opened."""

    def __init__(self, page: "Page") -> None:
        self._page, self._drawn = page, b""
        page.on("websocket", self._hear)

    def _hear(self, socket: "WebSocket") -> None:
        self._drawn = b""
        socket.on("framereceived", self._add)

    def _add(self, frame: str | bytes) -> None:
        self._drawn += frame if isinstance(frame, bytes) else b""

    async def until(self, wanted: str) -> bytes:
        """Waits for a word, then until the page has painted it; returns the picture."""
        async with asyncio.timeout(PATIENCE_S):
            while wanted not in words(self._drawn):
                await asyncio.sleep(0.05)
        self._drawn = b""
        await self._page.evaluate(PAINTED)
        return await self._page.screenshot()


async def test_keys_and_the_mouse(opens: Opens, tmp_path: Path) -> None:
    """At once, without a click before; what has ended opens again, and all comes from one address."""
    path = write_small_run(tmp_path / "<b>spans")
    async with served(path, host="0.0.0.0") as server:
        opened = await opens("about:blank", (1280, 800), "dark")
        page = opened.page
        screen = Screen(page)
        await page.goto(server.page)
        run = await screen.until("test_opens")
        assert await page.title() == "tracetui: <b>spans"
        assert await page.evaluate(
            """document.fonts.check('16px "Roboto Mono"') && document.fonts.size > 0"""
        )
        await page.keyboard.press("6")
        health = await screen.until("checks clean")
        assert health != run
        await page.mouse.click(100, 32)
        waterfall = await screen.until("total")
        assert waterfall not in (run, health)
        async with page.expect_websocket():
            await page.reload()
        await screen.until("test_opens")
        await page.keyboard.press("q")
        again = page.get_by_role("button", name="Open it again")
        await again.wait_for()
        async with page.expect_websocket():
            await page.keyboard.press("Enter")
        assert await screen.until("test_opens")
        assert {each.split("/")[2] for each in opened.requests if each != "about:blank"} == {server.address}
        # That of a terminal on a busy machine is no mistake of the page's.
        assert [each for each in opened.complaints if "task queue exceeded" not in each] == []
