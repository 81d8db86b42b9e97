"""The variables of OpenTelemetry's environment: each is honoured, or one line says why not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import sampling

from tests.tracing.collectors import Collector, collector
from tests.tracing.recording import run_python, spans_in
from tracetui.tracing import set_up_tracing, settings
from tracetui.tracing.environment import adopted_context, variables_for
from tracetui.tracing.otlp.exporters import otlp_exporter, otlp_protocol, otlp_target
from tracetui.tracing.otlp.tee import Tee

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
ENDPOINT = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"}


@pytest.fixture
def warnings() -> list[str]:
    return []


@pytest.fixture
def listener() -> Iterator[Collector]:
    with collector() as made:
        yield made


EXPORTERS: dict[str, tuple[dict[str, str], str | None, list[str]]] = {
    "nothing": ({}, None, []),
    "an endpoint": (ENDPOINT, None, ["http://127.0.0.1:1"]),
    "an empty endpoint": ({"OTEL_EXPORTER_OTLP_ENDPOINT": " "}, None, []),
    "the endpoint of traces first": (
        {**ENDPOINT, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:2"},
        None,
        ["http://127.0.0.1:2"],
    ),
    "none": ({**ENDPOINT, "OTEL_TRACES_EXPORTER": "none"}, None, []),
    "none, but the program asks": (
        {"OTEL_TRACES_EXPORTER": "none"},
        "http://127.0.0.1:3",
        ["http://127.0.0.1:3"],
    ),
    "otlp": ({"OTEL_TRACES_EXPORTER": "otlp"}, None, ["http://localhost:4317"]),
    "otlp, with an endpoint": ({**ENDPOINT, "OTEL_TRACES_EXPORTER": "otlp"}, None, ["http://127.0.0.1:1"]),
    "console": ({"OTEL_TRACES_EXPORTER": "console"}, None, ["the console"]),
    "a list": (
        {**ENDPOINT, "OTEL_TRACES_EXPORTER": " console, otlp,,console"},
        None,
        ["the console", "http://127.0.0.1:1"],
    ),
    "our own": ({"OTEL_TRACES_EXPORTER": "tracetui"}, None, []),
    "one that is installed": ({"OTEL_TRACES_EXPORTER": "otlp_json_file"}, None, ["otlp_json_file"]),
    "disabled": ({**ENDPOINT, "OTEL_SDK_DISABLED": "TRUE "}, "http://127.0.0.1:3", []),
}


@pytest.mark.parametrize("case", EXPORTERS)
def test_the_exporters_asked_for(monkeypatch: pytest.MonkeyPatch, warnings: list[str], case: str) -> None:
    """Each way of asking gives its exporters, in order, once, without a warning."""
    variables, endpoint, expected = EXPORTERS[case]
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    tees = settings.tees(endpoint, warnings.append)
    assert ([tee.target for tee in tees], warnings) == (expected, [])
    _end(tees, monkeypatch)


def _end(tees: list[Tee], monkeypatch: pytest.MonkeyPatch) -> None:
    for tee in tees:
        tee.processor.shutdown()
        tee.begin_shutdown()


def test_an_unknown_exporter_is_ignored(monkeypatch: pytest.MonkeyPatch, warnings: list[str]) -> None:
    """A name that nobody offers is said in one line, and the others are used."""
    monkeypatch.setenv("OTEL_TRACES_EXPORTER", "nonsense,console")
    tees = settings.tees(None, warnings.append)
    assert [tee.target for tee in tees] == ["the console"]
    assert warnings == ["OTEL_TRACES_EXPORTER: 'nonsense' is not known, and is ignored"]
    _end(tees, monkeypatch)


def test_the_receiver_of_exec_gets_nothing_twice(
    monkeypatch: pytest.MonkeyPatch, warnings: list[str]
) -> None:
    """What writes beside our files is sent nothing; another endpoint is."""
    monkeypatch.setenv("OTEL_TRACES_EXPORTER", "otlp")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    monkeypatch.setenv("TRACETUI_RECEIVER", "http://127.0.0.1:1")
    assert (settings.tees(None, warnings.append), warnings) == ([], [])
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:2")
    tees = settings.tees(None, warnings.append)
    assert [tee.target for tee in tees] == ["http://127.0.0.1:2"]
    _end(tees, monkeypatch)


def test_the_console_gets_the_spans(tmp_path: Path) -> None:
    """`OTEL_TRACES_EXPORTER=console` prints each span on standard output, beside the file."""
    program = """
        from tracetui.tracing import set_up_tracing
        with set_up_tracing("spans", service_name="s") as tracing:
            tracing.tracer.start_span("shown").end()
    """
    result = run_python(program, tmp_path, {"OTEL_TRACES_EXPORTER": "console"})
    assert json.loads(result.stdout)["name"] == "shown"
    assert [span.name for span in spans_in(tmp_path / "spans")] == ["shown"]


PROTOCOLS = {
    "": "grpc",
    "grpc": "grpc",
    "http/protobuf": "http/protobuf",
    "HTTP/JSON": "http/json",
    "x": "grpc",
}


@pytest.mark.parametrize("asked", PROTOCOLS)
def test_the_protocol(monkeypatch: pytest.MonkeyPatch, warnings: list[str], asked: str) -> None:
    """A protocol we know is used; another one is said, and gRPC is used."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_PROTOCOL", asked)
    assert otlp_protocol(warnings.append) == PROTOCOLS[asked]
    assert len(warnings) == (asked == "x")


