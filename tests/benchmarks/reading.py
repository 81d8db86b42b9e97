"""What reading a span costs, here and with others: `python -m tests.benchmarks.reading [SPANS] [ROUNDS]`.

Needs the extra `bench`. Each reader gets the same recordings, in turns, one thread each; told is the best
round, in microseconds of processor time per span. Ours goes all the way: bytes to columns, parents, roles,
tests and outcomes, tree, times and the ranking of tests. Times mean nothing elsewhere, ratios may.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from tests.benchmarks.peers import PEERS, Reader
from tests.benchmarks.spans import DIALECTS, lines
from tracetui.analysis.ranking import rank
from tracetui.analysis.times import measure
from tracetui.analysis.tree import build
from tracetui.ingest import Ingest
from tracetui.model.batch import SpanBatch
from tracetui.store.snapshot import Snapshot
from tracetui.store.table import SpanTable

Costs = dict[str, float]
PER_LINE = (1, 512)
STAGES = ("decode", "store", "study")
OURS = "tracetui, to a ranked snapshot"


def main() -> None:
    """Measure, and print the tables."""
    spans = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    for dialect in DIALECTS:
        for per_line in PER_LINE:
            with recording(dialect, spans, per_line) as path:
                size = path.stat().st_size / spans
                costs = compared(path, spans, rounds)
            sys.stdout.write(f"\n**{dialect}, {per_line} a line** ({size:.0f} bytes a span)\n\n")
            sys.stdout.writelines(table(costs))


@contextmanager
def recording(dialect: str, spans: int, per_line: int) -> Iterator[Path]:
    """A file that holds it, for as long as it is looked at."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "spans.jsonl")
        with path.open("wb") as file:
            file.writelines(lines(dialect, spans, per_line))
        yield path


def compared(path: Path, spans: int, rounds: int) -> Costs:
    """Microseconds a span of every reader, and of the stages of ours."""
    best: Costs = {}
    memory = path.read_bytes().splitlines()
    for _ in range(rounds):
        costs = {name: spent(peer, path, memory) for name, peer in PEERS.items()} | ours(path, spans)
        best = {name: min(cost * 1e6 / spans, best.get(name, float("inf"))) for name, cost in costs.items()}
    return best


def spent(reader: Reader, path: Path, memory: list[bytes]) -> float:
    """Seconds of processor time."""
    before = time.process_time()
    reader(path, memory)
    return time.process_time() - before


def ours(path: Path, spans: int) -> Costs:
    """Seconds to a ranked snapshot, and how they divide."""
    table = Timed()
    ingest = Ingest([str(path)])
    ingest.table = table
    began = time.process_time()
    ingest.sweep()
    while ingest.step() or not ingest.ended:
        pass
    snapshot = table.snapshot()
    read = time.process_time()
    tree = build(snapshot)
    times = measure(snapshot, tree, 0)
    ranking = rank(snapshot, tree, times, np.zeros(len(snapshot), np.int32))
    ended = time.process_time()
    ingest.close()
    assert len(snapshot) == spans, "not every span was read"
    assert ranking[0].own_ns > 0, "no test was ranked"
    decode = read - began - table.seconds
    return {OURS: ended - began} | dict(zip(STAGES, (decode, table.seconds, ended - read), strict=True))


class Timed(SpanTable):
    """A table that knows how long it worked."""

    seconds = 0.0

    def append(self, source: int, batch: SpanBatch, size: int = 0) -> None:
        before = time.process_time()
        super().append(source, batch, size)
        self.seconds += time.process_time() - before

    def snapshot(self) -> Snapshot:
        before = time.process_time()
        snapshot = super().snapshot()
        self.seconds += time.process_time() - before
        return snapshot


def table(costs: Costs) -> Iterator[str]:
    """Markdown: the costs, and how many times as fast ours is."""
    yield f"| {'reader':36} | us/span | ours is |\n|{'-' * 38}|--------:|--------:|\n"
    for name, cost in costs.items():
        if name in STAGES:
            yield f"| {'of it: ' + name:36} | {cost:7.2f} |         |\n"
        else:
            yield f"| {name:36} | {cost:7.2f} | {cost / costs[OURS]:6.2f}x |\n"


if __name__ == "__main__":
    main()
