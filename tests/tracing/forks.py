"""A process that has imported pytest and OpenTelemetry, and forks for each run of a suite.

What it runs differs from `python -m pytest` in nothing but the start: of ours nothing is imported yet, and of
plugins only pytest's own. `test_forks.py` holds the two together.
"""

import os
import runpy
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path

from tests.forking import run_forked, serve, server

_AT_ITS_START = ("PYTHON", "OTEL_", "LC_")
"""What variables begin with that are read by an interpreter that starts, or by modules that are imported."""


def is_forked(environment: Mapping[str, str]) -> bool:
    """Whether a run may be forked that has this beside the usual environment."""
    return not any(name.startswith(_AT_ITS_START) for name in environment)


def run_pytest_forked(
    arguments: Sequence[str], cwd: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[bytes]:
    """Run `python -m pytest` with `arguments` in a fork."""
    return run_forked(server(__name__), arguments, cwd, environment)


def _import_all() -> None:
    import execnet  # noqa: F401 - xdist itself is rewritten as it is imported, as other plugins are.
    from _pytest.config import default_plugins

    for name in default_plugins:
        import_module(f"_pytest.{name}")
    for name in ("trace", "resources", "util.instrumentation"):
        import_module(f"opentelemetry.sdk.{name}")


if __name__ == "__main__":
    del sys.path[0]
    _import_all()
    serve()
    for name in [name for name in sys.modules if name.partition(".")[0] == "tests"]:
        del sys.modules[name]
    sys.path.insert(0, os.getcwd())  # noqa: PTH109
    runpy.run_module("pytest", run_name="__main__", alter_sys=True)
