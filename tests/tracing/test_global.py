"""OpenTelemetry's global tracers: they are ours where they are nobody's, as long as our tracing lasts."""

from __future__ import annotations

from pathlib import Path

from tests.tracing.recording import live_in, run_python, spans_in


def test_functions_decorated_before_the_set_up_are_traced(tmp_path: Path) -> None:
    """As in resmoke: a global tracer at import, a set-up later; the adopted parent is theirs too."""
    result = run_python(
        """
        from opentelemetry import trace
        tracer = trace.get_tracer("runner")

        @tracer.start_as_current_span("run_test")
        def run_test(): pass

        from tracetui.tracing import set_up_tracing
        parent = {"trace_id": "a" * 32, "parent_span_id": "b" * 16}
        with set_up_tracing("spans", service_name="s", extra_context={"k": "v"}, **parent):
            run_test()
        """,
        tmp_path,
    )
    assert (result.returncode, result.stderr) == (0, "")
    (span,) = spans_in(tmp_path / "spans")
    assert (span.name, span.trace, span.parent) == ("run_test", "a" * 32, "b" * 16)
    assert span.attributes == {"k": "v"}
    assert span.duration_ns > 0


def test_a_global_provider_that_is_there_is_kept(tmp_path: Path) -> None:
    """Where the host has its own, it keeps it, and one line says so."""
    result = run_python(
        """
        from opentelemetry import trace
        from opentelemetry.sdk.trace import TracerProvider
        trace.set_tracer_provider(theirs := TracerProvider())
        from tracetui.tracing import set_up_tracing
        with set_up_tracing("spans", service_name="s") as tracing:
            assert trace.get_tracer_provider() is theirs
            tracing.tracer.start_span("ours").end()
        """,
        tmp_path,
    )
    assert result.returncode == 0, result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert [span.name for span in spans_in(tmp_path / "spans")] == ["ours"]


def test_one_set_up_after_another(tmp_path: Path) -> None:
    """Tracers that were got before any of them write to the one that goes on, with its ids and resource."""
    result = run_python(
        """
        from opentelemetry import context, trace
        TRACER = trace.get_tracer("runner")
        from tracetui.tracing import set_up_tracing

        def run(number, **options):
            with set_up_tracing(f"spans{number}", service_name=f"s{number}", **options) as tracing:
                with tracing.tracer.start_as_current_span("ours"):
                    with TRACER.start_as_current_span("theirs"): pass
                with trace.get_tracer("new", "1").start_as_current_span("newer"): pass
            assert context.get_current() == {}
            assert tracing.spans_written == 3, tracing.spans_written

        run(1, extra_context={"k": "v"})
        run(2, trace_id="a" * 32)
        run(3)
        with set_up_tracing("spans4", service_name="s4", is_global=False) as tracing:
            assert trace.get_tracer_provider() is not tracing.provider
        """,
        tmp_path,
    )
    assert (result.returncode, result.stderr) == (0, "")
    for number in (1, 2, 3):
        spans = spans_in(tmp_path / f"spans{number}")
        assert sorted(span.name for span in spans) == ["newer", "ours", "theirs"]
        assert {span.resource["service.name"] for span in spans} == {f"s{number}"}
        assert ({span.trace for span in spans} == {"a" * 32}) == (number == 2)
        assert all(span.attributes == ({"k": "v"} if number == 1 else {}) for span in spans)


def test_two_set_ups_at_once(tmp_path: Path) -> None:
    """The first has the global tracers until it ends."""
    result = run_python(
        """
        from opentelemetry import trace
        from tracetui.tracing import set_up_tracing
        first = set_up_tracing("spans1", service_name="s")
        second = set_up_tracing("spans2", service_name="s")
        trace.get_tracer("t").start_span("global").end()
        second.tracer.start_span("own").end()
        assert (first.spans_written, second.spans_written) == (1, 1)
        """,
        tmp_path,
    )
    assert (result.returncode, result.stderr) == (0, "")


def test_what_comes_after_the_end_is_counted_and_said(tmp_path: Path) -> None:
    """Those spans are lost; the last heartbeat says how many, and that their writer ended by itself."""
    result = run_python(
        """
        from opentelemetry import trace
        from tracetui.tracing import set_up_tracing
        with set_up_tracing("spans", service_name="s") as tracing:
            trace.get_tracer("t").start_span("in time").end()
        for _ in range(5):
            trace.get_tracer("t").start_span("late").end()
        assert tracing.spans_lost == 5
        """,
        tmp_path,
    )
    assert result.returncode == 0, result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert [span.name for span in spans_in(tmp_path / "spans")] == ["in time"]
    last = live_in(tmp_path / "spans")[-1]
    assert (last.attributes["tracetui.dropped_spans"], last.attributes["tracetui.writer.ended"]) == (5, True)


def test_exit_handlers_that_are_run_by_hand_are_not_the_end(tmp_path: Path) -> None:
    """What follows is written, batched or not, and the start records go at the real end."""
    result = run_python(
        """
        import atexit
        from tracetui.tracing import set_up_tracing
        tracing = set_up_tracing("spans", service_name="s", batch_seconds=0.2)
        tracing.tracer.start_span("before").end()
        with tracing.tracer.start_as_current_span("around"):
            atexit._run_exitfuncs()
            tracing.tracer.start_span("after", attributes={"tracetui.span.role": "phase"}).end()
        """,
        tmp_path,
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert {span.name for span in spans_in(tmp_path / "spans")} == {"before", "around", "after"}
    assert live_in(tmp_path / "spans") == []


def test_a_set_up_that_is_disabled_leaves_the_global_tracers_alone(tmp_path: Path) -> None:
    """`OTEL_SDK_DISABLED` between two others: the tracers of before are the last one's."""
    result = run_python(
        """
        import os
        from opentelemetry import trace
        from tracetui.tracing import set_up_tracing
        tracer = trace.get_tracer("runner")
        for disabled in ("false", "true", "false"):
            os.environ["OTEL_SDK_DISABLED"] = disabled
            with set_up_tracing("spans", service_name="s"):
                if disabled == "false":
                    tracer.start_span("seen").end()
        """,
        tmp_path,
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert [span.name for span in spans_in(tmp_path / "spans")] == ["seen", "seen"]
