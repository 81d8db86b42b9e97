"""Writes what pytest captured of a test as OTLP log records, in `logs/` beside the spans, with the test's
ids.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from opentelemetry.sdk.util.instrumentation import InstrumentationScope

from tracetui.tracing.host.clock import now_ns
from tracetui.tracing.host.per_process import PerProcess
from tracetui.tracing.pytest.run_state import ids_of
from tracetui.tracing.pytest.settings import Capture
from tracetui.tracing.pytest.tests.attempt import TestSpan
from tracetui.tracing.pytest.tests.outcomes import is_bad
from tracetui.tracing.set_up import Tracing
from tracetui.tracing.spans.encode import Encoder
from tracetui.tracing.spans.values import key_values, nanos

_LONGEST = 64 * 1024
_INFO = 9
_TITLE = re.compile(r"captured (stdout|stderr|log)(?: (\w+))?", re.IGNORECASE)
_SCOPE = InstrumentationScope("tracetui")


class CapturedOutput:
    """Keeps the captured output of tests: of those that failed, of all, or of none."""

    def __init__(self, tracing: Tracing, capture: Capture) -> None:
        self._capture = capture
        self._resource = tracing.provider.resource
        self._encoder = PerProcess(Encoder)
        self._file = PerProcess(tracing.logs_file)

    def keep(self, test: TestSpan) -> None:
        """Write the output captured of a test that is about to end, if it is to be kept."""
        if self._capture == "all" or (self._capture == "failures" and is_bad(test.outcome)):
            for title, content in _captured(test.sections):
                self._file().append(self._line, test, title, content)

    def close(self) -> None:
        """Close the file."""
        self._file().close()

    def _line(self, test: TestSpan, title: re.Match[str], content: str) -> bytes:
        stream = title.group(1).lower()
        trace_id, span_id = ids_of(test.context)
        attributes = {"test.case.name": test.nodeid, "tracetui.captured": stream}
        if stream != "log":
            attributes["log.iostream"] = stream
        if title.group(2):
            attributes["pytest.when"] = title.group(2)
        record = {
            "timeUnixNano": nanos(now_ns()),
            "severityNumber": _INFO,
            "body": {"stringValue": _end_of(content)},
            "attributes": key_values(attributes.items()),
            "traceId": trace_id,
            "spanId": span_id,
            "eventName": "tracetui.captured",
        }
        return self._encoder().log_line(self._resource, _SCOPE, record)


def _captured(sections: Iterable[tuple[str, str]]) -> Iterable[tuple[re.Match[str], str]]:
    for title, content in sections:
        match = _TITLE.match(title)
        if match is not None and content:
            yield match, content


def _end_of(content: str) -> str:
    """The end of the text, which is nearest to the failure."""
    if len(content) <= _LONGEST:
        return content
    return f"[cut from {len(content)} characters] …{content[-_LONGEST:]}"
