"""Ctrl-C at the wrong moment: between the start of a process and the note that it is there."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def interrupts_held_back() -> Iterator[None]:
    """SIGINT comes a moment later: when what is done here is done.

    Only where it would raise something here: in the main thread, and with a handler in Python. What is
    started meanwhile gets SIGINT as ever, since a handler, unlike a blocked signal, is not handed on.
    """
    handler = signal.getsignal(signal.SIGINT)
    if not callable(handler) or threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[tuple[int, FrameType | None]] = []
    signal.signal(signal.SIGINT, lambda number, frame: came.append((number, frame)))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        if came:
            handler(*came[0])
