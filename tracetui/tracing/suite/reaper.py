"""A process that briefly outlives its parent, to kill the process groups that the parent leaves behind.

Run as a program. Reads `+PGID` and `-PGID` lines; when its input ends, it kills the groups that are left.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path


class Reaper:
    """Keeps one such process, and a new one in a forked child."""

    def __init__(self) -> None:
        self._pid = -1
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process before there is anything to watch."""
        if self._process is not None and self._pid == os.getpid():
            return
        self._pid = os.getpid()
        # For whoever forgets to close it.
        atexit.register(self.close)
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(Path(__file__))],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
            bufsize=0,
        )

    def watch(self, group: int) -> None:
        """Have this process group killed when we are gone."""
        self._say(f"+{group}\n")

    def forget(self, group: int) -> None:
        """Stop watching a group that has ended."""
        self._say(f"-{group}\n")

    def close(self) -> None:
        """End the process, which kills whatever is left."""
        atexit.unregister(self.close)
        process, self._process = self._process, None
        if process is not None and self._pid == os.getpid() and process.stdin is not None:
            with contextlib.suppress(OSError):
                process.stdin.close()
            process.wait()

    def _say(self, line: str) -> None:
        self.start()
        # One that was killed is missed only if we are killed too.
        with contextlib.suppress(OSError):
            assert self._process is not None
            assert self._process.stdin is not None
            self._process.stdin.write(line.encode("ascii"))


def main() -> None:
    """Read the list until the input ends, then kill."""
    groups: set[int] = set()
    for line in sys.stdin:
        (groups.add if line[0] == "+" else groups.discard)(int(line[1:]))
    for group in groups:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    main()
