"""A run in a fork is the run in a process of its own; and runs beside all plugins that are installed."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from importlib.metadata import entry_points
from pathlib import Path

from tests.tracing.recording import (
    run_pytest,
    run_pytest_alone,
    run_python,
    run_python_alone,
    spans_in,
    write_suite,
)

TOLD = """
    import json, os, sys, warnings
    ITS_OWN = ("OUT", "TRACETUI_PARENT")
    def test_told(request):
        plugins = request.config.pluginmanager.list_name_plugin()
        told = {
            "argv": sys.argv,
            "cwd": os.getcwd(),
            "environment": {name: os.environ[name] for name in os.environ if name not in ITS_OWN},
            "filters": len(warnings.filters),
            "flags": [sys.flags.utf8_mode, sys.flags.dev_mode, sys.flags.ignore_environment],
            "main": sys.modules["__main__"].__spec__.name,
            "path": sys.path,
            "plugins": sorted(name for name, plugin in plugins if plugin and not name.isdigit()),
            "ours": sorted(name for name in sys.modules if name.startswith("tracetui")),
            "tests": sorted(name for name in sys.modules if name.partition(".")[0] == "tests"),
        }
        with open(os.environ["OUT"], "w") as out:
            json.dump(told, out)
    def test_failed(): assert 1 == 2
"""


def without_times(ran: subprocess.CompletedProcess[str]) -> tuple[int, str, str]:
    """What a run says, whatever it took."""
    return ran.returncode, re.sub(r"\d+\.\d+ ?m?s", "-", ran.stdout), ran.stderr


def test_a_forked_run_is_a_run(tmp_path: Path) -> None:
    """What it prints, what a test sees of its process, and what is written."""
    write_suite(tmp_path, test_told=TOLD)
    runs = []
    for run in (run_pytest_alone, run_pytest):
        out = tmp_path / run.__name__
        ran = run(tmp_path, "--tracetui", env={"OUT": str(out)})
        spans = [(span.name, sorted(span.attributes)) for span in spans_in(tmp_path / "spans")]
        runs.append((without_times(ran), json.loads(out.read_text()), spans))
        shutil.rmtree(tmp_path / "spans")
    assert runs[0] == runs[1]


def test_a_forked_program_is_a_program(tmp_path: Path) -> None:
    """What it sees of itself, what its exit handlers do, and how it ends."""
    program = """
        import atexit, os, sys, warnings
        atexit.register(print, "bye")
        class Here: pass
        print(sys.argv, sys.path, __name__, Here.__module__, warnings.filters[0], sys.flags.utf8_mode)
        print(sorted(name for name in sys.modules if name.partition(".")[0] in ("tests", "tracetui")))
        print(os.getcwd(), sorted(os.environ))
        raise ValueError("at an end")
    """
    forked, alone = run_python(program, tmp_path), run_python_alone(program, tmp_path)
    assert (forked.returncode, forked.stdout) == (alone.returncode, alone.stdout)
    assert forked.stderr.splitlines()[-1] == alone.stderr.splitlines()[-1] == "ValueError: at an end"


def test_a_run_beside_all_plugins(tmp_path: Path) -> None:
    """Ours is loaded as an entry point, as theirs are: the run is traced, and nothing is broken."""
    write_suite(tmp_path, test_told=TOLD)
    env = {"OUT": str(tmp_path / "out"), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": ""}
    ran = run_pytest_alone(tmp_path, "--tracetui", "-W", "default", env=env)
    assert "1 failed, 1 passed" in ran.stdout
    loaded = set(json.loads((tmp_path / "out").read_text())["plugins"])
    assert {"tracetui"} < {point.name for point in entry_points(group="pytest11")} <= loaded
    assert sum(span.name.startswith("test_told.py") for span in spans_in(tmp_path / "spans")) == 2
