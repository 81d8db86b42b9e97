"""One call, and a program is traced: where, as part of what, and at what price when things go wrong."""

from __future__ import annotations

import random
import socket
import time
from pathlib import Path
from typing import Any

import pytest
from opentelemetry import baggage, trace
from opentelemetry.trace import SpanContext

from tests.tracing.recording import run_python, run_python_alone, spans_in
from tracetui.tracing import Tracing, set_up_tracing

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


def parent_of(tracing: Tracing) -> SpanContext:
    """The parent a root span would get."""
    return trace.get_current_span(tracing.context).get_span_context()


def set_up(directory: Path, **options: Any) -> Tracing:
    """Tracing that leaves nothing behind unless it is used."""
    return set_up_tracing(directory, service_name="s", **options)


ADOPTIONS: dict[str, tuple[dict[str, str], dict[str, Any], tuple[str, str] | None]] = {
    "nothing": ({}, {}, None),
    "TRACEPARENT": ({"TRACEPARENT": f"00-{TRACE}-{PARENT}-01"}, {}, (TRACE, PARENT)),
    "unsampled TRACEPARENT": ({"TRACEPARENT": f"00-{TRACE}-{PARENT}-00"}, {}, (TRACE, PARENT)),
    "broken TRACEPARENT": ({"TRACEPARENT": "00-xyz"}, {}, None),
    "resmoke": ({"OTEL_TRACE_ID": TRACE, "OTEL_PARENT_ID": PARENT}, {}, (TRACE, PARENT)),
    "resmoke without parent": ({"OTEL_TRACE_ID": TRACE}, {}, None),
    "Evergreen's debug mode": (
        {"OTEL_TRACE_ID": "DEBUG_MODE_NO_TRACE_ID", "OTEL_PARENT_ID": PARENT},
        {},
        None,
    ),
    "TRACEPARENT before resmoke": (
        {"TRACEPARENT": f"00-{TRACE}-{PARENT}-01", "OTEL_TRACE_ID": "1" * 32, "OTEL_PARENT_ID": "2" * 16},
        {},
        (TRACE, PARENT),
    ),
    "arguments before all": (
        {
            "TRACEPARENT": f"00-{'1' * 32}-{'2' * 16}-01",
            "OTEL_TRACE_ID": "3" * 32,
            "OTEL_PARENT_ID": "4" * 16,
        },
        {"trace_id": TRACE, "parent_span_id": PARENT},
        (TRACE, PARENT),
    ),
    "integers": ({}, {"trace_id": int(TRACE, 16), "parent_span_id": int(PARENT, 16)}, (TRACE, PARENT)),
    "ids too long": ({}, {"trace_id": "f" * 33, "parent_span_id": PARENT}, None),
}


@pytest.mark.parametrize("case", ADOPTIONS)
def test_a_parent_is_adopted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    """A valid parent is the root span's parent, and is written even if that parent was not sampled."""
    variables, options, expected = ADOPTIONS[case]
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with set_up(tmp_path, **options) as tracing:
        tracing.tracer.start_span("root", context=tracing.context).end()
    (root,) = spans_in(tmp_path)
    if expected is None:
        assert root.parent is None
    else:
        assert (root.trace, root.parent) == expected
        assert root.raw["flags"] == 0x300


def test_a_trace_id_alone_is_used_for_new_traces(tmp_path: Path) -> None:
    """Without a parent span, the root is a root in the given trace."""
    with set_up(tmp_path, trace_id=TRACE) as tracing:
        tracing.tracer.start_span("root", context=tracing.context).end()
    (root,) = spans_in(tmp_path)
    assert (root.trace, root.parent) == (TRACE, None)


def test_baggage_becomes_attributes_of_every_span(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What `BAGGAGE` and `extra_context` say is on each span; its own attributes win; no secrets."""
    monkeypatch.setenv("BAGGAGE", "evergreen.task.id=t1,api_token=canary,shared=environment")
    extra = {"evergreen.patch_build": True, "task.execution": 0, "absent": None, "shared": "argument"}
    with set_up(tmp_path, extra_context=extra) as tracing:
        assert baggage.get_baggage("shared", tracing.context) == "argument"
        with tracing.tracer.start_as_current_span("root", context=tracing.context):
            tracing.tracer.start_span("child", attributes={"shared": "own"}).end()
    child, root = spans_in(tmp_path)
    common = {"evergreen.task.id": "t1", "evergreen.patch_build": True, "task.execution": 0}
    assert root.attributes == {**common, "shared": "argument"}
    assert child.attributes == {**common, "shared": "own"}


def test_the_resource_names_the_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Service, host and pid are there, with what `OTEL_RESOURCE_ATTRIBUTES` and `OTEL_SERVICE_NAME` add."""
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "team=blue,service.name=ignored")
    monkeypatch.setenv("OTEL_SERVICE_NAME", "named")
    with set_up(tmp_path) as tracing:
        tracing.tracer.start_span("root", context=tracing.context).end()
    resource = spans_in(tmp_path)[0].resource
    assert (resource["service.name"], resource["team"]) == ("named", "blue")
    assert {"host.name", "process.pid"} <= set(resource)
    assert not {"process.command_args", "process.command_line"} & set(resource)


