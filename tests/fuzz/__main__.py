"""`python -m tests.fuzz TARGET [libFuzzer's options]`: coverage-guided, with atheris (extra `fuzz`).

Without a directory among the options the corpus is read from beside this file and nothing is added to it.
"""

import sys
import tempfile
from pathlib import Path

import atheris  # type: ignore[import-untyped,import-not-found,unused-ignore]

with atheris.instrument_imports(include=["tracetui"]):
    from tests.fuzz.targets import TARGETS

CORPUS = Path(__file__).parent / "corpus"


def main() -> None:
    """Fuzzes until something breaks, or as long as `-max_total_time=` says."""
    name, *options = sys.argv[1:]
    target = TARGETS[name]
    with tempfile.TemporaryDirectory() as found:  # What is found goes into the first directory.
        seeds = [] if any(not option.startswith("-") for option in options) else [found, str(CORPUS / name)]
        atheris.Setup([sys.argv[0], *options, *seeds], target)
        atheris.Fuzz()


main()
