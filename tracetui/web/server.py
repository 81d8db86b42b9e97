"""A server for the app: a process of it for each page, and nobody but its own page talks to it.

A page of another site could open a socket to a port of this machine, and its name could be made to lead here
(DNS rebinding). So a request has to name the server as the page does, and come from that page. The page may
load nothing from elsewhere, as that of textual-serve does: it is our own.
"""

import asyncio
import shlex
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from textual_serve.server import Server

LOOK_S = 0.05
"""How often it looks whether it listens."""
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
PAGE = Path(__file__).parent / "page"
_ANYWHERE = ("0.0.0.0", "::")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class AppServer(Server):
    """Serves what `arguments` of `tracetui` show, on `host` and `port`, until it is interrupted.

    `on_message` gets its address once it is there. Raises `OSError` where the port cannot be had.
    """

    def __init__(
        self, arguments: Sequence[str], host: str, port: int, title: str, on_message: Callable[[str], None]
    ) -> None:
        command = shlex.join([sys.executable, "-m", "tracetui", *arguments])
        name = f"[{host}]" if ":" in host else host
        super().__init__(
            command,
            host=host,
            port=port,
            title=title,
            public_url=f"http://{name}:{port}",
            templates_path=PAGE,
        )
        self._told = on_message
        self._names = frozenset(f"{known}:{port}" for known in (name, *LOOPBACK))
        self._is_open = host in _ANYWHERE
        self._apps: set[asyncio.Task[Any]] = set()

    async def _make_app(self) -> web.Application:
        """Its own has no place for what every request has to pass; `tests/web` is the canary."""
        app = await super()._make_app()
        app.middlewares.append(self.guard)
        return app

    @web.middleware
    async def guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuses what does not come from the server's own page; its page gets a policy."""
        host, origin = request.headers.get("Host", ""), request.headers.get("Origin")
        is_named = self._is_open or host in self._names
        is_own = origin is None or urlsplit(origin).netloc == host
        if not (is_named and is_own):
            raise web.HTTPForbidden(text="tracetui: this server answers its own page only\n")
        response = await self._handled(request, handler)
        if not response.prepared:
            response.headers["Content-Security-Policy"] = policy(host)
            response.headers["X-Frame-Options"] = "DENY"
        return response

    async def _handled(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        task = asyncio.current_task()
        assert task is not None
        self._apps.add(task)
        try:
            return await handler(request)
        finally:
            self._apps.discard(task)

    async def on_shutdown(self, app: web.Application) -> None:  # noqa: ARG002 - as the server calls it
        """Ends the apps of all pages, which it would wait for."""
        for task in self._apps:
            task.cancel()

    async def on_startup(self, app: web.Application) -> None:  # noqa: ARG002 - as the server calls it
        """Says where it is, as soon as it listens there."""
        self._telling = asyncio.create_task(self._tell())

    async def _tell(self) -> None:
        while True:
            try:
                _, writer = await asyncio.open_connection(self.host, self.port)
            except OSError:
                await asyncio.sleep(LOOK_S)
                continue
            writer.close()
            self._told(self.public_url)
            return

    def initialize_logging(self) -> None:
        """Nothing is logged: what goes wrong in the app, its page says."""


def policy(host: str) -> str:
    """What a page may load: scripts, styles, fonts and pictures of its own, and its socket."""
    own = "'self' 'unsafe-inline'"
    return (
        f"default-src 'none'; script-src {own}; style-src {own}; font-src 'self' data:; "
        f"img-src 'self' data:; connect-src 'self' ws://{host} wss://{host}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
