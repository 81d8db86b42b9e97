"""Nothing secret is recorded unless a program insists, and a program may hide what it likes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.sdk.trace import Event
from opentelemetry.trace import Link
from opentelemetry.trace.status import Status, StatusCode

from tests.processes import PATIENCE_MS
from tests.tracing.collectors import Collector, collector
from tests.tracing.made_spans import PARENT, span_with
from tests.tracing.recording import run_python, spans_in, starts_in
from tracetui.tracing import FileSpanExporter, set_up_tracing
from tracetui.tracing.redact import keep, redacted, scrub

SCRUBBED: dict[tuple[str, Any], Any] = {
    ("http.request.header.authorization", "Bearer canary"): "[redacted]",
    ("http.response.header.set-cookie", ("a=canary",)): "[redacted]",
    ("db.password", "canary"): "[redacted]",
    ("my.apiKey", b"canary"): "[redacted]",
    ("gen_ai.usage.input_tokens", 12): 12,
    ("is.private", True): True,
    ("process.command_args", ("x", "--password=canary")): "[redacted]",
    ("process.command_line", "x --password=canary"): "[redacted]",
    ("url.query", "token=canary&page=2&flag"): "token=[redacted]&page=[redacted]&[redacted]",
    (
        "url.full",
        "https://me:canary@host:1/a/b?q=canary#canary",
    ): "https://host:1/a/b?q=[redacted]#[redacted]",
    ("url.full", "https://host/a"): "https://host/a",
    ("http.target", "/a?b=canary"): "/a?b=[redacted]",
    ("url.full", 7): 7,
    ("test.case.name", "test_token.py::test_password[secret]"): "test_token.py::test_password[secret]",
    ("url.path", "/a/b"): "/a/b",
}


@pytest.mark.parametrize("case", SCRUBBED, ids=str)
def test_what_is_hidden_by_default(case: tuple[str, Any]) -> None:
    """Texts under a secret's name, command lines, users and query values of URLs; nothing else."""
    assert scrub(*case) == SCRUBBED[case]


@pytest.fixture
def listener() -> Iterator[Collector]:
    with collector() as made:
        yield made


def test_no_canary_is_in_any_file(tmp_path: Path) -> None:
    """Secrets in the environment, argv, headers, baggage and query strings are in none of our files."""
    program = """
        import os, sys
        sys.argv.append("--password=canary")
        from tracetui.tracing import set_up_tracing
        with set_up_tracing("spans", service_name="s", extra_context={"auth_token": "canary"}) as tracing:
            with tracing.tracer.start_as_current_span("root", context=tracing.context) as span:
                span.set_attribute("http.request.header.authorization", "canary")
                span.set_attribute("url.query", "access_token=canary")
                span.add_event("sent", {"http.request.header.cookie": "canary"})
                role = {"tracetui.span.role": "test"}
                tracing.tracer.start_span("child", attributes={**role, "api_key": "canary"})
                os._exit(0)
    """
    secrets = {
        "MY_PASSWORD": "canary",
        "BAGGAGE": "session_id=canary,user=known",
        "OTEL_EXPORTER_OTLP_HEADERS": "authorization=canary",
        "OTEL_RESOURCE_ATTRIBUTES": "deploy.token=canary,team=blue",
    }
    result = run_python(program, tmp_path, secrets)
    assert result.returncode == 0, result.stderr
    written = "".join(path.read_text() for path in (tmp_path / "spans").rglob("*") if path.is_file())
    assert "known" in written
    assert "blue" in written
    assert "canary" not in written


def hide(key: str, value: Any) -> Any:
    """A hook of one's own."""
    if key == "broken":
        raise RuntimeError("no")
    if key == "gone":
        return None
    return value.replace("canary", "***") if isinstance(value, str) else value


def test_a_hook_sees_everything_before_both_sinks(tmp_path: Path, listener: Collector) -> None:
    """Names, messages, attributes of spans, events, links and resource, in files, start records and OTLP."""
    tracing = set_up_tracing(
        tmp_path,
        service_name="canary-service",
        extra_context={"who": "canary"},
        otlp_endpoint=listener.endpoint,
        redact=hide,
    )
    with tracing.tracer.start_as_current_span(
        "a canary", context=tracing.context, links=[Link(PARENT, {"a": "canary"})]
    ) as span:
        span.set_attributes({"a": "canary", "gone": 1, "broken": "canary", "kept": 2})
        span.add_event("event", {"a": "canary"})
        span.set_status(StatusCode.ERROR, "a canary died")
        assert starts_in(tmp_path)[0].attributes["tracetui.span.name"] == "a ***"
    tracing.provider.force_flush(PATIENCE_MS)
    tracing.shutdown()
    (written,) = spans_in(tmp_path)
    assert written.attributes == {"who": "***", "a": "***", "broken": "[redacted]", "kept": 2}
    assert written.raw["status"]["message"] == "a *** died"
    everything = "".join(path.read_text() for path in tmp_path.rglob("*.jsonl")) + listener.texts
    assert listener.names == ["a ***"]
    assert "canary" not in everything.replace("canary-service", "")
    assert listener.resource["service.name"] == "***-service"


def test_a_hook_that_keeps_everything(tmp_path: Path) -> None:
    """With `keep` a program records what it likes."""
    exporter = FileSpanExporter(tmp_path, redact=keep)
    exporter.export([span_with({"password": "known"})])
    exporter.shutdown()
    assert spans_in(tmp_path)[0].attributes == {"password": "known"}


def test_a_redacted_span_keeps_what_it_is() -> None:
    """Ids, times, kind, scope and the counts of what was dropped are those of the original."""
    span = span_with(
        {"password": "canary"}, events=[Event("e", {"token": "canary"}, 3)], status=Status(StatusCode.OK)
    )
    copy = redacted(span, scrub)
    assert dict(copy.attributes or {}) == {"password": "[redacted]"}
    assert dict(copy.events[0].attributes or {}) == {"token": "[redacted]"}
    assert (copy.events[0].name, copy.events[0].timestamp) == ("e", 3)
    for name in ("context", "parent", "kind", "start_time", "end_time", "resource", "instrumentation_scope"):
        assert getattr(copy, name) is getattr(span, name)
    assert (copy.dropped_attributes, copy.dropped_events, copy.dropped_links) == (0, 0, 0)
    assert copy.status.status_code is StatusCode.OK


def test_the_exporter_alone_hides_too(tmp_path: Path) -> None:
    """Under somebody else's set-up nothing secret is written either, nor in the resource."""
    exporter = FileSpanExporter(tmp_path)
    exporter.export([span_with({"password": "canary"})])
    exporter.shutdown()
    assert "canary" not in "".join(path.read_text() for path in tmp_path.glob("*.jsonl"))
