"""Where keys come from: the terminal itself, whatever standard input is."""

import os
import signal
from functools import cache

_OWN = "/dev/tty"
_DRIVER = "TEXTUAL_DRIVER"
"""Names what draws the app where that is no terminal, as textual-serve does."""


def keyboard() -> int | None:
    """The descriptor that keys come from, standard input or the process's own terminal; None without any."""
    return 0 if os.isatty(0) else _own()


def has_terminal() -> bool:
    """Whether someone can look at the app, on standard output or in a browser, and type."""
    if os.environ.get(_DRIVER):
        return True
    return os.isatty(1) and os.environ.get("TERM") != "dumb" and keyboard() is not None


def is_a_job(terminal: int) -> bool:
    """Whether this process belongs to the job that has `terminal`, its own, and a shell waits behind it."""
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp() != os.getsid(0)
    except OSError:  # Nobody's own, or somebody else's.
        return False


def suspend_job() -> bool:
    """Stop all processes of this job until the shell resumes them; False if no shell waits for that."""
    keys = keyboard()
    if keys is None or not is_a_job(keys):
        return False
    os.killpg(os.getpgrp(), signal.SIGTSTP)
    return True


@cache
def _own() -> int | None:
    try:
        return os.open(_OWN, os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        return None
