"""The app in a page: a real server, asked as a browser asks it, and as a hostile page would."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from tests.builders import write_small_run
from tests.cli.running import tracetui
from tests.processes import PATIENCE_S
from tests.web.serving import served, words
from tracetui.web.server import AppServer

SIZE = "width=100&height=30"


@pytest_asyncio.fixture
async def address(tmp_path: Path) -> AsyncIterator[str]:
    """Where the small run is served."""
    async with served(write_small_run(tmp_path / "spans")) as found:
        yield found


async def until(page: aiohttp.ClientWebSocketResponse, wanted: str) -> None:
    """Reads what the app draws until it says something."""
    seen = b""
    async with asyncio.timeout(PATIENCE_S):
        async for message in page:
            if message.type is aiohttp.WSMsgType.BINARY:
                seen += message.data
                if wanted in words(seen):
                    return
    raise AssertionError(f"never came: {wanted}")


async def test_a_key_reaches_the_app(address: str) -> None:
    """It is drawn, a key leads to another mode, q ends it, and another page has an app of its own."""
    browser = aiohttp.ClientSession(headers={"Origin": f"http://{address}"})
    async with browser, browser.ws_connect(f"ws://{address}/ws?{SIZE}") as page:
        await until(page, "test_opens")
        await page.send_json(["stdin", "6"])
        await until(page, "checks clean")
        async with browser.ws_connect(f"ws://{address}/ws?{SIZE}") as other:
            await until(other, "test_opens")
        await page.send_json(["stdin", "q"])
        async with asyncio.timeout(PATIENCE_S):
            while not page.closed:
                await page.receive()


async def test_the_page_loads_nothing_from_elsewhere(address: str) -> None:
    """It stands in no other page, and what it needs it finds beside it, whatever the server is called."""
    async with aiohttp.ClientSession() as browser, browser.get(f"http://{address}/") as page:
        assert page.status == 200
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert f"connect-src 'self' ws://{address}" in policy
        assert not re.findall(r"https?:", policy)
        assert page.headers["X-Frame-Options"] == "DENY"
        text = await page.text()
        script = re.findall(r'(?:src|href)="(static/[^"]*)"', text)
        assert len(script) == 2
    for each in script:
        async with aiohttp.ClientSession() as browser, browser.get(f"http://{address}/{each}") as loaded:
            assert loaded.status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Host": "evil.example"},
        {"Host": "evil.example", "Origin": "http://evil.example"},
    ],
    ids=str,
)
async def test_another_page_is_refused(address: str, headers: dict[str, str]) -> None:
    """By its origin, or by the name that it has made lead here."""
    async with aiohttp.ClientSession(headers=headers) as browser:
        for path in ("/", f"/ws?{SIZE}", "/static/js/textual.js"):
            async with browser.get(f"http://{address}{path}") as answered:
                assert answered.status == 403
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await browser.ws_connect(f"ws://{address}/ws?{SIZE}")


async def test_open_pages_do_not_hold_it_up() -> None:
    """Who ends the server ends their apps: aiohttp would give each of them a minute."""
    server = AppServer(["open"], "127.0.0.1", 1, "tracetui", lambda _: None)

    async def stays_open(request: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        return web.Response()

    headers = {"Host": "127.0.0.1:1"}
    page = asyncio.create_task(server.guard(make_mocked_request("GET", "/ws", headers), stays_open))
    await asyncio.sleep(0)
    await server.on_shutdown(web.Application())
    with pytest.raises(asyncio.CancelledError):
        await page


def test_wrong_use(tmp_path: Path) -> None:
    """A path that is not there, and a port that another has: one line."""
    ran = tracetui("serve", tmp_path / "nothing")
    assert (ran.returncode, ran.stderr.count(b"\n")) == (2, 1)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = tracetui("serve", tmp_path, "--port", taken.getsockname()[1])
    assert (ran.returncode, ran.stderr.count(b"\n")) == (2, 1)
    assert b"choose another with --port" in ran.stderr
