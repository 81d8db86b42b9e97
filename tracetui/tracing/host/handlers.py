"""Exceptions raised by the host's signal handlers, wherever they interrupt the program.

A handler that enforces a timeout may run while a span is written. What it raises belongs to the host: code
that catches everything lets it through.
"""

from __future__ import annotations

import signal
from types import CodeType


def let_through(error: BaseException) -> None:
    """Raise `error` again, if a signal handler raised it."""
    handlers = {_code(signal.getsignal(number)) for number in signal.valid_signals()}
    traceback = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code in handlers:
            raise error
        traceback = traceback.tb_next


def _code(handler: object) -> CodeType | None:
    # Of SIG_DFL and SIG_IGN, which are none, the class has a `__call__` all the same: that of enumerations.
    if not callable(handler):
        return None
    function = getattr(handler, "__func__", handler)
    code = getattr(function, "__code__", None) or getattr(type(handler).__call__, "__code__", None)
    return code if isinstance(code, CodeType) else None
