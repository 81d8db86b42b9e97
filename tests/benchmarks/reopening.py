"""What a recording costs that was opened before, and in memory.

`python -m tests.benchmarks.reopening [SPANS]`

Each time in a process of its own, with an empty cache and then with the same one: seconds of processor time
until all spans are there, and until the tests are ranked; and bytes a span, of columns and indexes and of
strings. At least 30,000 spans: smaller recordings are not kept.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.spans import lines
from tracetui.sources.files.regular import RACY_NS


def main() -> None:
    """Measure, and print the table."""
    spans = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "spans.jsonl")
        with path.open("wb") as file:
            file.writelines(lines("tracetui", spans, 512))
        time.sleep(1.1 * RACY_NS / 1e9)
        sys.stdout.write("| | read, s | ranked, s | columns, B/span | strings, B/span | peak RSS, MB |\n")
        sys.stdout.write("|---|---:|---:|---:|---:|---:|\n")
        sys.stdout.flush()
        for name in ("opened", "opened again"):
            command = [sys.executable, "-m", "tests.benchmarks.reopening", "--one", str(path), name]
            subprocess.run(command, check=True, env={**os.environ, "XDG_CACHE_HOME": directory})


def one(path: str, name: str) -> None:
    """A line of the table."""
    import resource

    from tracetui.analysis.study.findings import study
    from tracetui.ingest import Ingest

    began = time.process_time()
    ingest = Ingest([path], cache=True)
    ingest.sweep()
    while ingest.step() or not ingest.ended:
        pass
    snapshot = ingest.table.snapshot()
    read = time.process_time() - began
    study(snapshot, 0).rank()
    ranked = time.process_time() - began
    table = ingest.table
    runs = [array for run in (*table._rows._runs, *table._parents._waiting._runs) for array in run]
    arrays = sum(array.nbytes for array in (*table._columns.stored().values(), *runs))
    strings = sum(map(sys.getsizeof, (*snapshot.texts, *snapshot.trace_ids)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    cells = f"{read:.2f} | {ranked:.2f} | {arrays / len(snapshot):.1f} | {strings / len(snapshot):.1f}"
    sys.stdout.write(f"| {name} | {cells} | {peak:.0f} |\n")
    ingest.keep()
    ingest.close()


if __name__ == "__main__":
    one(*sys.argv[2:]) if sys.argv[1:2] == ["--one"] else main()
