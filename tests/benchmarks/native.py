"""What the native kernel does for reading: `python -m tests.benchmarks.native [SPANS] [ROUNDS]`.

Each figure is the best round. The kernel alone and msgspec's check of the same bytes are processor time on
one thread, from memory; to a ranked snapshot is time on the clock from the file, with one thread and with one
for each core; without the kernel is processor time. Protobuf is the same spans in messages of 500, decoded to
columns.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from tests.benchmarks.reading import PER_LINE, recording
from tests.benchmarks.spans import DIALECTS
from tests.formats.protobuf import framed, messages
from tracetui import kernel
from tracetui.analysis.study.findings import study
from tracetui.formats.otlp.frames import Frames, collector_header
from tracetui.formats.scanned.counters import MOST_KEPT
from tracetui.formats.scanned.known import KEYS, OTHER_KEYS
from tracetui.ingest import Ingest
from tracetui.kernel.scan import Scanner

CORES = os.cpu_count() or 1
Clock = Callable[[], float]


def main() -> None:
    """Measure, and print the tables."""
    spans = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    sys.stdout.write(f"us a span, {spans} spans, {CORES} cores\n\n")
    sys.stdout.write(
        "| recording | msgspec's check | kernel | its share | ranked, 1 thread | all cores | ratio |\n"
    )
    sys.stdout.write("|---|--:|--:|--:|--:|--:|--:|\n")
    for dialect in DIALECTS:
        for per_line in PER_LINE:
            with recording(dialect, spans, per_line) as path:
                sys.stdout.write(row(f"{dialect}, {per_line} a line", path, spans, rounds))
    sys.stdout.write("\n| protobuf | kernel | without | ratio |\n|---|--:|--:|--:|\n")
    for dialect in DIALECTS:
        sys.stdout.write(messages_row(dialect, min(spans, 20_000), rounds))


def row(name: str, path: Path, spans: int, rounds: int) -> str:
    """One recording: the check, the kernel, and the whole with one thread and with all."""
    text = path.read_bytes()
    each = text.splitlines()
    check = msgspec.json.Decoder(msgspec.Raw)
    costs = best(
        {
            "check": (lambda: [check.decode(line) for line in each], time.process_time),
            "kernel": (lambda: scanned(text), time.process_time),
            "one": (lambda: ranked(path, 1, spans), time.perf_counter),
            "all": (lambda: ranked(path, CORES, spans), time.perf_counter),
        },
        rounds,
    )
    check_us, kernel_us, one, every = (cost * 1e6 / spans for cost in costs.values())
    figures = f"{check_us:.2f} | {kernel_us:.2f} | {check_us / kernel_us:.2f}x | {one:.2f} | {every:.2f}"
    return f"| {name} | {figures} | {one / every:.2f}x |\n"


def scanned(text: bytes) -> None:
    """All of a text by the kernel alone."""
    library = kernel.library()
    assert library, kernel.why_not()
    assert Scanner(library, KEYS, OTHER_KEYS, MOST_KEPT).scan(text, 0, len(text))


def ranked(path: Path, jobs: int, spans: int) -> None:
    """From the file to the ranking of its tests."""
    ingest = Ingest([str(path)], jobs=jobs)
    ingest.sweep()
    while ingest.step() or not ingest.ended:
        pass
    snapshot = ingest.table.snapshot()
    assert study(snapshot, 0).rank()
    assert len(snapshot) == spans, "not every span was read"
    ingest.close()


def messages_row(dialect: str, spans: int, rounds: int) -> str:
    """The same spans as the Collector writes them with `format: proto`."""
    data = framed(*(message.SerializeToString() for message in messages(dialect, spans, 500)))

    def slowly() -> None:
        with without_kernel():
            decoded(data)

    costs = best(
        {"kernel": (lambda: decoded(data), time.process_time), "without": (slowly, time.process_time)}, rounds
    )
    fast, slow = (cost * 1e6 / spans for cost in costs.values())
    return f"| {dialect} | {fast:.2f} | {slow:.2f} | {slow / fast:.1f}x |\n"


def decoded(data: bytes) -> None:
    """All of it as columns."""
    frames = Frames(collector_header)
    frames.feed(data)
    frames.finish()
    assert not frames.take().rejected


@contextmanager
def without_kernel() -> Iterator[None]:
    """As where it was not built."""
    there, kernel.library = kernel.library, lambda: None
    try:
        yield
    finally:
        kernel.library = there


def best(what: dict[str, tuple[Callable[[], object], Clock]], rounds: int) -> dict[str, float]:
    """The least seconds of each, in turns."""
    least = dict.fromkeys(what, float("inf"))
    for _ in range(rounds):
        for name, (do, clock) in what.items():
            began = clock()
            do()
            least[name] = min(least[name], clock() - began)
    return least


if __name__ == "__main__":
    main()
