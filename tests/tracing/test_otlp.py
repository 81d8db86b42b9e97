"""The tee: every span to a collector too, whatever the collector is like, and never in the way."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Link
from opentelemetry.trace.status import Status, StatusCode

from tests.processes import PATIENCE_MS
from tests.tracing.collectors import Collector, collector, listening, refusing
from tests.tracing.made_spans import PARENT, Unprintable, span_with
from tests.tracing.recording import run_python_alone, spans_in
from tracetui.tracing import Tracing, set_up_tracing
from tracetui.tracing.otlp import GRACE_SECONDS
from tracetui.tracing.otlp.packing import MAX_BATCH_BYTES, packed


@pytest.fixture
def listener() -> Iterator[Collector]:
    with collector() as made:
        yield made


def deliver(tracing: Tracing) -> None:
    """However long it takes: at its end a program waits no longer than it promises."""
    tracing.provider.force_flush(PATIENCE_MS)


def test_every_span_arrives_at_both(tmp_path: Path, listener: Collector) -> None:
    """With an endpoint, file and collector have the same spans, and nothing counts as lost."""
    with set_up_tracing(tmp_path, service_name="s", otlp_endpoint=listener.endpoint) as tracing:
        for number in range(100):
            tracing.tracer.start_span(f"span {number}").end()
        deliver(tracing)
    assert sorted(listener.names) == sorted(span.name for span in spans_in(tmp_path))
    assert listener.resource["service.name"] == "s"
    assert (tracing.spans_written, tracing.spans_lost, tracing.spans_undelivered) == (100, 0, 0)


@pytest.mark.parametrize("name", ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"])
def test_the_environment_configures_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, listener: Collector, name: str
) -> None:
    """Both variables of OpenTelemetry for an endpoint are honoured."""
    monkeypatch.setenv(name, listener.endpoint)
    with set_up_tracing(tmp_path, service_name="s") as tracing:
        tracing.tracer.start_span("span").end()
        deliver(tracing)
    assert listener.names == ["span"]


def test_batches_stay_below_what_a_server_takes(tmp_path: Path, listener: Collector) -> None:
    """512 spans of 10 kB, 5 MB in all, reach a collector that takes 4 MiB; a span of 5 MiB is counted."""
    warnings: list[str] = []
    with set_up_tracing(
        tmp_path, service_name="s", otlp_endpoint=listener.endpoint, warn=warnings.append
    ) as tracing:
        for number in range(512):
            attributes = {"long": "x" * (5 * 1024 * 1024 if number == 300 else 10_000)}
            tracing.tracer.start_span(f"span {number}", attributes=attributes).end()
        deliver(tracing)
    assert set(listener.names) == {f"span {number}" for number in range(512)} - {"span 300"}
    assert len(listener.names) == 511
    assert (tracing.spans_written, tracing.spans_undelivered) == (512, 1)
    assert warnings == [f"1 span not delivered to {listener.endpoint}"]


def test_packing_keeps_all_that_can_be_sent_in_order() -> None:
    """Batches are below the limit, in order, and lack only what fits in none."""
    sizes = [10, MAX_BATCH_BYTES // 2, MAX_BATCH_BYTES // 2, MAX_BATCH_BYTES, 10, 3_000_000, 10]
    spans = [span_with({"x": "y" * size}, name=f"{number}") for number, size in enumerate(sizes)]
    batches = [[span.name for span in batch] for batch in packed(spans)]
    assert batches == [["0", "1"], ["2", "4"], ["5", "6"]]
    assert list(packed([])) == []


HOLDS_ITSELF: list[Any] = []
HOLDS_ITSELF.append(HOLDS_ITSELF)
POISON: dict[str, dict[str, Any]] = {
    "surrogate in the name": {"name": "\ud800"},
    "name that is no text": {"name": 7},
    "name that cannot be text": {"name": Unprintable()},
    "negative end": {"end_time": -5},
    "end beyond the type": {"end_time": 1 << 70},
    "end that is no number": {"end_time": "x"},
    "surrogate in a value": {"attributes": {"a": "\udcff"}},
    "surrogate in a key": {"attributes": {"\ud801": 1}},
    "huge integer": {"attributes": {"a": 1 << 80}},
    "object": {"attributes": {"a": Unprintable()}},
    "array with a surrogate": {"attributes": {"a": ["\ud801"]}},
    "nested without end": {"attributes": {"a": [[[[[[[[[[1]]]]]]]]]]}},
    "list in itself": {"attributes": {"a": HOLDS_ITSELF}},
    "array of all kinds": {"attributes": {"a": [1, "x", None, 0.5, b"x", {}]}},
    "key that is no text": {"attributes": {7: 1}},
    "no number": {"attributes": {"a": float("nan"), "b": float("inf")}},
    "negative start": {"start_time": -5},
    "surrogate in the status": {"status": Status(StatusCode.ERROR, "\ud800")},
    "surrogate in an event": {"events": [Event("\ud800", {"a": "\ud800"}, timestamp=7)]},
    "event that is no text": {"events": [Event(7, {"a": 1 << 80}, timestamp=-1)]},  # type: ignore[arg-type]
    "surrogate in a link": {"links": [Link(PARENT, {"a": "\ud800"})]},
    "surrogate in the scope": {"instrumentation_scope": InstrumentationScope("\ud800")},
    "surrogate in the resource": {"resource": Resource({"a": "\ud800"})},
}


@pytest.mark.parametrize("case", POISON)
def test_a_poisoned_span_costs_at_most_itself(tmp_path: Path, listener: Collector, case: str) -> None:
    """Of a batch of 500 with a poisoned span, 499 or 500 are in the file, and as many reach the collector."""
    warnings: list[str] = []
    with set_up_tracing(
        tmp_path, service_name="s", otlp_endpoint=listener.endpoint, warn=warnings.append
    ) as tracing:
        for number in range(500):
            _hand_over(tracing, span_with(**(POISON[case] if number == 250 else {"name": f"{number}"})))
        deliver(tracing)
    assert {f"{number}" for number in range(500) if number != 250} <= set(listener.names)
    assert len(listener.names) + tracing.spans_undelivered == 500
    assert tracing.spans_written + tracing.spans_lost == 500
    assert tracing.spans_written == len(spans_in(tmp_path)) >= 499


def _hand_over(tracing: Tracing, span: ReadableSpan) -> None:
    # What the SDK does at the end of a span; it would not let all of these be made.
    tracing.provider._active_span_processor.on_end(span)


UNSAID: list[str] = []
COLLECTORS = ["refuses", "never answers", "is slow", "speaks no gRPC", "speaks no TLS"]


@pytest.mark.parametrize("kind", COLLECTORS)
def test_no_collector_holds_the_program_back(tmp_path: Path, kind: str) -> None:
    """Whatever the collector is like, the shutdown waits at most for its two periods of grace.

    The file is whole, nothing is raised or logged, and what was not delivered is said in one line.
    """
    with ExitStack() as stack:
        endpoint = _endpoint(stack, kind)
        result = run_python_alone(
            f"""
            import logging
            from tracetui.tracing import set_up_tracing
            from tracetui.tracing.host.clock import now_ns
            heard = []
            class Ear(logging.Handler):
                def emit(self, record): heard.append(record.getMessage())
            logging.getLogger().addHandler(Ear())
            logging.getLogger().setLevel(logging.DEBUG)
            tracing = set_up_tracing("spans", service_name="s", otlp_endpoint="{endpoint}")
            for _ in range(2000):
                tracing.tracer.start_span("span", context=tracing.context).end()
            start = now_ns()
            tracing.shutdown()
            print(now_ns() - start, heard)
            """,
            tmp_path,
        )
    assert result.returncode == 0, result.stderr
    waited_ns, heard = result.stdout.split(maxsplit=1)
    assert heard == "[]\n"
    # The margin is for a machine that does something else; the exporter itself would take 10 s.
    assert int(waited_ns) < (GRACE_SECONDS + 6) * 1e9
    assert len(spans_in(tmp_path / "spans")) == 2000
    (line,) = result.stderr.splitlines()
    assert line.endswith(f" spans not delivered to {endpoint}")


def _endpoint(stack: ExitStack, kind: str) -> str:
    if kind == "refuses":
        return f"http://127.0.0.1:{refusing()}"
    if kind == "never answers":
        return f"http://127.0.0.1:{stack.enter_context(listening())}"
    if kind == "is slow":
        return stack.enter_context(collector(seconds=1.0)).endpoint
    answer = b"HTTP/1.1 400 Bad Request\r\n\r\n"
    scheme = "https" if kind == "speaks no TLS" else "http"
    return f"{scheme}://127.0.0.1:{stack.enter_context(listening(answer))}"


def test_the_grace_is_within_the_promise() -> None:
    """That of a program, and that of a worker and then of its controller."""
    assert GRACE_SECONDS < 2


def test_a_flush_honours_its_timeout(tmp_path: Path) -> None:
    """`force_flush` on a collector that never answers says False, and does not wait for it."""
    with listening() as port:
        tracing = set_up_tracing(
            tmp_path, service_name="s", otlp_endpoint=f"http://127.0.0.1:{port}", warn=lambda _: None
        )
        tracing.tracer.start_span("span").end()
        assert not tracing.provider.force_flush(50)
        assert tracing.spans_written == 1
        tracing.shutdown()


def test_a_forked_child_delivers_its_own_spans(tmp_path: Path, listener: Collector) -> None:
    """A child has its own channel: its spans arrive, those its parent had queued arrive once."""
    result = run_python_alone(
        f"""
        import os, warnings
        warnings.simplefilter("ignore", DeprecationWarning)
        from tracetui.tracing import set_up_tracing
        tracing = set_up_tracing("spans", service_name="s", otlp_endpoint="{listener.endpoint}")
        tracing.tracer.start_span("parent").end()
        for number in range(5):
            if (pid := os.fork()) == 0:
                tracing.tracer.start_span(f"child {{number}}").end()
                tracing.provider.force_flush({PATIENCE_MS})
                tracing.shutdown()
                os._exit(0)
            assert os.waitpid(pid, 0)[1] == 0
        tracing.provider.force_flush({PATIENCE_MS})
        """,
        tmp_path,
    )
    assert result.returncode == 0, result.stderr
    assert sorted(listener.names) == [*(f"child {number}" for number in range(5)), "parent"]


FORKING = """
    import os, sys, threading, warnings
    warnings.simplefilter("ignore", DeprecationWarning)
    from tracetui.tracing import set_up_tracing
    tracing = set_up_tracing("spans", service_name="s", otlp_endpoint=ENDPOINT)
    stop, made = threading.Event(), [0, 0, 0]
    def busy(number):
        while not stop.wait(0.002):
            tracing.tracer.start_span(f"busy {number} {made[number]}").end()
            made[number] += 1
    threads = [threading.Thread(target=busy, args=(number,)) for number in range(3)]
    for thread in threads: thread.start()
    for number in range(20):
        if (pid := os.fork()) == 0:
            tracing.tracer.start_span(f"child {number}").end()
            if number % 10 == 0: tracing.shutdown()
            os._exit(0)
        assert os.waitpid(pid, 0)[1] == 0
    stop.set()
    for thread in threads: thread.join()
    tracing.shutdown()
    print(sum(made), tracing.spans_undelivered)