def test_a_protocol_that_is_not_installed_is_said(tmp_path: Path) -> None:
    """Where the exporter for HTTP is not installed, one line names what to install; the file is written."""
    result = run_python(
        """
        import sys
        sys.modules["opentelemetry.exporter.otlp.proto.http.trace_exporter"] = None
        from tracetui.tracing import set_up_tracing
        with set_up_tracing("spans", service_name="s") as tracing:
            tracing.tracer.start_span("span").end()
        """,
        tmp_path,
        {**ENDPOINT, "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"},
    )
    (line,) = result.stderr.splitlines()
    assert "opentelemetry-exporter-otlp-proto-http" in line
    assert len(spans_in(tmp_path / "spans")) == 1


def test_http_is_used_where_it_is_installed() -> None:
    """OpenTelemetry's HTTP exporter gets the whole address where a program gives it a bare one."""
    module = "opentelemetry.exporter.otlp.proto.http.trace_exporter"
    pytest.importorskip(module)
    exporter = otlp_exporter("http/protobuf", "http://127.0.0.1:1")
    assert type(exporter).__module__ == module
    assert otlp_target("http/protobuf", None) == "http://localhost:4318"
    exporter.shutdown()


SAMPLERS: dict[str, tuple[dict[str, str], int]] = {
    "everything by default": ({}, 100),
    "always_off": ({"OTEL_TRACES_SAMPLER": "always_off"}, 0),
    "none of them": ({"OTEL_TRACES_SAMPLER": "traceidratio", "OTEL_TRACES_SAMPLER_ARG": "0"}, 0),
    "all of them": ({"OTEL_TRACES_SAMPLER": "TraceIdRatio", "OTEL_TRACES_SAMPLER_ARG": "1"}, 100),
}


@pytest.mark.parametrize("case", SAMPLERS)
def test_the_sampler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    """`OTEL_TRACES_SAMPLER` decides what is recorded; what is not sampled is not lost."""
    variables, expected = SAMPLERS[case]
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with set_up_tracing(tmp_path / "spans", service_name="s") as tracing:
        for _ in range(100):
            tracing.tracer.start_span("span").end()
    assert (tracing.spans_written, tracing.spans_lost) == (expected, 0)


def test_an_unknown_sampler_is_ignored(
    monkeypatch: pytest.MonkeyPatch, warnings: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    """A sampler nobody knows is said in one line, not logged, and everything is recorded."""
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "nonsense")
    assert settings.sampler(warnings.append) is sampling.ALWAYS_ON
    assert warnings == ["OTEL_TRACES_SAMPLER: 'nonsense' is not known; every span is recorded"]
    assert caplog.records == []


PROPAGATORS: dict[str, tuple[str, bool, list[str]]] = {
    "both by default": ("", True, ["BAGGAGE", "TRACEPARENT"]),
    "one": ("tracecontext", True, ["TRACEPARENT"]),
    "the other": (" baggage ", False, ["BAGGAGE"]),
    "none": ("none", False, []),
    "one that is not installed": ("b3multi,tracecontext", True, ["TRACEPARENT"]),
}


@pytest.mark.parametrize("case", PROPAGATORS)
def test_the_propagators(monkeypatch: pytest.MonkeyPatch, warnings: list[str], case: str) -> None:
    """`OTEL_PROPAGATORS` decides what is adopted and what is handed on; an unknown one is said."""
    configured, is_adopted, handed_on = PROPAGATORS[case]
    monkeypatch.setenv("OTEL_PROPAGATORS", configured)
    monkeypatch.setenv("TRACEPARENT", f"00-{TRACE}-{PARENT}-01")
    monkeypatch.setenv("BAGGAGE", "a=b")
    context = adopted_context(extra_context={"c": "d"}, warn=warnings.append)
    assert trace.get_current_span(context).get_span_context().is_valid == is_adopted
    with_parent = adopted_context(TRACE, PARENT, {"c": "d"})
    assert sorted(variables_for(with_parent)) == handed_on
    missing = "OTEL_PROPAGATORS: 'b3multi' cannot be used (LookupError: it is not installed)"
    assert warnings == ([missing] if "not installed" in case else [])


def test_headers_are_honoured_and_not_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, listener: Collector
) -> None:
    """`OTEL_EXPORTER_OTLP_HEADERS` reaches the exporter, and no file."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "authorization=canary")
    exporter: Any = otlp_exporter("grpc", listener.endpoint)
    assert ("authorization", "canary") in exporter._headers
    exporter.shutdown()
    with set_up_tracing(tmp_path, service_name="s", otlp_endpoint=listener.endpoint) as tracing:
        tracing.tracer.start_span("span").end()
    assert "canary" not in "".join(path.read_text() for path in tmp_path.glob("*.jsonl"))
