"""Runs the tests of a module against a mutant of it, in a copy of the tree and in a process that is warm."""

import importlib
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from tests.mutations.mutants import Mutant

TREE = Path(__file__).parents[2]
PATIENCE_S = 600
"""A mutant that has not come to an end by then goes round in circles, and is noticed by that."""
_COPIED = ("tracetui", "tests", "pyproject.toml", "README.md")
_WARM = ("hypothesis", "hypothesis.strategies", "msgspec", "numpy", "orjson", "re2", "rich.console", "xdist")


class Judge:
    """Has a copy of the tree in `place` and changes one module of it at a time."""

    def __init__(self, place: Path) -> None:
        self._copy = place / "copy"
        self._copy.mkdir()
        for name in _COPIED:
            source, target = TREE / name, self._copy / name
            ignored = shutil.ignore_patterns("__pycache__", "mutations")
            shutil.copytree(source, target, ignore=ignored) if source.is_dir() else shutil.copy2(
                source, target
            )
        self._written = time.time()
        for name in _WARM:
            importlib.import_module(name)

    def mend(self, module: str, source: bytes) -> None:
        """Writes a module; two of equal size in one second are two to whoever keeps compiled ones."""
        path = self._copy / module
        path.write_bytes(source)
        self._written += 2
        os.utime(path, (self._written, self._written))

    def is_noticed(self, module: str, mutant: Mutant, tests: Iterable[Sequence[str]]) -> bool:
        """Whether a test fails with the mutant in its module."""
        source = (TREE / module).read_bytes()
        self.mend(module, mutant.applied(source))
        try:
            return self.fails(tests)
        finally:
            self.mend(module, source)

    def fails(self, tests: Iterable[Sequence[str]]) -> bool:
        """Whether one of some lists of test files does not pass, the first one first."""
        return any(self._fail(files) for files in tests if files)

    def _fail(self, files: Sequence[str]) -> bool:
        pid = os.fork()
        if not pid:
            os.setsid()
            _run(self._copy, files)
        return _status(pid) != 0


def _run(copy: Path, files: Iterable[str]) -> None:
    """Runs tests in this process and ends it: the code is pytest's."""
    code = 99
    try:
        nothing = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(nothing, number)
        os.chdir(copy)
        os.environ["PYTHONPATH"] = str(copy)
        sys.path.insert(0, str(copy))
        for name in [each for each in sys.modules if each.partition(".")[0] in ("tests", "tracetui")]:
            del sys.modules[name]
        options = [
            "-x",
            "-q",
            "-W",
            "ignore::pytest.PytestAssertRewriteWarning",
            "-p",
            "no:cacheprovider",
            "--no-header",
            f"--timeout={PATIENCE_S}",
            "-n",
            "0",
        ]
        code = int(pytest.main([*options, *files]))
    finally:
        os._exit(code)


def _status(pid: int) -> int:
    """How the process ended; one that does not is ended with all it started."""
    for _ in range(PATIENCE_S * 20):
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.05)
    os.killpg(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return -signal.SIGKILL
