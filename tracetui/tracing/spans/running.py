"""A span that is open, its context, its processor time, and the attributes that come at its end.

Times are taken from our own clock, since a test may freeze the others. A span's status is decided once, at
its end: the SDK lets nothing override OK.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, TypeAlias

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Link, Span, StatusCode

from tracetui.tracing.host.clock import now_ns
from tracetui.tracing.host.processor_time import cpu_ns
from tracetui.tracing.set_up import Tracing
from tracetui.tracing.spans.exceptions import event_attributes
from tracetui.tracing.spans.fast_span import finish, inside, start_quickly

ROLE = "tracetui.span.role"
CPU = "tracetui.cpu_ns"
"""What a span computed: this process, and children of it that were waited for in the span."""
Attributes: TypeAlias = Mapping[str, str | int | bool | Sequence[str]]
NOTHING: Attributes = {}


class RunningSpan:
    """An open span, and the context of what happens in it. `role` is the same for all of a class.

    `encoded` may be `attributes`, role included, as `fragments.told` encodes them. If `is_metered`, the span
    records its processor time.
    """

    role: ClassVar[str | None] = None
    is_metered: ClassVar[bool] = False

    def __init__(
        self,
        tracing: Tracing,
        name: str,
        parent: Context,
        attributes: Attributes,
        *,
        link: Context | None = None,
        start_ns: int | None = None,
        encoded: str = "",
    ) -> None:
        self.start_ns = now_ns() if start_ns is None else start_ns
        if self.role is not None:
            attributes = {ROLE: self.role, **attributes}
        self._span: Span = (
            start_quickly(tracing.tracer, name, parent, attributes, self.start_ns, encoded)
            if link is None
            else tracing.tracer.start_span(
                name,
                context=parent,
                attributes=attributes,
                links=[Link(trace.get_current_span(link).get_span_context())],
                start_time=self.start_ns,
            )
        )
        self._more: dict[str, str | int | bool | Sequence[str]] = {}
        self._cpu_ns = cpu_ns(self.start_ns, 0) if self.is_metered else None
        self.context = inside(self._span, parent)

    def add(self, attributes: Attributes) -> None:
        """Add attributes that are recorded when it ends."""
        self._more.update(attributes)

    def record(self, error: BaseException, stack: str) -> None:
        """Record an exception, now."""
        self._span.add_event("exception", event_attributes(error, stack), timestamp=now_ns())

    def end(self, status: StatusCode, message: str = "", *, at_ns: int | None = None) -> None:
        """End it, at `at_ns` or now."""
        if at_ns is None:
            at_ns = self.stop_meter()
        finish(self._span, self._more, status, message, at_ns)

    def stop_meter(self) -> int:
        """Record its processor time up to now; returns the time of day in ns."""
        at_ns = now_ns()
        if self._cpu_ns is not None:
            self._more[CPU] = (cpu_ns(at_ns, at_ns - self.start_ns) or 0) - self._cpu_ns
        return at_ns
