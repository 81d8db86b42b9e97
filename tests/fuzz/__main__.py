"""`python -m tests.fuzz TARGET [libFuzzer's options]`: coverage-guided, with atheris (extra `fuzz`).

Without a directory among the options the corpus is read from beside this file and nothing is added to it.
The target `kernel` is the native kernel's C under sanitizers: it needs clang or gcc, and no atheris. What
breaks it is left in the current directory (libFuzzer's `-artifact_prefix=`).
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

CORPUS = Path(__file__).parent / "corpus"


def main() -> int:
    """Fuzzes until something breaks, or as long as `-max_total_time=` says."""
    name, *options = sys.argv[1:]
    if name == "kernel":
        return _fuzz_kernel(options)
    _fuzz(name, options)
    return 0


def _fuzz_kernel(options: list[str]) -> int:
    from tests.fuzz.kernel.fuzzer import build, write_seeds

    with TemporaryDirectory(prefix="fuzz-kernel-") as scratch:
        fuzzer, seeds = build(Path(scratch)), Path(scratch) / "seeds"
        if all(option.startswith("-") for option in options):
            write_seeds(seeds)
            options = [*options, str(seeds)]
        return subprocess.run([fuzzer, *options], check=False).returncode


def _fuzz(name: str, options: list[str]) -> None:
    import atheris  # type: ignore[import-untyped,import-not-found,unused-ignore]

    with atheris.instrument_imports(include=["tracetui"]):
        from tests.fuzz.targets import TARGETS

    target = TARGETS[name]
    seeds = ",".join(map(str, sorted((CORPUS / name).iterdir())))
    if all(option.startswith("-") for option in options):  # A directory would get what is found.
        options.append(f"-seed_inputs={seeds}")
    atheris.Setup([sys.argv[0], *options], target)
    atheris.Fuzz()


sys.exit(main())
