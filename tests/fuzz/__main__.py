"""`python -m tests.fuzz TARGET [libFuzzer's options]`: coverage-guided, with atheris (extra `fuzz`).

Without a directory among the options the corpus is read from beside this file and nothing is added to it.
"""

import sys
from pathlib import Path

import atheris  # type: ignore[import-untyped,import-not-found,unused-ignore]

with atheris.instrument_imports(include=["tracetui"]):
    from tests.fuzz.targets import TARGETS

CORPUS = Path(__file__).parent / "corpus"


def main() -> None:
    """Fuzzes until something breaks, or as long as `-max_total_time=` says."""
    name, *options = sys.argv[1:]
    target = TARGETS[name]
    seeds = ",".join(map(str, sorted((CORPUS / name).iterdir())))
    if all(option.startswith("-") for option in options):  # A directory would get what is found.
        options.append(f"-seed_inputs={seeds}")
    atheris.Setup([sys.argv[0], *options], target)
    atheris.Fuzz()


main()
