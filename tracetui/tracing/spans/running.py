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
from tracetui.tracing.spans.fast_span import finish, home_of, inside, start_quickly
from tracetui.tracing.spans.home import Home

ROLE = "tracetui.span.role"
CPU = "tracetui.cpu_ns"
"""What a span computed: this process, and children of it that were waited for in the span."""
Attributes: TypeAlias = Mapping[str, str | int | bool | Sequence[str]]
NOTHING: Attributes = {}


class RunningSpan:
    """An open span. `role` is the same for all of a class.

    `encoded` may be `attributes`, role included, as `fragments.told` encodes them. If `is_metered`, the span
    records its processor time.
    """

    role: ClassVar[str | None] = None
    is_metered: ClassVar[bool] = False
    _made: Span | None = None
    _context: Context | None = None
    _used_ns: int | None = None
    _more: Attributes = NOTHING

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
        self.start_ns = start_ns = now_ns() if start_ns is None else start_ns
        own = dict(attributes) if self.role is None else {ROLE: self.role, **attributes}
        self._made = (
            start_quickly(tracing.tracer, name, parent, own, start_ns, encoded)
            if link is None
            else tracing.tracer.start_span(
                name,
                context=parent,
                attributes=own,
                links=[Link(trace.get_current_span(link).get_span_context())],
                start_time=start_ns,
            )
        )
        self._cpu_ns = cpu_ns(start_ns, 0) if self.is_metered else None
        self._parent = parent

    @property
    def made(self) -> Span:
        """The span itself."""
        assert self._made is not None
        return self._made

    @property
    def context(self) -> Context:
        """The context of what happens in it."""
        if self._context is None:
            self._context = inside(self.made, self._parent)
        return self._context

    @property
    def home(self) -> Home:
        """Its ids: those of what happens in it."""
        return home_of(self.made)

    def add(self, attributes: Attributes) -> None:
        """Add attributes that are recorded when it ends."""
        self._more = {**self._more, **attributes}

    def record(self, error: BaseException, stack: str) -> None:
        """Record an exception, now."""
        self.made.add_event("exception", event_attributes(error, stack), timestamp=now_ns())

    def end(self, status: StatusCode, message: str = "", *, at_ns: int | None = None) -> None:
        """End it, at `at_ns` or now."""
        if at_ns is None:
            at_ns = self.stop_meter()
        if self._used_ns is not None:
            self.add({CPU: self._used_ns})
        finish(self.made, self._more, status, message, at_ns)

    def stop_meter(self) -> int:
        """Record its processor time up to now; returns the time of day in ns."""
        at_ns = now_ns()
        if self._cpu_ns is not None:
            self._used_ns = (cpu_ns(at_ns, at_ns - self.start_ns) or 0) - self._cpu_ns
        return at_ns
