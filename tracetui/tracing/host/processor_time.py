"""The processor time of this process and of the children it has waited for, out of reach of tests.

Asking the system is a system call or two, so an answer holds for a while: until then the process is taken to
compute, as it does between two hooks of pytest. What is read never runs backwards.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

_SHORT_NS = 200_000
_HOLDS_NS = 1_000_000
"""How old an answer may be when a span starts, or ends that was short."""
_HOLDS_PART = 16
"""When a longer one ends, this part of it."""
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

    def cpu_ns(at_ns: int, took_ns: int) -> int:
        """Nanoseconds that were computed up to `at_ns`, which is now; None where the platform cannot say it.

        A span computed the difference of two such counts; `took_ns` is how long it took, 0 at its start.
        """
        nonlocal asked_at, waited_at, waited_for, answer, last
        since = at_ns - asked_at
        if since > (took_ns // _HOLDS_PART if took_ns > _SHORT_NS else _HOLDS_NS):
            if at_ns - waited_at > _CHILD_NS:
                children = getrusage(RUSAGE_CHILDREN)
                waited_for, waited_at = int((children[0] + children[1]) * 1e9), at_ns
            answer, asked_at, since = before_fork + process_time_ns() + waited_for, at_ns, 0
        if answer + since > last:
            last = answer + since
        return last

    def go_on() -> None:
        # A child counts from zero: of spans it inherits it goes on where its parent was.
        nonlocal before_fork, asked_at, waited_at, waited_for
        before_fork, asked_at, waited_at, waited_for = last, 0, 0, 0

    os.register_at_fork(after_in_child=go_on)
    return cpu_ns


cpu_ns = _start_meter()
