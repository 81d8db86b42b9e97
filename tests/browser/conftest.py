"""One browser for all tests of a process, one window of its own for each page."""

from collections.abc import AsyncIterator
from functools import partial
from typing import TYPE_CHECKING

import pytest_asyncio

from tests.browser.chromium import FLAGS, PLACE, Opens, open_in

if TYPE_CHECKING:
    from playwright.async_api import Browser


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator["Browser"]:
    """Started when the first test asks for it."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=PLACE, args=list(FLAGS))
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def opens(chromium: "Browser") -> AsyncIterator[Opens]:
    """Opens pages; they are closed at the end of the test."""
    yield partial(open_in, chromium)
    for context in chromium.contexts:
        await context.close()
