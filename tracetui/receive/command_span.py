"""The span of a command whose spans are received: the parent of all that it sends."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from opentelemetry.trace import StatusCode, set_span_in_context

from tracetui.tracing import set_up_tracing
from tracetui.tracing.environment import variables_for
from tracetui.tracing.otlp.exporters import RECEIVER
from tracetui.tracing.spans.home import variables_below
from tracetui.tracing.traced import Tracing

_OF_COLLECTORS = ("OTEL_EXPORTER_", "OTEL_TRACES_EXPORTER")


class CommandSpan:
    """A suite that is called as its service is."""

    def __init__(self, tracing: Tracing, service: str, executable: str) -> None:
        self._tracing = tracing
        attributes = {
            "tracetui.span.role": "suite",
            "test.suite.name": _chosen_name() or service,
            "process.executable.name": executable,
        }
        self._span = tracing.tracer.start_span(service, context=tracing.context, attributes=attributes)
        self.variables = variables_for(set_span_in_context(self._span)) | variables_below(self._span)

    @property
    def lost(self) -> int:
        """1 if it could not be written."""
        return self._tracing.spans_lost

    def end(self, code: int) -> None:
        """Ends it as the command ended, and its writer: a screen takes it for live until then."""
        status = "failure" if code else "success"
        self._span.set_attributes({"process.exit.code": code, "test.suite.run.status": status})
        self._span.set_status(StatusCode.ERROR if code else StatusCode.OK)
        self.give_up()

    def give_up(self) -> None:
        """Ends it, whatever became of the command."""
        if self._span.is_recording():
            self._span.end()
        self._tracing.shutdown()


def _chosen_name() -> str:
    """The user's name for the service; within another command it is the name of that one."""
    return "" if RECEIVER in os.environ else os.environ.get("OTEL_SERVICE_NAME", "")


@contextmanager
def command_span(directory: Path, service: str, executable: str) -> Iterator[CommandSpan]:
    """The span, written into a file of its own; `variables` name it as a parent."""
    for name in [key for key in os.environ if key.startswith(_OF_COLLECTORS)]:
        del os.environ[name]  # It is for the files alone.
    with set_up_tracing(directory, service_name="tracetui-exec", is_global=False) as tracing:
        span = CommandSpan(tracing, service, executable)
        try:
            yield span
        finally:
            span.give_up()
