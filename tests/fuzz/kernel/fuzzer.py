"""The kernel as a fuzzer under ASAN and UBSAN, with libFuzzer where the compiler has it; its seeds."""

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from tests.builders import heartbeat, line, small_run, span
from tracetui.kernel.loading import FOLDER

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "data"
CORPUS = HERE.parent / "corpus"
CHECKED = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer")
LIBFUZZER, LIBFUZZER_NO_LINK, GUIDED = (
    "-fsanitize=fuzzer",
    "-fsanitize=fuzzer-no-link",
    "-fsanitize-coverage=trace-pc",
)
MOST_BYTES = 4096
WAYS = 8
"""The lower bits of the first byte of an input, which `target.c` reads."""


class NoFuzzerError(Exception):
    """No compiler is there that can build one; one line."""


@cache
def flags() -> tuple[str, ...]:
    """A compiler, what guides the fuzzer (libFuzzer if it is there, else `guided.c`), and what checks it.

    Raises NoFuzzerError.
    """
    trial = (
        "int LLVMFuzzerTestOneInput(const unsigned char *data, unsigned long size) { return size && !data; }"
    )
    for compiler, engine, source in (
        ("clang", LIBFUZZER, trial),
        ("gcc", GUIDED, "void __sanitizer_cov_trace_pc(void) {} int main(void) {}"),
    ):
        command = [compiler, engine, *CHECKED, "-x", "c", "-", "-o", "/dev/null"]
        if shutil.which(compiler) and _works(command, source):
            return compiler, engine, *CHECKED
    raise NoFuzzerError("neither clang with libFuzzer nor gcc with ASAN")


def build(directory: Path, folder: Path = FOLDER) -> Path:
    """The fuzzer of the C in `folder`, built in a directory. Raises NoFuzzerError."""
    compiler, engine, *checks = flags()
    return _linked(directory, folder, compiler, checks, engine)


def build_plain(directory: Path) -> Path:
    """The same without sanitizers, for valgrind. Raises NoFuzzerError."""
    if not shutil.which("gcc"):
        raise NoFuzzerError("no gcc")
    return _linked(directory, FOLDER, "gcc", (), GUIDED)


def run(fuzzer: Path, *arguments: object, under: Sequence[str] = ()) -> str:
    """Run it on what libFuzzer's options and paths say; empty if nothing broke, else what it said."""
    command = [*under, str(fuzzer), *map(str, arguments)]
    ran = subprocess.run(
        command, cwd=fuzzer.parent, capture_output=True, text=True, errors="replace", check=False
    )
    return "" if ran.returncode == 0 else f"exit code {ran.returncode}\n{ran.stderr[-6000:]}"


def _linked(directory: Path, folder: Path, compiler: str, checks: Sequence[str], engine: str) -> Path:
    """Coverage is measured of the kernel alone, whose memory the target lets run out."""
    usual = [compiler, "-std=gnu11", "-g", "-O1", *checks, f"-I{HERE}", f"-I{folder}"]
    measured, linked = (
        (LIBFUZZER_NO_LINK, [LIBFUZZER]) if engine == LIBFUZZER else (engine, [HERE / "guided.c"])
    )
    kernel, made = directory / "kernel.o", directory / "fuzzer"
    for command in (
        [*usual, measured, "-include", "allocations.h", "-c", folder / "read.c", "-o", kernel],
        [*usual, kernel, HERE / "target.c", *linked, "-o", made],
    ):
        subprocess.run(list(map(str, command)), check=True)
    return made


def write_seeds(directory: Path) -> None:
    """A file for each document of the corpora and of real recordings, read in each way."""
    directory.mkdir()
    for number, document in enumerate(sorted(set(_documents()))):
        for way in range(0, 1 << WAYS, 37):
            (directory / f"{number:03}-{way:03}").write_bytes(bytes([way]) + document)


def _documents() -> Iterator[bytes]:
    for name in ("decoder", "splitter", "frames"):
        yield from (path.read_bytes() for path in (CORPUS / name).iterdir())
    yield small_run()[:MOST_BYTES]
    yield line(span("one"), span("two")) + heartbeat(0) + line(span("three"))
    # Of a message that is cut nothing is looked at.
    yield from (path.read_bytes() for path in DATA.rglob("*.binpb") if path.stat().st_size < MOST_BYTES)
    for path in (*DATA.rglob("*.jsonl"), *DATA.glob("resmoke/evergreen/*.json")):
        first = path.read_bytes()[: 16 * MOST_BYTES].split(b"\n", 1)[0]
        yield first[:MOST_BYTES]


def _works(command: Sequence[str], source: str) -> bool:
    return subprocess.run(command, input=source.encode(), capture_output=True, check=False).returncode == 0
