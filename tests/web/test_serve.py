"""The app in a page: a real server, asked as a browser asks it, and as a hostile page would."""

import asyncio
import base64
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
from tests.web.serving import Served, served, words
from tracetui.web.server import AppServer


@pytest_asyncio.fixture
async def server(tmp_path: Path) -> AsyncIterator[Served]:
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


async def test_a_key_reaches_the_app(server: Served) -> None:
    """It is drawn, a key leads to another mode, q ends it, and another page has an app of its own."""
    browser = aiohttp.ClientSession(headers={"Origin": f"http://{server.address}"})
    async with browser, browser.ws_connect(server.app) as page:
        await until(page, "test_opens")
        await page.send_json(["stdin", "6"])
        await until(page, "checks clean")
        async with browser.ws_connect(server.app) as other:
            await until(other, "test_opens")
        await page.send_json(["stdin", "q"])
        async with asyncio.timeout(PATIENCE_S):
            while not page.closed:
                await page.receive()


async def test_the_page_loads_nothing_from_elsewhere(server: Served) -> None:
    """It stands in no other page, and what it needs it finds beside it, whatever the server is called."""
    async with aiohttp.ClientSession() as browser, browser.get(f"http://{server.address}/") as page:
        assert page.status == 200
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert f"connect-src 'self' ws://{server.address}" in policy
        assert not re.findall(r"https?:", policy)
        assert page.headers["X-Frame-Options"] == "DENY"
        text = await page.text()
        script = re.findall(r'(?:src|href)="(static/[^"]*)"', text)
        assert len(script) == 2
    for each in script:
        async with (
            aiohttp.ClientSession() as browser,
            browser.get(f"http://{server.address}/{each}") as loaded,
        ):
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
async def test_another_page_is_refused(server: Served, headers: dict[str, str]) -> None:
    """By its origin, or by the name that it has made lead here."""
    async with aiohttp.ClientSession(headers=headers) as browser:
        for path in ("/", f"/ws/{server.token}", "/static/js/textual.js"):
            async with browser.get(f"http://{server.address}{path}") as answered:
                assert answered.status == 403
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await browser.ws_connect(server.app)


@pytest.mark.parametrize(
    "path", ["/ws", "/ws/", "/ws/wrong", "/ws/%C3%BC", "/download/x", "/download/{token}", "/ws/{token}x"]
)
async def test_who_has_no_token_is_refused(server: Served, path: str) -> None:
    """Another user of this machine, say: nothing is started."""
    async with aiohttp.ClientSession() as browser:
        with pytest.raises(aiohttp.WSServerHandshakeError) as raised:
            await browser.ws_connect(f"ws://{server.address}{path.format(token=server.token)}")
    assert raised.value.status == 403
    assert not apps(server)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc")
async def test_as_many_apps_as_there_may_be(server: Served) -> None:
    """Fifty sockets have four; where one is closed, another is opened."""
    async with aiohttp.ClientSession() as browser:
        asked = [browser.ws_connect(server.app) for _ in range(50)]
        opened = await asyncio.gather(*asked, return_exceptions=True)
        refused = [one.status for one in opened if isinstance(one, aiohttp.WSServerHandshakeError)]
        pages = [one for one in opened if isinstance(one, aiohttp.ClientWebSocketResponse)]
        assert (len(pages), set(refused), len(refused)) == (4, {503}, 46)
        await until(pages[0], "test_opens")
        assert 1 <= len(apps(server)) <= 4
        await pages[0].close()
        async with asyncio.timeout(PATIENCE_S):
            while True:
                try:
                    another = await browser.ws_connect(server.app)
                    break
                except aiohttp.WSServerHandshakeError:
                    await asyncio.sleep(0.05)
        await another.close()


def apps(server: Served) -> list[str]:
    """The processes that a server has started."""
    tasks = Path(f"/proc/{server.pid}/task").glob("*/children")
    return [child for children in tasks for child in children.read_text().split()]


def test_tokens_are_long_and_new() -> None:
    """128 bits, of each server its own."""
    servers = [AppServer(["open"], "127.0.0.1", 1, "t", lambda _: None) for _ in range(2)]
    tokens = {base64.urlsafe_b64decode(f"{server.token}==") for server in servers}
    assert {len(token) for token in tokens} == {16}
    assert len(tokens) == 2


async def test_open_pages_do_not_hold_it_up() -> None:
    """Who ends the server ends their apps: aiohttp would give each of them a minute."""
    server = AppServer(["open"], "127.0.0.1", 1, "tracetui", lambda _: None)

    async def stays_open(request: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        return web.Response()

    headers = {"Host": "127.0.0.1:1"}
    request = make_mocked_request("GET", "/ws", headers, match_info={"token": server.token})
    page = asyncio.create_task(server.guard(request, stays_open))
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
