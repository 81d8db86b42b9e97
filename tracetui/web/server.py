"""A server for the app: a process of it for each page, which accepts requests from its own page only.

A page of another site could open a socket to a port of this machine, and its host name could be made to
resolve to this machine (DNS rebinding). So a request must name the server as the page does, and come from
that page. Other users of this machine reach the port too: an app is started only for those who have the
token. It is in the address that is printed, behind a `#`, so that no browser sends it along. The page may
load nothing from elsewhere, unlike that of textual-serve: it is our own.
"""

import asyncio
import hmac
import secrets
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
TOKEN_BYTES = 16
MOST_APPS = 4
"""So many pages at once: each is a process that reads the whole recording."""
_APP, _STATIC = "/ws", "/static/"
PAGE = Path(__file__).parent / "page"
_ANYWHERE = ("0.0.0.0", "::")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class AppServer(Server):
    """Serves the app with `arguments` of `tracetui` on `host` and `port`, until it is interrupted.

    `on_message` receives its address, with the token, once it listens. Raises `OSError` if the port
    is not available.
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
        self.token = secrets.token_urlsafe(TOKEN_BYTES)
        self._apps: set[asyncio.Task[Any]] = set()

    async def _make_app(self) -> web.Application:
        """Add the guard to the library's app, which has no option for middleware; `tests/web` is the
        canary.
        """
        app = await super()._make_app()
        app.router.add_get(f"{_APP}/{{token}}", self.handle_websocket)
        app.middlewares.append(self.guard)
        return app

    @web.middleware
    async def guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse requests that do not come from the server's own page; its page gets a policy."""
        host, origin = request.headers.get("Host", ""), request.headers.get("Origin")
        is_named = self._is_open or host in self._names
        is_own = origin is None or urlsplit(origin).netloc == host
        if not (is_named and is_own):
            raise web.HTTPForbidden(text="tracetui: this server answers its own page only\n")
        is_page = request.path == "/" or request.path.startswith(_STATIC)
        if not (is_page or self._is_admitted(request)):
            raise web.HTTPForbidden(text="tracetui: the address that was printed has a token\n")
        if not is_page and len(self._apps) >= MOST_APPS:
            raise web.HTTPServiceUnavailable(text=f"tracetui: {MOST_APPS} pages are open: close one\n")
        response = await (handler(request) if is_page else self._handled(request, handler))
        if not response.prepared:
            response.headers["Content-Security-Policy"] = policy(host)
            response.headers["X-Frame-Options"] = "DENY"
        return response

    def _is_admitted(self, request: web.Request) -> bool:
        """Whether it has the token; compared in constant time."""
        token = request.match_info.get("token", "")
        return hmac.compare_digest(token.encode("utf-8", "replace"), self.token.encode())

    async def _handled(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        task = asyncio.current_task()
        assert task is not None
        self._apps.add(task)
        try:
            return await handler(request)
        finally:
            self._apps.discard(task)

    async def on_shutdown(self, app: web.Application) -> None:  # noqa: ARG002 - as the server calls it
        """End the apps of all pages, which the server would wait for."""
        for task in self._apps:
            task.cancel()

    async def on_startup(self, app: web.Application) -> None:  # noqa: ARG002 - as the server calls it
        """Announce the address as soon as it listens."""
        self._telling = asyncio.create_task(self._tell())

    async def _tell(self) -> None:
        while True:
            try:
                _, writer = await asyncio.open_connection(self.host, self.port)
            except OSError:
                await asyncio.sleep(LOOK_S)
                continue
            writer.close()
            self._told(f"{self.public_url}/#{self.token}")
            return

    def initialize_logging(self) -> None:
        """Log nothing: the page shows errors of the app."""


def policy(host: str) -> str:
    """The policy of a page: it may load its own scripts, styles, fonts and pictures, and open its socket."""
    own = "'self' 'unsafe-inline'"
    return (
        f"default-src 'none'; script-src {own}; style-src {own}; font-src 'self' data:; "
        f"img-src 'self' data:; connect-src 'self' ws://{host} wss://{host}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