"""


FORKED_IN_A_CALL = """
    import os, threading
    from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
    from tracetui.tracing.otlp import forks
    forks._PATIENCE_NS, forks._LAST_WORD_SECONDS = 0, 0.01
    begun, answered = threading.Event(), threading.Event()
    class Slow(SpanExporter):
        def export(self, spans):
            begun.set()
            answered.wait()
            return SpanExportResult.SUCCESS
        def shutdown(self):
            pass
    exporters = forks.ForkedExporter(Slow), forks.ForkedExporter(Slow)
    def of_child():
        if (pid := os.fork()) == 0:
            answered.set()
            told = {exporter.export([]).name for exporter in exporters}
            os._exit(0 if told == {"SUCCESS"} else 1 if told == {"FAILURE"} else 2)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    thread = threading.Thread(target=exporters[0].export, args=([],))
    thread.start()
    begun.wait()
    during = of_child()
    answered.set()
    thread.join()
    print(during, of_child())
"""


def test_a_child_that_was_forked_in_a_call_sends_nothing(tmp_path: Path) -> None:
    """And says so, whichever exporter the call was of; gRPC would end it. One that was forked later sends."""
    result = run_python_alone(textwrap.dedent(FORKED_IN_A_CALL), tmp_path)
    assert (result.stdout.split(), result.returncode) == (["1", "0"], 0), result.stderr


@pytest.mark.parametrize("answers", [True, False])
def test_forks_and_a_tee_do_not_hurt_each_other(tmp_path: Path, listener: Collector, answers: bool) -> None:
    """20 forks beside 3 threads that trace: no child hangs or dies, nothing is sent twice or lost unsaid."""
    with listening() as silent:
        endpoint = listener.endpoint if answers else f"http://127.0.0.1:{silent}"
        result = run_python_alone(textwrap.dedent(FORKING).replace("ENDPOINT", repr(endpoint)), tmp_path)
    assert result.returncode == 0, result.stderr
    made, undelivered = map(int, result.stdout.split())
    spans = spans_in(tmp_path / "spans")
    assert len({span.id for span in spans}) == len(spans) == made + 20
    assert len(set(listener.names)) == len(listener.names)
    assert sum(name.startswith("busy") for name in listener.names) == made - undelivered
    said = result.stderr.splitlines()
    children = sum(name.startswith("child") for name in listener.names)
    # Those that are let go without a shutdown are let go by their queue too: the files have them.
    assert children + len(said) - bool(undelivered) == 2


def test_in_a_child_exporters_begin_anew_before_the_sdk_does(tmp_path: Path) -> None:
    """The SDK starts threads in a forked child: beside a gRPC that was not let go first, those may crash."""
    result = run_python_alone(
        """
        import os
        order, register = [], os.register_at_fork
        def noted(**hooks):
            order.append(getattr(hooks.get("after_in_child"), "__module__", ""))
            register(**hooks)
        os.register_at_fork = noted
        from tracetui.tracing import set_up_tracing
        tracing = set_up_tracing("spans", service_name="s", otlp_endpoint="http://127.0.0.1:9")
        print(order.index("tracetui.tracing.otlp.forks") < order.index("opentelemetry.sdk.trace"))
        tracing.shutdown()
        """,
        tmp_path,
    )
    assert result.stdout == "True\n", result.stderr


def test_a_full_queue_is_no_news_for_the_host(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a queue drops is counted, the file has it, and the host's log does not tell."""
    monkeypatch.setenv("OTEL_BSP_MAX_QUEUE_SIZE", "10")
    monkeypatch.setenv("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "10")
    caplog.set_level(0)
    with listening() as port:
        endpoint = f"http://127.0.0.1:{port}"
        with set_up_tracing(
            tmp_path, service_name="s", otlp_endpoint=endpoint, warn=lambda _: None
        ) as tracing:
            for _ in range(100):
                tracing.tracer.start_span("span").end()
    assert (tracing.spans_written, tracing.spans_undelivered) == (100, 100)
    assert caplog.records == []


def test_the_user_in_an_endpoint_is_not_printed(tmp_path: Path) -> None:
    """What was not delivered is said without the password in the URL."""
    warnings: list[str] = []
    endpoint = f"http://me:canary@127.0.0.1:{refusing()}"
    with set_up_tracing(tmp_path, service_name="s", otlp_endpoint=endpoint, warn=warnings.append) as tracing:
        tracing.tracer.start_span("span").end()
    assert len(warnings) == 1
    assert "canary" not in warnings[0] + os.fspath(tracing.spans_dir)
