"""The spans of a fleet that was never run, as our tracing would have written them."""

from typing import Any

import pyarrow as pa

from tests.fleet.answers import Fact
from tracetui.fleet.schema import SPANS
from tracetui.fleet.schema.types import arrow_schema
from tracetui.model import ci_names as names

_OF_JOB = {
    "run": names.RUN_IDS,
    "attempt": names.ATTEMPTS,
    "repository": names.REPOSITORIES,
    "branch": names.BRANCHES,
    "revision": names.REVISIONS,
    "task": names.JOB_NAMES,
    "variant": names.VARIANTS,
    "request": names.REQUESTS,
    "runner": names.RUNNERS,
    "cores": names.CORES,
    "owner": names.OWNERS,
}


def spans(facts: list[Fact]) -> pa.Table:
    """A span for each fact, with the columns of `schema.SPANS`."""
    schema = arrow_schema(SPANS)
    return pa.Table.from_pylist([_span(each) for each in facts], schema)


def _span(fact: Fact) -> dict[str, Any]:
    role = "hook" if fact["role"] == "fixture" else fact["role"]
    told = {"tracetui.span.role": role, "pytest.outcome": fact["outcome"]}
    if role == "test":
        told["test.case.name"] = fact["test"]
    elif role == "suite":
        told |= {"test.suite.name": fact["suite"], "suite_num_jobs_to_start": f"{fact['jobs']:.0f}"}
    elif fact["role"] == "fixture":
        told["tracetui.fixture.scope"] = "module"
    job = {keys[0]: str(fact[name]) for name, keys in _OF_JOB.items() if fact[name]}
    return {
        "Timestamp": fact["ts"],
        "StartTimeUnixNano": fact["start_ns"],
        "date": fact["date"],
        "TraceId": fact["trace"],
        "SpanId": fact["span"],
        "ParentSpanId": fact["parent"],
        "TraceState": "",
        "SpanName": fact["hook"] or fact["test"] or fact["suite"],
        "SpanKind": "Internal",
        "ServiceName": "tests",
        "ResourceAttributes": list(job.items()),
        "ScopeName": "tracetui",
        "ScopeVersion": "",
        "SpanAttributes": list(told.items()),
        "Duration": fact["total_ns"],
        "StatusCode": "Unset",
        "StatusMessage": "",
    }
