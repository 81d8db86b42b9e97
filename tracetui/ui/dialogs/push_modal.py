"""Opens screens above the shown one."""

from collections.abc import Callable
from typing import Any, TypeVar

from textual.app import App
from textual.screen import Screen

Result = TypeVar("Result")


async def push_modal(
    app: App[Any], screen: Screen[Result], take: Callable[[Result | None], None] | None = None
) -> None:
    """Open a screen above the shown one, painted once it is complete."""
    with app.batch_update():
        await app.push_screen(screen, take)
