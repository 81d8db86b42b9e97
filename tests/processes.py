"""Processes that end with the test that started them, however it ends."""

import ctypes
import os
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

Process = subprocess.Popen[bytes]

_CAPBSET_DROP = 24
_OVERRIDES = (1, 2)
"""CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH: what lets root read and write whatever a mode forbids."""

PATIENCE_S = 240
"""How long something is waited for that is sure to come: no machine is that slow, and a test's own limit is
longer."""
PATIENCE_MS = 1000 * PATIENCE_S


@contextmanager
def started(command: Sequence[str], **options: Any) -> Iterator[Process]:
    """Runs `command`; `options` are those of `Popen`. Afterwards nothing is left of it or its session.

    A `Popen` alone waits for ever for what a test that failed has not come to end.
    """
    with subprocess.Popen(command, **options) as process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                end = os.killpg if options.get("start_new_session") else os.kill
                end(process.pid, signal.SIGKILL)


def is_alive(pid: int) -> bool:
    """Whether a process runs: one that was killed, and that nobody has waited for yet, does not."""
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def give_up_root() -> None:
    """For `preexec_fn`: modes hold for the command as for any user (prctl(2)); for who is none, they do."""
    if os.geteuid() == 0:
        for capability in _OVERRIDES:
            ctypes.CDLL(None, use_errno=True).prctl(_CAPBSET_DROP, capability, 0, 0, 0)
