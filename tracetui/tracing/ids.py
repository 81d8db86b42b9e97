"""Trace and span ids from the operating system, so that `random.seed(0)` in a test cannot repeat them."""

from __future__ import annotations

import os

from opentelemetry.sdk.trace.id_generator import IdGenerator


def _random_id(size: int) -> int:
    # Zero is the invalid id; or-ing a one in costs nothing that 8 random bytes would miss.
    return int.from_bytes(os.urandom(size), "big") or 1


class UrandomIdGenerator(IdGenerator):
    """Random ids; a given `trace_id` is used for every trace that this process would begin."""

    def __init__(self, trace_id: int | None = None) -> None:
        self._trace_id = trace_id

    def generate_span_id(self) -> int:
        return _random_id(8)

    def generate_trace_id(self) -> int:
        return self._trace_id or _random_id(16)

    def is_trace_id_random(self) -> bool:
        return self._trace_id is None
