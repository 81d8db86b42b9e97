"""Ends the spans that a dead process left open, so that the trace is complete for any reader.

A worker that was killed, or a child that was forked for one test, has left start records in `live/`. Every
span among them that did not end is ended here: the test that was running with `error.type` = `crash`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import StatusCode

from tracetui.tracing.environment import parse_id
from tracetui.tracing.host.clock import now_ns
from tracetui.tracing.pytest.crash_recovery.live_records import PREFIX, Start, plain, records_in, starts_in
from tracetui.tracing.pytest.run_state import ids_of
from tracetui.tracing.pytest.safety import Faults
from tracetui.tracing.pytest.tests.reports import CRASHED
from tracetui.tracing.set_up import Tracing
from tracetui.tracing.spans.provider import RealTimeProvider
from tracetui.tracing.spans.running import ROLE


@dataclass
class UnfinishedTrace:
    """What a dead worker left: its process id, how many spans its files hold, and the tests in them."""

    pid: int = 0
    written: int = 0
    tests: set[str] = field(default_factory=set)


class CrashRecovery:
    """Ends the spans of dead processes, through the processors of this one's tracing."""

    def __init__(self, tracing: Tracing, suite: Callable[[], Context], faults: Faults) -> None:
        self._tracing = tracing
        self._suite = suite
        self._faults = faults

    def execute(self, worker: str) -> UnfinishedTrace:
        """End what worker `worker` of this run left open."""
        will = UnfinishedTrace()
        self._faults.safely(self._execute_worker, worker, will)
        return will

    def execute_child(self, test: Context, since_ns: int) -> None:
        """End what a child that was forked for `test` at `since_ns` left open."""
        self._faults.safely(self._execute_child, test, since_ns)

    def invent(self, worker: str, nodeid: str) -> None:
        """Write a span for a test of which nothing is known but that a worker crashed in it."""
        self._faults.safely(self._invent, worker, nodeid)

    def _execute_worker(self, worker: str, will: UnfinishedTrace) -> None:
        _, suite = ids_of(self._suite())
        starts = self._starts_of(lambda start: start.is_worker(worker, suite))
        if not starts:
            return
        spans = self._end_all(starts, f"worker {worker} crashed")
        will.written = len(spans)
        will.pid = starts[0].resource["process.pid"]
        will.tests |= {start.test for start in starts} | {
            str(plain(span.get("attributes", [])).get("pytest.nodeid")) for span in spans
        }

    def _execute_child(self, test: Context, since_ns: int) -> None:
        _, parent = ids_of(test)
        starts = self._starts_of(lambda start: start.parent == parent, since_ns)
        if starts:
            self._end_all(starts, "its process crashed")

    def _starts_of(self, is_sought: Callable[[Start], bool], since_ns: int = 0) -> list[Start]:
        """All start records of the other process that has a record for which `is_sought` is true."""
        for path in self._tracing.spans_dir.glob("live/*.logs.jsonl"):
            starts = starts_in(path) if path.stat().st_mtime_ns >= since_ns else []
            if any(map(is_sought, starts)) and starts[0].resource["process.pid"] != os.getpid():
                return starts
        return []

    def _end_all(self, starts: list[Start], message: str) -> list[dict[str, Any]]:
        """End the spans that started and are not among those their process wrote; returns these."""
        spans = self._spans_like(starts[0])
        ended = {span["spanId"] for span in spans}
        # Of a span there may be several records.
        for start in {start.span_id: start for start in starts}.values():
            if start.span_id not in ended:
                self._end(start, message)
        return spans

    def _spans_like(self, start: Start) -> list[dict[str, Any]]:
        """The spans of this trace that the process of `start` wrote, found by the names of its files."""
        paths = self._tracing.spans_dir.glob(f"*-{start.process}-*.traces.jsonl")
        records = [record for path in paths for record, _ in records_in(path)]
        return [record for record in records if record["traceId"] == start.trace_id]

    def _end(self, start: Start, message: str) -> None:
        attributes = {key: value for key, value in start.attributes.items() if not key.startswith(PREFIX)}
        role = start.role
        provider = RealTimeProvider(
            sampler=ALWAYS_ON,
            resource=Resource(start.resource),
            shutdown_on_exit=False,
            id_generator=_Given(int(start.span_id, 16)),
        )
        provider.add_span_processor(self._tracing.sinks)
        span = provider.get_tracer("tracetui").start_span(
            str(start.attributes.get(f"{PREFIX}name")),
            context=_parent(start),
            attributes={**attributes, **({ROLE: role} if role else {}), **_crashed(role)},
            start_time=int(start.attributes[f"{PREFIX}start_time_unix_nano"]),
        )
        span.set_status(StatusCode.ERROR, message)
        span.end(now_ns())

    def _invent(self, worker: str, nodeid: str) -> None:
        at_ns = now_ns()
        span = self._tracing.tracer.start_span(
            nodeid,
            context=self._suite(),
            attributes={
                ROLE: "test",
                "test.case.name": nodeid,
                "pytest.nodeid": nodeid,
                "pytest.xdist.worker": worker,
                **_crashed("test"),
            },
            start_time=at_ns,
        )
        span.set_status(StatusCode.ERROR, f"worker {worker} crashed")
        span.end(at_ns)


class _Given(IdGenerator):
    """An id generator that returns the id the span was started with."""

    def __init__(self, span_id: int) -> None:
        self._span_id = span_id

    def generate_span_id(self) -> int:
        return self._span_id

    def generate_trace_id(self) -> int:
        return trace.INVALID_TRACE_ID


def _crashed(role: str | None) -> dict[str, str | bool]:
    common: dict[str, str | bool] = {"error.type": CRASHED}
    if role == "test":
        result: dict[str, str | bool] = {"test.case.result.status": "fail", "test.case.result.final": True}
        return {**common, "pytest.outcome": "error", **result}
    if role in ("suite", "worker"):
        return {**common, "test.suite.run.status": "aborted"}
    return {**common, "pytest.outcome": "error"}


def _parent(start: Start) -> Context:
    span_id = parse_id(start.parent, 64) or trace.INVALID_SPAN_ID
    flags = trace.TraceFlags(trace.TraceFlags.SAMPLED)
    parent = trace.SpanContext(int(start.trace_id, 16), span_id, is_remote=False, trace_flags=flags)
    return trace.set_span_in_context(trace.NonRecordingSpan(parent), Context())
