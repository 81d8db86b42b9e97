"""Copies to the user's clipboard, and reports the result.

A terminal takes it by OSC 52. tmux, with its default settings, lets no program inside do so, but takes a
buffer by its own command and passes that on to the terminal.
"""

import os
import subprocess
from functools import partial
from typing import Any

from textual.app import App

from tracetui import units
from tracetui.text import Safe

MOST_BYTES = 100_000
"""Terminals take about so much."""
PATIENCE_S = 2.0


def copy(app: App[Any], text: str, what: Safe) -> None:
    """Copies `text`, which must be safe to paste; says what was copied, or that there is too much of it."""
    size = len(text.encode("utf-8", "replace"))
    if not text:
        app.notify("nothing to copy here", severity="warning", markup=False, timeout=2)
    elif size > MOST_BYTES:
        message = f"{units.size(size)}: too long for a terminal's clipboard"
        app.notify(message, severity="warning", markup=False)
    elif os.environ.get("TMUX"):
        app.run_worker(partial(_by_tmux, app, text, what), thread=True)
    else:
        _by_terminal(app, text, what)


def _by_terminal(app: App[Any], text: str, what: Safe) -> None:
    app.copy_to_clipboard(text)
    app.notify(f"copied {what}", markup=False, timeout=2)


def _by_tmux(app: App[Any], text: str, what: Safe) -> None:
    """A version without `-w` (before 3.2) only keeps it in its buffer."""
    data = text.encode("utf-8", "replace")
    if _loaded(["tmux", "load-buffer", "-w", "-"], data):
        message = f"copied {what}, through tmux"
    elif _loaded(["tmux", "load-buffer", "-"], data):
        message = f"copied {what} to tmux's buffer"
    else:
        app.call_from_thread(_by_terminal, app, text, what)
        return
    app.call_from_thread(app.notify, message, markup=False, timeout=2)


def _loaded(command: list[str], data: bytes) -> bool:
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=PATIENCE_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
