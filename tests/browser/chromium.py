"""Chromium as tests drive it: headless, with an empty profile, quiet on the network.

A module of such tests says `pytestmark = in_chromium` and asks for the fixture `opens`.
"""

import shutil
from collections.abc import Awaitable
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal, Protocol

import pytest

if TYPE_CHECKING:
    from playwright.async_api import Browser, ConsoleMessage, Page, Request

PLACE = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP, PHONE = (1600, 900), (390, 844)
"""Sizes of windows, in CSS pixels."""
Scheme = Literal["light", "dark"]

# One browser serves all tests of a process, so all of them run in the loop that it was started in.
in_chromium = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.skipif(PLACE is None, reason="no Chromium here: apt-get install chromium"),
    pytest.mark.skipif(find_spec("playwright") is None, reason="no Playwright here: pip install -e '.[dev]'"),
]


@dataclass
class Opened:
    """A page, and what it did that a reader does not see: `complaints` and the addresses of `requests`."""

    page: "Page"
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def hear_console(self, message: "ConsoleMessage") -> None:
        """Keeps errors and warnings."""
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")

    def hear_request(self, request: "Request") -> None:
        """Keeps whatever is asked for, the page itself included."""
        self.requests.append(request.url)

    async def is_wider_than_its_window(self) -> bool:
        """Whether somebody has to scroll sideways to read the page."""
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        return bool(await self.page.evaluate(wide))


class Opens(Protocol):
    """Opens an address in a window of its own, which knows nothing of the others."""

    def __call__(
        self,
        address: str,
        size: tuple[int, int] = DESKTOP,
        scheme: Scheme = "light",
        *,
        scripts: bool = True,
        touch: bool = False,
    ) -> Awaitable[Opened]: ...


async def open_in(
    browser: "Browser",
    address: str,
    size: tuple[int, int] = DESKTOP,
    scheme: Scheme = "light",
    *,
    scripts: bool = True,
    touch: bool = False,
) -> Opened:
    """Opens an address, and hears the page from its first byte."""
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme=scheme,
        java_script_enabled=scripts,
        has_touch=touch,
        service_workers="block",
    )
    opened = Opened(await context.new_page())
    opened.page.on("console", opened.hear_console)
    opened.page.on("pageerror", lambda error: opened.complaints.append(f"thrown: {error}"))
    opened.page.on("request", opened.hear_request)
    await opened.page.goto(address)
    return opened
