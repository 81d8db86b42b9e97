"""Compiles the kernel: by the system's C compiler, else by Zig's (`ziglang` from PyPI).

`python -m tracetui.kernel.build` puts the library where this very package finds it, for work on the C.
"""

import importlib.util
import os
import platform
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tracetui.kernel.loading import FOLDER, NAME, checksum, sources

COMPILERS = ("clang", "cc", "gcc")
"""By preference: on this code clang's is 1.5 times as fast as gcc's."""

MACOS = "11.0"
"""The oldest that is built for, unless MACOSX_DEPLOYMENT_TARGET says otherwise."""

_TRIAL = """
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
int trial(void *room) { memset(room, 0, sizeof(uint64_t)); return abs(*(int8_t *)room); }
"""
_LOAD = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from tracetui.kernel.loading import problem
sys.exit(problem(*map(Path, sys.argv[2:])) or 0)
"""


class BuildError(Exception):
    """There is no compiler, or none made a library that can be loaded; one line."""


def build(target: Path, folder: Path = FOLDER) -> str:
    """Compile the C in `folder` to the library `target`, whole or not at all; says which compiler did.

    Raises BuildError.
    """
    failures = []
    for compiler in (*_system_compilers(), *_zig()):
        with TemporaryDirectory(prefix="tracetui-kernel-") as scratch:
            made = Path(scratch) / NAME
            failure = _compiled(compiler, folder, made) or _loaded(made, folder)
            if not failure:
                _put(made, target)
                return shlex.join(compiler)
            failures.append(f"{shlex.join(compiler)}: {failure}")
    raise BuildError("; ".join(failures) or "no C compiler")


def has_compiler() -> bool:
    """Whether the system can make a library of C: headers and linker often come apart from the compiler."""
    with TemporaryDirectory(prefix="tracetui-kernel-") as scratch:
        (Path(scratch) / "trial.c").write_text(_TRIAL)
        made = Path(scratch) / NAME
        return any(not _compiled(compiler, Path(scratch), made) for compiler in _system_compilers())


def macos() -> str:
    """The oldest macOS on which the library will run."""
    return os.environ.get("MACOSX_DEPLOYMENT_TARGET") or MACOS


def _system_compilers() -> Iterator[list[str]]:
    """The one that CC names, else those that are there."""
    chosen = shlex.split(os.environ.get("CC", ""))
    if chosen:
        yield chosen
    else:
        yield from ([name] for name in COMPILERS if shutil.which(name))


def _zig() -> Iterator[list[str]]:
    if importlib.util.find_spec("ziglang"):
        # Zig compiles for the very processor of this machine unless told otherwise.
        command = [sys.executable, "-m", "ziglang", "cc", "-mcpu=baseline"]
        machine = platform.machine().replace("arm64", "aarch64")
        yield [*command, "-target", f"{machine}-macos.{macos()}"] if sys.platform == "darwin" else command


def _compiled(compiler: Sequence[str], folder: Path, made: Path) -> str:
    """Compile; what went wrong, if something did."""
    flags = ["-std=c11", "-O3", "-shared", "-fvisibility=hidden"]
    if sys.platform != "win32":
        flags.append("-fPIC")
    if sys.platform == "darwin" and "-target" not in compiler:
        flags += ["-arch", platform.machine()]
    stamp = f"-DTRACETUI_KERNEL_SOURCES={checksum(folder)}u"
    units = [str(path) for path in sources(folder) if path.suffix == ".c"]
    wishes = [word for name in ("CFLAGS", "LDFLAGS") for word in shlex.split(os.environ.get(name, ""))]
    caches = {name: str(made.parent) for name in ("ZIG_LOCAL_CACHE_DIR", "ZIG_GLOBAL_CACHE_DIR")}
    variables = {**caches, **os.environ, "MACOSX_DEPLOYMENT_TARGET": macos(), "LC_ALL": "C"}
    return _failure([*compiler, *flags, stamp, *units, "-o", str(made), *wishes], variables)


def _loaded(made: Path, folder: Path) -> str:
    """Load it in another process, which a bad one may crash; what went wrong, if something did."""
    words = [str(path) for path in (FOLDER.parents[1], made, folder)]
    return _failure([sys.executable, "-c", _LOAD, *words], os.environ)


def _failure(command: Sequence[str], variables: Mapping[str, str]) -> str:
    """Run a command; the line that says best why it failed, if it did."""
    try:
        ran = subprocess.run(
            command, capture_output=True, env=variables, text=True, errors="replace", check=False
        )
    except OSError as error:
        return str(error)
    if ran.returncode == 0:
        return ""
    lines = (ran.stderr or ran.stdout).strip().splitlines()
    return next((line for line in lines if "error" in line), (lines or [f"exit code {ran.returncode}"])[-1])


def _put(made: Path, target: Path) -> None:
    """Replace the library at once: whoever has the last one loaded goes on with it."""
    beside = target.with_name(f".{os.getpid()}-{target.name}")
    shutil.copyfile(made, beside)
    beside.replace(target)


if __name__ == "__main__":
    try:
        print(f"{build(FOLDER / NAME)}: {FOLDER / NAME}")
    except BuildError as reason:
        sys.exit(f"no kernel: {reason}")
