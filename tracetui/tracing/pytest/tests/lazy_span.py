"""A span of which only the lines are written, until somebody asks for the span itself."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from opentelemetry.trace import Span, StatusCode

from tracetui.tracing.host.clock import now_ns
from tracetui.tracing.host.processor_time import cpu_ns
from tracetui.tracing.pytest.tests.spans import RunSpan
from tracetui.tracing.redact import leaves_alone
from tracetui.tracing.set_up import Tracing
from tracetui.tracing.spans.fast_span import made_later
from tracetui.tracing.spans.home import Home
from tracetui.tracing.spans.json_fragments import number_told, told
from tracetui.tracing.spans.line_spans import LineSpans
from tracetui.tracing.spans.running import CPU, Attributes, RunningSpan

_CPU_TOLD = number_told(CPU)


class LazySpan(RunningSpan):
    """A span below `above`, if that is known; it is written by `lines`, as long as they are enough.

    `name_told` and `told` are its name and its attributes, role included, as `json_fragments` encodes them.
    """

    is_metered = True
    span_id = ""
    """Its id, in hex, if there are lines of it."""

    def __init__(
        self,
        tracing: Tracing,
        name: str,
        above: RunSpan | LazySpan | None,
        attributes: dict[str, Any],
        lines: LineSpans | None,
        name_told: str,
        told: str,
    ) -> None:
        if above is None or lines is None or not lines.are_enough():
            self._lines = None
            parent = tracing.context if above is None else above.context
            super().__init__(tracing, name, parent, attributes, encoded=told)
            return
        self._lines = lines
        self._above = above
        self._name = name
        self._name_told = name_told
        self._attributes = attributes
        self._told = told
        self.span_id = span_id = lines.new_id()
        self.start_ns = start_ns = now_ns()
        lines.start(span_id, above.span_id, name_told, start_ns, told)
        self._cpu_ns = cpu_ns(start_ns, 0)

    @property
    def home(self) -> Home:
        return super().home if self._lines is None else Home(self._lines.family[0], self.span_id)

    @property
    def made(self) -> Span:
        if self._made is None and self._lines is not None:
            trace_id, _, flags = self._lines.family
            self._parent = self._above.context
            self._made = made_later(
                self._lines.tracer,
                self._name,
                self._above.made,
                (trace_id, self.span_id, flags),
                self._above.span_id,
                self._attributes,
                self.start_ns,
                self._told,
            )
        return super().made

    def end(self, status: StatusCode, message: str = "", *, at_ns: int | None = None) -> None:
        at_ns = self.stop_meter() if at_ns is None else at_ns
        more = self._more
        if self._lines is not None and status is StatusCode.OK and more and self._may_have(more):
            with suppress(TypeError):
                if self.end_line(told(more), at_ns):
                    return
        super().end(status, message, at_ns=at_ns)

    def end_line(self, more: str, at_ns: int | None) -> bool:
        """End it with these attributes, as `told` encodes them, and its processor time.

        Does nothing, and returns False, if somebody has asked for the span, or not only the files take it.
        """
        lines = self._lines
        if lines is None or self._made is not None or not lines.are_enough():
            return False
        used = "" if self._used_ns is None else f',{_CPU_TOLD}{self._used_ns}"}}}}'
        all_told = f"{self._told},{more}{used}"
        lines.end(self.span_id, self._above.span_id, self._name_told, self.start_ns, at_ns, all_told)
        return True

    def _may_have(self, more: Attributes) -> bool:
        """Whether these attributes need no look at those it has, and none by `scrub`."""
        return leaves_alone(more) and self._attributes.keys().isdisjoint(more)
