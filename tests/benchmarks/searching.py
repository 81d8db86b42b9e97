"""What looking for a text or an attribute costs, here and with others.

`python -m tests.benchmarks.searching [SPANS] [ROUNDS]`. Every searcher gets the same recording, in turns;
told is the best round in seconds of the clock, and how that compares with ours. `grep` only counts lines;
ours says which spans, and that it is no id, time or name of a field. Times mean nothing elsewhere.
"""

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import orjson

from tests.benchmarks.spans import lines
from tracetui.ingest import Ingest, load
from tracetui.scan.columns import AttributeColumns, finish
from tracetui.scan.texts import TextScan

TEXT = "no such text anywhere"
KEY = "test.case.name"
OURS = "tracetui"

Searcher = Callable[[], object]


def main() -> None:
    """Measure, and print the tables."""
    spans = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "spans.jsonl")
        path.write_bytes(b"".join(lines("tracetui", spans, 512)))
        ingest = load([str(path)])
        for title, searchers in (("a text", texts(path, ingest)), (KEY, attributes(path, ingest))):
            size = path.stat().st_size / 1e6
            sys.stdout.write(f"\n**{title}, {spans} spans, {size:.0f} MB**\n\n")
            sys.stdout.write(table(best_of(searchers, rounds)))
        ingest.close()


def texts(path: Path, ingest: Ingest) -> Mapping[str, Searcher]:
    """Who can look for a text."""
    snapshot = ingest.table.snapshot()
    return {
        OURS: lambda: finish(TextScan(ingest.read_at, TEXT), snapshot, _on),
        "grep -Fci": lambda: subprocess.run(["grep", "-Fci", TEXT, path], capture_output=True, check=False),
        "re over the lines": lambda: _lines_with(path, re.compile(re.escape(TEXT.encode()), re.IGNORECASE)),
    }


def attributes(path: Path, ingest: Ingest) -> Mapping[str, Searcher]:
    """Who can tell the value of one attribute of every span."""
    snapshot = ingest.table.snapshot()
    return {
        OURS: lambda: AttributeColumns(ingest.read_at).of(snapshot, {KEY}, _on),
        "orjson, all of it": lambda: _values(path),
    }


def best_of(searchers: Mapping[str, Searcher], rounds: int) -> dict[str, float]:
    """The best of some rounds, in seconds."""
    best = dict.fromkeys(searchers, float("inf"))
    for _ in range(rounds):
        for name, search in searchers.items():
            begin = time.perf_counter()
            search()
            best[name] = min(best[name], time.perf_counter() - begin)
    return best


def table(costs: Mapping[str, float]) -> str:
    """As Markdown."""
    rows = [f"| {name} | {cost:.3f} s | {cost / costs[OURS]:.2f} |\n" for name, cost in costs.items()]
    return "".join(["| | best | to ours |\n", "|---|---:|---:|\n", *rows])


def _on(_done: int, _total: int) -> bool:
    return True


def _lines_with(path: Path, pattern: re.Pattern[bytes]) -> int:
    with path.open("rb") as file:
        return sum(1 for line in file if pattern.search(line))


def _values(path: Path) -> list[object]:
    found: list[object] = []
    with path.open("rb") as file:
        for line in file:
            for group in orjson.loads(line)["resourceSpans"]:
                for scoped in group["scopeSpans"]:
                    for span in scoped["spans"]:
                        told = span.get("attributes", ())
                        found += [pair["value"] for pair in told if pair["key"] == KEY]
    return found


if __name__ == "__main__":
    main()