def test_disabled_means_nothing_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With `OTEL_SDK_DISABLED=true` there are no spans and no directory."""
    monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    with (
        set_up(tmp_path / "spans") as tracing,
        tracing.tracer.start_as_current_span("root", context=tracing.context),
    ):
        pass
    assert not (tmp_path / "spans").exists()


def test_seeding_random_does_not_repeat_ids(tmp_path: Path) -> None:
    """`random.seed(0)` before every span: all ids differ."""
    with set_up(tmp_path) as tracing:
        for _ in range(50):
            random.seed(0)
            tracing.tracer.start_span("root", context=tracing.context).end()
    spans = spans_in(tmp_path)
    assert len({span.id for span in spans}) == len({span.trace for span in spans}) == 50


def test_shutting_down_twice_is_shutting_down_once(tmp_path: Path) -> None:
    """`shutdown` may be called again, and the counts stay."""
    tracing = set_up(tmp_path)
    tracing.tracer.start_span("root", context=tracing.context).end()
    tracing.shutdown()
    tracing.shutdown()
    assert (tracing.spans_written, tracing.spans_lost, tracing.spans_dir) == (1, 0, tmp_path)


def test_a_directory_that_cannot_be_made_costs_spans_and_nothing_else(tmp_path: Path) -> None:
    """Where a file is in the way: nothing raised, every span counted, two warnings in all."""
    (tmp_path / "blocked").write_text("")
    warnings: list[str] = []
    with set_up(tmp_path / "blocked" / "spans", warn=warnings.append) as tracing:
        for _ in range(10):
            tracing.tracer.start_span("root", context=tracing.context).end()
    assert (tracing.spans_written, tracing.spans_lost) == (0, 10)
    assert len(warnings) == 2
    assert "FileExistsError" in tracing.first_error or "NotADirectoryError" in tracing.first_error


@pytest.mark.parametrize("collector", ["refuses", "never answers"])
def test_a_dead_collector_costs_no_span_in_the_file(tmp_path: Path, collector: str) -> None:
    """Nothing is raised or logged; the file is whole; what was not delivered is said in one line."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        if collector == "never answers":
            listener.listen()
        else:
            listener.close()
        result = run_python(
            f"""
            import logging, time
            from tracetui.tracing import set_up_tracing
            heard = []
            class Ear(logging.Handler):
                def emit(self, record): heard.append(record.getMessage())
            logging.getLogger().addHandler(Ear())
            tracing = set_up_tracing("spans", service_name="s", otlp_endpoint="http://127.0.0.1:{port}")
            for _ in range(20):
                tracing.tracer.start_span("root", context=tracing.context).end()
            tracing.shutdown()
            print(len(heard))
            """,
            tmp_path,
        )
    assert (result.returncode, result.stdout) == (0, "0\n"), result.stderr
    assert len(spans_in(tmp_path / "spans")) == 20
    assert result.stderr.splitlines() == [f"tracetui: 20 spans not delivered to http://127.0.0.1:{port}"]


def test_nothing_is_loaded_before_it_is_used(tmp_path: Path) -> None:
    """Importing the package or the pytest plugin loads neither OpenTelemetry nor orjson nor the viewer."""
    result = run_python_alone(
        """
        import sys
        import tracetui.tracing, tracetui.tracing.pytest
        viewer = {"grpc", "textual", "rich", "numpy", "watchfiles", "msgspec", "click"}
        heavy = viewer | {"opentelemetry", "orjson"}
        assert not heavy & set(sys.modules), heavy & set(sys.modules)
        from tracetui.tracing import Tracing, FileSpanExporter, BatchedBaggageSpanProcessor, set_up_tracing
        set_up_tracing("spans", service_name="s")
        assert not viewer & set(sys.modules), viewer & set(sys.modules)
        own = {name.split(".")[1] for name in sys.modules if name.startswith("tracetui.")}
        assert own == {"tracing"}, own
        """,
        tmp_path,
    )
    assert result.returncode == 0, result.stderr


def test_our_clock_is_nobody_elses(monkeypatch: pytest.MonkeyPatch) -> None:
    """A frozen clock, or one set back, does not reach ours."""
    from tracetui.tracing.host.clock import now_ns

    before = now_ns()
    monkeypatch.setattr(time, "time_ns", lambda: 0)
    monkeypatch.setattr(time, "monotonic_ns", lambda: 0)
    assert now_ns() >= before > 1_700_000_000_000_000_000
