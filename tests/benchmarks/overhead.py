"""What tracing costs a test run: `python -m tests.benchmarks.overhead [--pairs N] [-n WORKERS]`.

The suite has 1,000 tests that sleep for 10 ms. It is run without and with tracing in turns; told are medians
over the pairs. The wall time is what people feel, the processor time is what a busy machine changes least.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.benchmarks.sample_suites import write_suite
from tracetui.tracing.overhead import paired, told

TESTS = 1000
_FOREIGN = ("OTEL_", "PYTEST_", "TRACE", "BAGGAGE", "PYTHONDONTWRITEBYTECODE", "LOGFIRE_", "CI")


def clean_environment(more: Mapping[str, str] = {}) -> dict[str, str]:
    """The environment without what changes how a suite is run or traced."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
    return {**kept, **more}


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=10)
    parser.add_argument("-n", dest="workers", type=int, default=0, help="workers of pytest-xdist")
    arguments = parser.parse_args()
    directory = Path(tempfile.mkdtemp(prefix="tracetui-overhead-"))
    write_suite(directory, "ten_ms", told=False)
    pytest = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        *(["-n", str(arguments.workers)] if arguments.workers else []),
    ]
    cost = paired(
        [*pytest, "-p", "no:tracetui"],
        [*pytest, f"--tracetui={directory / 'spans'}"],
        directory,
        clean_environment(),
        arguments.pairs,
    )
    shutil.rmtree(directory)
    sys.stdout.write(f"Each takes 10 ms, {arguments.workers or 'no'} workers.\n{told(cost, TESTS)}")


if __name__ == "__main__":
    main()
