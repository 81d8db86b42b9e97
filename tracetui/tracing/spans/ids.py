"""Trace and span ids from the operating system, so that `random.seed(0)` in a test cannot repeat them."""

from __future__ import annotations

import os
from struct import unpack

from opentelemetry.sdk.trace.id_generator import IdGenerator

from tracetui.tracing.host.system import System

_PAGE = 64
_page: list[int] = []
"""Span ids that this process has yet to use: the system is asked for many at a time."""

os.register_at_fork(after_in_child=_page.clear)


class UrandomIdGenerator(IdGenerator):
    """Random ids, never 0; a given `trace_id` is used for every trace that this process would start."""

    def __init__(self, trace_id: int | None = None) -> None:
        self._trace_id = trace_id

    def generate_span_id(self) -> int:
        try:
            return _page.pop()
        except IndexError:
            _page.extend(number or 1 for number in unpack(f"{_PAGE}Q", System.urandom(8 * _PAGE)))
            return _page.pop()

    def generate_trace_id(self) -> int:
        return self._trace_id or int.from_bytes(System.urandom(16), "big") or 1

    def is_trace_id_random(self) -> bool:
        return self._trace_id is None
