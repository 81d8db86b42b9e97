"""A process that has imported pytest and OpenTelemetry, and forks for each run of a suite or a program.

What it runs differs from `python -m pytest`, or `python -c`, in nothing but the start: of ours nothing is
imported yet, and of plugins only pytest's own. `test_forks.py` holds the two together.
"""

import os
import runpy
import subprocess
import sys
import warnings
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType

from tests.forking import run_forked, serve, server

_AT_ITS_START = ("PYTHON", "OTEL_", "LC_", "LD_")
"""What variables begin with that are read by an interpreter that starts, or by modules that are imported."""


def is_forked(environment: Mapping[str, str]) -> bool:
    """Whether a run may be forked that has this beside the usual environment."""
    return not any(name.startswith(_AT_ITS_START) for name in environment)


def run_python_forked(
    arguments: Sequence[str], cwd: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run `python -W error -c` and a program in a fork, or `python -m pytest` with arguments."""
    ran = run_forked(server(__name__), arguments, cwd, environment)
    return subprocess.CompletedProcess(
        ran.args, ran.returncode, ran.stdout.decode("utf-8"), ran.stderr.decode("utf-8")
    )


def _import_all() -> None:
    import execnet  # noqa: F401 - xdist itself is rewritten as it is imported, as other plugins are.
    from _pytest.config import default_plugins

    for name in default_plugins:
        import_module(f"_pytest.{name}")
    for name in ("trace", "resources", "util.instrumentation"):
        import_module(f"opentelemetry.sdk.{name}")


def _run(arguments: Sequence[str]) -> None:
    if arguments[0] == "-c":
        # As `python -W error -c` has it; and in the other case `python -m`.
        warnings.simplefilter("error")
        sys.argv[:] = ["-c"]
        sys.path.insert(0, "")
        main = sys.modules["__main__"] = ModuleType("__main__")
        exec(arguments[1], vars(main))
        return
    del sys.argv[1:3]
    sys.path.insert(0, os.getcwd())  # noqa: PTH109
    runpy.run_module("pytest", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    del sys.path[0]
    _import_all()
    wanted = serve()
    for name in [name for name in sys.modules if name.partition(".")[0] == "tests"]:
        del sys.modules[name]
    _run(wanted)
