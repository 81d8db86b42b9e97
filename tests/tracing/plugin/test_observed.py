"""By default code under test sees nothing of the trace, and its spans are in it all the same."""

from __future__ import annotations

from pathlib import Path

from tests.tracing.recording import Record, live_in, run_pytest, spans_in, with_role, write_suite

BLIND = """
    import os, pytest, threading, time
    from opentelemetry import propagate, trace
    from opentelemetry.sdk.trace import TracerProvider, sampling
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    EXPORTER = InMemorySpanExporter()
    TRACER = trace.get_tracer("app")

    def own(name, **options):
        provider = TracerProvider(**options)
        with provider.get_tracer("app").start_as_current_span(name): pass

    def test_nothing_is_current():
        assert trace.get_current_span() is trace.INVALID_SPAN
        carrier = {}
        propagate.inject(carrier)
        assert carrier == {}
        assert "TRACEPARENT" not in os.environ
        assert isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider)

    def test_a_provider_that_is_set_in_a_test():
        provider = TracerProvider()
        provider.add_span_processor(SimpleSpanProcessor(EXPORTER))
        trace.set_tracer_provider(provider)
        with TRACER.start_as_current_span("first"): pass
        assert [span.name for span in EXPORTER.get_finished_spans()] == ["first"]
        assert dict(EXPORTER.get_finished_spans()[0].attributes) == {}
        assert len(provider._active_span_processor._span_processors) == 1

    def test_a_provider_that_is_shut_down():
        with TRACER.start_as_current_span("second") as span:
            with TRACER.start_as_current_span("child"): pass
            trace.get_tracer_provider().shutdown()
            assert span.parent is None
        span.end()

    def test_own_providers():
        own("own")
        own("not sampled", sampler=sampling.ALWAYS_OFF)

    def test_another_tracer_of_tests():
        with TRACER.start_as_current_span("test_x", attributes={"pytest.span_type": "test"}):
            with TRACER.start_as_current_span("in it"): pass

    def test_a_request():
        header = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}
        with TRACER.start_as_current_span("asked", context=propagate.extract(header)): pass

    def test_a_frozen_clock(monkeypatch):
        monkeypatch.setattr("opentelemetry.sdk.trace.time_ns", lambda: 10**18)
        with TRACER.start_as_current_span("frozen") as span: span.add_event("event")
        assert (span.start_time, span.end_time) == (10**18, 10**18)

    DONE = threading.Event()
    def late():
        with TRACER.start_as_current_span("of a thread"): DONE.wait(10)
    THREAD = threading.Thread(target=late)
    def test_a_thread(): THREAD.start()
    def test_its_end():
        DONE.set()
        THREAD.join()

    @pytest.fixture(scope="session")
    def server():
        with TRACER.start_as_current_span("starting"): pass
    def test_a_wide_fixture(server): pass

    LEFT = []
    def test_never_ended():
        for _ in range(2): LEFT.append(TRACER.start_span("never"))
        TRACER.start_span("thrown away")
        time.sleep(0.2)
        LEFT.pop()
"""


def home(spans: list[Record], name: str) -> Record | None:
    """What a span says it belongs to."""
    (span,) = [span for span in spans if span.name == name]
    by_id = {(each.trace, each.id): each for each in spans}
    told = span.attributes
    return by_id.get((told.get("tracetui.parent.trace_id", ""), told.get("tracetui.parent.span_id", "")))


def test_code_under_test_sees_nothing_and_its_spans_are_shown(tmp_path: Path) -> None:
    """Context, environment, providers and spans are as without us; each trace says what it was begun in."""
    write_suite(tmp_path, test_app=BLIND)
    result = run_pytest(tmp_path, "--tracetui")
    assert "11 passed" in result.stdout, result.stdout
    assert " lost" not in result.stdout
    spans = spans_in(tmp_path / "spans")
    assert f"tracetui: {len(spans)} spans" in result.stdout
    found = {
        name: None
        if (place := home(spans, name)) is None
        else (place.name, place.attributes.get("pytest.nodeid"))
        for name in ("first", "second", "child", "own", "in it", "asked", "of a thread", "starting", "frozen")
    }
    in_call = {
        "first": "a_provider_that_is_set_in_a_test",
        "second": "a_provider_that_is_shut_down",
        "own": "own_providers",
        "in it": "another_tracer_of_tests",
        "asked": "a_request",
        "of a thread": "a_thread",
        "frozen": "a_frozen_clock",
    }
    expected = {name: ("call", f"test_app.py::test_{test}") for name, test in in_call.items()}
    assert found == {**expected, "child": None, "starting": ("server setup", None)}
    names = [span.name for span in spans]
    assert not {"not sampled", "test_x", "never", "thrown away"} & set(names)
    assert len(with_role(spans, "test")) == 11
    # What its code never ended is not ours to call cut off.
    assert live_in(tmp_path / "spans") == []


def test_spans_of_a_frozen_clock_are_where_they_were(tmp_path: Path) -> None:
    """In the file they have the time of day, and lie within their test."""
    write_suite(tmp_path, test_app=BLIND)
    run_pytest(tmp_path, "--tracetui", "-k", "set_in or frozen")
    spans = spans_in(tmp_path / "spans")
    (frozen,) = [span for span in spans if span.name == "frozen"]
    call = home(spans, "frozen")
    assert call is not None
    (event,) = frozen.raw["events"]
    times = [
        int(frozen.raw["startTimeUnixNano"]),
        int(event["timeUnixNano"]),
        int(frozen.raw["endTimeUnixNano"]),
    ]
    assert int(call.raw["startTimeUnixNano"]) <= times[0] <= times[2] <= int(call.raw["endTimeUnixNano"])
    assert times == sorted(times)
