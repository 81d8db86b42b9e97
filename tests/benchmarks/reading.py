"""What reading a span costs, here and with others: `python -m tests.benchmarks.reading [SPANS] [ROUNDS]`.

Needs the extra `bench`. Each reader gets the same recordings, in turns, one thread each; told is the best
round, in microseconds of processor time per span. Ours goes all the way: bytes to columns, parents, roles,
tests and outcomes, tree, times and the ranking of tests. Times mean nothing elsewhere, ratios may.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ParamSpec, TypeVar

from tests.benchmarks.peers import PEERS, Reader
from tests.benchmarks.spans import DIALECTS, lines
from tracetui.analysis.study.findings import study
from tracetui.ingest import Ingest, load

P = ParamSpec("P")
R = TypeVar("R")
Costs = dict[str, float]
PER_LINE = (1, 512)
FILES = (1, 40, 100, 1000, 2000, 5000)
FILES_ROUNDS = 3
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
    sys.stdout.writelines(in_files(next(iter(DIALECTS)), spans))


def in_files(dialect: str, spans: int) -> Iterator[str]:
    """A table: the same spans, one a line, in more and more files; the best of some rounds, in turns."""
    written = list(lines(dialect, spans, 1))
    costs = dict.fromkeys(FILES, float("inf"))
    with tempfile.TemporaryDirectory() as directory:
        for files in FILES:
            Path(directory, str(files)).mkdir()
            for number in range(files):
                Path(directory, str(files), f"{number}.jsonl").write_bytes(b"".join(written[number::files]))
        for _ in range(FILES_ROUNDS):
            for files in FILES:
                costs[files] = min(costs[files], loaded(f"{directory}/{files}") * 1e6 / spans)
    yield f"\n**{dialect}, 1 a line, in many files**\n\n"
    yield f"| {'files':>6} | us/span | as many times as in one |\n"
    yield f"|{'-' * 7}:|--------:|------------------------:|\n"
    for files, cost in costs.items():
        yield f"| {files:6} | {cost:7.2f} | {cost / costs[1]:23.2f} |\n"


def loaded(path: str) -> float:
    """Seconds of processor time to read all that is there."""
    before = time.process_time()
    load([path]).close()
    return time.process_time() - before


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
    ingest = Ingest([str(path)], jobs=1)
    store = Stopwatch()
    vars(ingest.table)["append"] = store.timed(ingest.table.append)
    vars(ingest.table)["finish"] = store.timed(ingest.table.finish)
    began = time.process_time()
    ingest.sweep()
    while ingest.step() or not ingest.ended:
        pass
    snapshot = store.timed(ingest.table.snapshot)()
    read = time.process_time()
    ranking = study(snapshot, 0).rank()
    ended = time.process_time()
    ingest.close()
    assert len(snapshot) == spans, "not every span was read"
    assert ranking[0].own_ns > 0, "no test was ranked"
    stages = (read - began - store.seconds, store.seconds, ended - read)
    return {OURS: ended - began} | dict(zip(STAGES, stages, strict=True))


class Stopwatch:
    """Adds up what calls cost."""

    seconds = 0.0

    def timed(self, function: Callable[P, R]) -> Callable[P, R]:
        """The same function, measured."""

        def call(*arguments: P.args, **named: P.kwargs) -> R:
            before = time.process_time()
            try:
                return function(*arguments, **named)
            finally:
                self.seconds += time.process_time() - before

        return call


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
