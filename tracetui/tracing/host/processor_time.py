"""The processor time of this process and of the children it has waited for, safe from tests.

Asking the system takes a system call or two, so an answer is reused for a while: until then the process is
assumed to compute, as it does between two hooks of pytest. Readings never run backwards.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

_SHORT_NS = 200_000
_HOLDS_NS = 1_000_000
"""How old an answer may be."""
_HOLDS_PART = 16
"""When a span ends that was not short, no older than this part of it."""
_CHILD_NS = 500_000
"""No child is started, run and waited for in less."""

Meter = Callable[[int, int], int | None]


def _start_meter() -> Meter:
    try:
        from resource import RUSAGE_CHILDREN, getrusage
    except ImportError:
        return lambda _at_ns, _took_ns: None
    process_time_ns = time.process_time_ns
    before_fork = asked_at = waited_at = waited_for = answer = last = 0

    def ask(at_ns: int) -> None:
        nonlocal asked_at, waited_at, waited_for, answer
        if at_ns - waited_at > _CHILD_NS:
            children = getrusage(RUSAGE_CHILDREN)
            waited_for, waited_at = int((children[0] + children[1]) * 1e9), at_ns
        answer, asked_at = before_fork + process_time_ns() + waited_for, at_ns

    def cpu_ns(at_ns: int, took_ns: int) -> int:
        """Processor time in ns up to `at_ns`, which is now; None if the platform cannot say.

        A span's processor time is the difference of two readings; `took_ns` is the span's duration, 0 at its
        start.
        """
        nonlocal last
        since = at_ns - asked_at
        if since > _HOLDS_NS or (took_ns > _SHORT_NS and since > took_ns // _HOLDS_PART):
            ask(at_ns)
            since = 0
        reading = answer + since
        if reading > last:
            last = reading
        return last

    def go_on() -> None:
        # A child counts from zero: of spans it inherits it goes on where its parent was.
        nonlocal before_fork, asked_at, waited_at, waited_for
        before_fork, asked_at, waited_at, waited_for = last, 0, 0, 0

    os.register_at_fork(after_in_child=go_on)
    return cpu_ns


cpu_ns = _start_meter()
