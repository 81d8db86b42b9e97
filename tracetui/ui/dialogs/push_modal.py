"""Screens above the one that is shown."""

from collections.abc import Callable
from typing import Any, TypeVar

from textual.app import App
from textual.screen import Screen

Result = TypeVar("Result")


async def push_modal(
    app: App[Any], screen: Screen[Result], take: Callable[[Result | None], None] | None = None
) -> None:
    """Another screen above the one that is shown, painted once, when all of it is there."""
    with app.batch_update():
        await app.push_screen(screen, take)
