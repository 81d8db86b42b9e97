"""What the app does to the terminal: Textual's driver, but for where it writes, reads and comes back from.

Textual's own writes to standard error and reads standard input, and starts a second time on any SIGCONT. What
of it is private and used here has a canary in the tests.
"""

import os
import sys
from typing import Any

from textual.drivers.linux_driver import LinuxDriver

from tracetui.ui.tty import keyboard


class TerminalDriver(LinuxDriver):
    """Draws on standard output, a terminal; standard error may go anywhere, standard input be data."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        encoding = getattr(sys.__stdout__, "encoding", None) or "utf-8"
        self._file = open(1, "w", encoding=encoding, errors="backslashreplace", closefd=False)  # noqa: SIM115
        self.fileno = keyboard() or 0
        self.input_tty = os.isatty(self.fileno)

    def _sigcont_application(self, *_: object) -> None:
        """Goes on after having been stopped, by `ctrl+z` or from outside: every mode of the terminal anew."""
        if not self._auto_restart:
            return
        if not self._must_signal_resume:
            self.suspend_application_mode()
            self._must_signal_resume = True
        self.resume_application_mode()
