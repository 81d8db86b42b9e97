"""A process that forks to read a recording, and prints how much memory that takes and what was found."""

import json
import resource
import sys

from tests.forking import serve
from tracetui.ingest import Ingest
from tracetui.sources.unpacking import budget


def main(path: str) -> None:
    """Prints the bytes that memory grew by, the number of spans, counts by kind, and the last reasons."""
    vars(budget)["MOST_BYTES"] = 64 << 20
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ingest = Ingest([path])
    ingest.sweep()
    while ingest.step():
        pass
    health = ingest.table.snapshot().health
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    kinds = {kind: tally.count for kind, tally in health.kinds.items()}
    reasons = [trouble.reason for trouble in health.problems]
    json.dump([grown * 1024, len(ingest.table), kinds, reasons[-5:]], sys.stdout)


if __name__ == "__main__":
    Ingest([])
    main(*serve())
