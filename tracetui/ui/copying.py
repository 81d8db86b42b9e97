"""Copying to the clipboard of the reader's terminal (OSC 52), and saying so."""

from typing import Any

from textual.app import App

from tracetui import units
from tracetui.text import Safe

MOST_BYTES = 100_000
"""Terminals take about so much."""


def copy(app: App[Any], text: str, what: Safe) -> None:
    """Copies `text`, which must be safe to paste; says what was copied, or that there is too much of it."""
    size = len(text.encode("utf-8", "replace"))
    if not text:
        app.notify("there is nothing to copy here", severity="warning", markup=False, timeout=2)
    elif size > MOST_BYTES:
        told = f"{units.size(size)}: too long for a terminal's clipboard"
        app.notify(told, severity="warning", markup=False)
    else:
        app.copy_to_clipboard(text)
        app.notify(f"copied {what}", markup=False, timeout=2)
