"""Which test a span belongs to if its parent is in none of its writer's files.

Code under test starts traces of its own. Its spans are written with the ids of the test, or of its phase, in
two attributes; readers show them there. A process that a test starts finds the ids in the variable
`TRACETUI_PARENT`, in the format of `TRACEPARENT`. OpenTelemetry does not know it: nothing that the code under
test could see of its own tracing changes. Outside tests it names the suite, or the worker, and says so.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import Span

TRACE_ID, SPAN_ID = "tracetui.parent.trace_id", "tracetui.parent.span_id"
VARIABLE = "TRACETUI_PARENT"
NOTHING: Mapping[str, str] = MappingProxyType({})
_IN_TEST, _IN_SESSION = "01", "03"
_SPELLED = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}")


class Home(NamedTuple):
    """The ids, in hex, of the span that another span belongs to."""

    trace_id: str
    span_id: str

    @property
    def attributes(self) -> dict[str, str]:
        """The attributes that are written with a span."""
        return {TRACE_ID: self.trace_id, SPAN_ID: self.span_id}

    @property
    def variable(self) -> str:
        """The value of the environment variable for other processes."""
        return f"00-{self.trace_id}-{self.span_id}-{_IN_TEST}"

    @property
    def session_variable(self) -> str:
        """The same, if they are the ids of a suite or worker."""
        return f"00-{self.trace_id}-{self.span_id}-{_IN_SESSION}"


def home_of_environment() -> Home | None:
    """The traced test that started this process, or that it runs in; None without one."""
    match = _SPELLED.fullmatch(os.environ.get(VARIABLE, ""))
    return None if match is None else Home(*match.groups())


def is_in_session() -> bool:
    """Whether a test run started this process outside its tests: in a hook, or during collection."""
    variable = os.environ.get(VARIABLE, "")
    return _SPELLED.fullmatch(variable) is not None and variable.endswith(f"-{_IN_SESSION}")


def variables_below(span: Span) -> dict[str, str]:
    """For a process that is started below `span`: where a test is named, that is the nearer one now."""
    if home_of_environment() is None:
        return {}
    context = span.get_span_context()
    flags = _IN_SESSION if is_in_session() else _IN_TEST
    return {VARIABLE: f"00-{context.trace_id:032x}-{context.span_id:016x}-{flags}"}


class Homing:
    """The home of one tracing's spans: of those that start a trace, or continue that of the span
    `adopted`.
    """

    def __init__(self, home: Home | None = None, adopted: int = 0) -> None:
        # A parent that is the test itself says it already.
        is_told = home is None or int(home.span_id, 16) == adopted
        self._attributes = NOTHING if is_told or home is None else home.attributes
        self._adopted = adopted

    def attributes(self, span: ReadableSpan) -> Mapping[str, str]:
        """The attributes to write with `span`."""
        is_root = span.parent is None or span.parent.span_id == self._adopted
        return self._attributes if self._attributes and is_root else NOTHING
