"""Writes spans that are never made: of a test and its phases, nobody but the files wants to know as a rule.

Whether that is so is found out once for a run, and then only whether it still is. A span that somebody does
want is made when it is asked for, as a `FastSpan`, and is written as any other.
"""

from __future__ import annotations

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Tracer

from tracetui.tracing.baggage_attributes import BAGGAGE
from tracetui.tracing.host.compat import parts_of
from tracetui.tracing.host.system import System
from tracetui.tracing.spans.fast_span import Family, family_of
from tracetui.tracing.spans.json_fragments import span_line, start_line
from tracetui.tracing.spans.provider import RealTimeTracer
from tracetui.tracing.spans.root_processor import Sinks


def line_spans(sinks: Sinks, tracer: Tracer, above: Context) -> LineSpans | None:
    """What writes the spans below the one in `above`; None if they have to be made."""
    family = family_of(trace.get_current_span(above))
    if type(tracer) is not RealTimeTracer or not tracer.is_plain or family is None or BAGGAGE in above:
        return None
    if list(parts_of(tracer.span_processor)) != [sinks]:
        return None
    lines = LineSpans(sinks, tracer, family)
    return lines if lines.are_enough() else None


class LineSpans:
    """The spans of one trace, in the process that makes this; those below the span of `family` are its
    first.
    """

    def __init__(self, sinks: Sinks, tracer: RealTimeTracer, family: Family) -> None:
        self.tracer = tracer
        self.family = family
        self._trace_id = family[0]
        self._sinks = sinks
        self._parts = parts_of(tracer.span_processor)
        self._pid = System.getpid()
        self._file, encoder, self._live = sinks.own()
        self._ends, self._starts = encoder.quick.head(tracer), self._live.quick.head(tracer)

    def new_id(self) -> str:
        """The id of a span that is about to start."""
        return f"{self.tracer.id_generator.generate_span_id():016x}"

    def are_alone(self) -> bool:
        """Whether no processor was added meanwhile."""
        return parts_of(self.tracer.span_processor) is self._parts

    def are_enough(self) -> bool:
        """Whether this is still the process whose files they are, and nothing else takes its spans."""
        return self._sinks.takes_lines and System.getpid() == self._pid

    def start(self, span_id: str, parent_id: str, name: str, start_ns: int, attributes: str) -> None:
        """Write the start record of a span; name and attributes are JSON."""
        line = start_line(self._starts, self._trace_id, span_id, parent_id, name, start_ns, attributes)
        self._live.show(span_id, line)

    def end(
        self, span_id: str, parent_id: str, name: str, start_ns: int, end_ns: int | None, attributes: str
    ) -> None:
        """Write the span."""
        trace_id = self._trace_id
        self._file.write(
            span_line(self._ends, trace_id, span_id, parent_id, name, start_ns, end_ns, attributes)
        )
        self._live.hide(span_id)
