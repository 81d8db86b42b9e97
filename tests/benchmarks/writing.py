"""What a span costs its program, here and with others: `python -m tests.benchmarks.writing [SPANS]`.

Each way makes the same spans, in the same process, in turns. Told are the microseconds from start to end as
the program feels them, and the processor time of the whole process, which counts what other threads do; each
also as a ratio to the SDK that writes nothing. Times mean nothing on another machine; the ratios may.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

from google.protobuf.json_format import MessageToDict  # type: ignore[import-untyped]
from opentelemetry.exporter.otlp.json.file.trace_exporter import FileSpanExporter as OfficialExporter
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import (
    BatchSpanProcessor,
    SimpleSpanProcessor,
    SpanExporter,
    SpanExportResult,
)
from opentelemetry.trace import Tracer

from tracetui.tracing import set_up_tracing

ROUNDS = 10
Made = AbstractContextManager[Tracer]


class ResmokeExporter(SpanExporter):
    """What resmoke's exporter does with a batch: protobuf, a dict, hex ids, a file."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._files = 0

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        message = MessageToDict(encode_spans(spans))
        self._files += 1
        (self._directory / f"metrics{self._files}.json").write_text(json.dumps(message))
        return SpanExportResult.SUCCESS


@dataclass
class Costs:
    """What was measured of one way."""

    felt_ns: list[int] = field(default_factory=list)
    cpu_ns: int = 0

    @property
    def row(self) -> tuple[float, float, float]:
        """Microseconds: median, 99th percentile, and of processor time."""
        percentiles = quantiles(self.felt_ns, n=100)
        return percentiles[49] / 1e3, percentiles[98] / 1e3, self.cpu_ns / len(self.felt_ns) / 1e3


@contextmanager
def sdk_with(*processors: SpanProcessor) -> Iterator[Tracer]:
    """The SDK as it comes."""
    provider = TracerProvider(shutdown_on_exit=False)
    for processor in processors:
        provider.add_span_processor(processor)
    try:
        yield provider.get_tracer("benchmark")
    finally:
        provider.shutdown()


@contextmanager
def ours(directory: Path, batch_seconds: float = 0.0) -> Iterator[Tracer]:
    """Our set-up, below a root span, since what has no parent is announced."""
    with (
        set_up_tracing(directory, service_name="benchmark", batch_seconds=batch_seconds) as tracing,
        tracing.tracer.start_as_current_span("root", context=tracing.context),
    ):
        yield tracing.tracer


def main() -> None:
    """Measure, and print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    costs: dict[str, Costs] = {name: Costs() for name in WAYS}
    for _ in range(ROUNDS):
        for name, (way, role) in WAYS.items():
            with tempfile.TemporaryDirectory() as directory:
                measure(way(Path(directory)), role, count // ROUNDS, costs[name])
    write = sys.stdout.write
    write(f"{'':44}{'p50 us':>8}{'p99 us':>8}{'cpu us':>8}{'p50 x':>8}{'p99 x':>8}{'cpu x':>8}\n")
    base = next(iter(costs.values())).row
    for name, cost in costs.items():
        ratios = [part / whole for part, whole in zip(cost.row, base, strict=True)]
        cells = "".join(f"{number:8.1f}" for number in (*cost.row, *ratios))
        write(f"{name:44}{cells}\n")


def measure(way: Made, role: str, count: int, costs: Costs) -> None:
    """Make `count` spans of six attributes, one by one."""
    now = time.perf_counter_ns
    before = time.process_time_ns()
    with way as tracer:
        for number in range(count):
            start = now()
            span = tracer.start_span("test_something[a-b]", attributes={"tracetui.span.role": role})
            span.set_attribute("test.case.name", "tests/test_something.py::test_something[a-b]")
            span.set_attribute("code.file.path", "tests/test_something.py")
            span.set_attribute("code.line.number", number)
            span.set_attribute("pytest.outcome", "passed")
            span.set_attribute("share", 0.5)
            span.end()
            costs.felt_ns.append(now() - start)
    costs.cpu_ns += time.process_time_ns() - before


WAYS: dict[str, tuple[Callable[[Path], Made], str]] = {
    "SDK, written nowhere": (lambda _: sdk_with(), "other"),
    "tracetui: any span": (ours, "other"),
    "tracetui: a hook": (ours, "hook"),
    "tracetui: a test (with its start record)": (ours, "test"),
    "tracetui: any span, batched": (lambda directory: ours(directory, 0.2), "other"),
    "otlp-json-file, written through": (
        lambda directory: sdk_with(SimpleSpanProcessor(OfficialExporter(directory / "x.jsonl"))),
        "other",
    ),
    "otlp-json-file, batched": (
        lambda directory: sdk_with(BatchSpanProcessor(OfficialExporter(directory / "x.jsonl"))),
        "other",
    ),
    "resmoke (MessageToDict), batched": (
        lambda directory: sdk_with(BatchSpanProcessor(ResmokeExporter(directory))),
        "other",
    ),
}

if __name__ == "__main__":
    main()
