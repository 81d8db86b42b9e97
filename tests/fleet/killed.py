"""Loads that are killed: `python -m tests.fleet.killed URL DIRECTORY ROUNDS SEED`.

It loads all of a directory again and again, while files in it grow and come, and kills each load at a moment
of chance. After each, no fact may stand there twice; after a last load that nobody kills, all are there.
Each load is a fork of a process that has everything imported and nothing started.
"""

import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import duckdb  # noqa: F401 - this and the next: what is imported here, no fork has to import
import ibis.backends.duckdb  # noqa: F401
import pyarrow.compute
import pyarrow.parquet  # noqa: F401

from tests.builders import MS
from tests.fleet.runs import MIDNIGHT, load, sums, whole, write_run

TESTS = 40
RUNS = 6


def forked(work: Callable[[], object], kill_after_s: float | None = None) -> int:
    """Runs something in a fork, killed after a while unless it is done; the exit code, -9 for one killed."""
    pid = os.fork()
    if not pid:
        code = 1
        try:
            work()
            code = 0
        finally:
            if code:
                traceback.print_exc()
            os._exit(code)
    if kill_after_s is not None:
        time.sleep(kill_after_s)
        os.kill(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def grow(directory: Path, chance: random.Random) -> None:
    """Some file becomes longer, or is there for the first time; half of its run is after midnight."""
    number = chance.randrange(RUNS)
    path = directory / f"{number}.jsonl"
    lines = path.read_bytes().count(b"\n") if path.exists() else 0
    more = min(TESTS + 1, lines + chance.randrange(1, TESTS))
    write_run(path, number, TESTS, MIDNIGHT - TESTS // 2 * 10 * MS, more)


def check_unique(url: str) -> None:
    """Nothing twice, at any time."""
    for run, (facts, different, _) in sums(url).items():
        assert facts == different <= TESTS + 1, run


def main(url: str, directory: Path, rounds: int, seed: int) -> None:
    """See above; prints how many loads were killed."""
    chance = random.Random(seed)
    grow(directory, chance)
    began = time.monotonic()
    assert forked(lambda: load(url, directory)) == 0
    usual_s = time.monotonic() - began
    killed = 0
    while killed < rounds:
        grow(directory, chance)
        killed += forked(lambda: load(url, directory), chance.uniform(0, usual_s)) == -signal.SIGKILL
        assert forked(lambda: check_unique(url)) == 0
    for number in range(RUNS):
        write_run(directory / f"{number}.jsonl", number, TESTS, MIDNIGHT - TESTS // 2 * 10 * MS)
    assert forked(lambda: load(url, directory)) == 0
    found = sums(url)
    assert found == {f"run-{number}": whole(TESTS) for number in range(RUNS)}, found
    sys.stdout.write(f"{killed}\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
