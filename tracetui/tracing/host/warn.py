"""Where tracing prints the few lines it has for whoever runs a program."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable

Warn = Callable[[str], None]


def warn_on_stderr(message: str) -> None:
    """One line on stderr, if there is a stderr to write to."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(f"tracetui: {message}\n")
