"""`--tracetui-gate`: `tracetui gate` judges the run once it is traced and its files are closed.

That is another process: the viewer's libraries have no place in the one that ran the tests. A breached (3) or
undecidable (4) gate fails a run that passed; a run that failed keeps its exit status.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from tracetui.tracing.pytest.run_state import Underway, ids_of

SECONDS = 300.0
"""No run waits longer for its verdict."""
UNDECIDABLE = 4
_EXIT_CODES = (0, 3, UNDECIDABLE)
_PASSED = (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)


class GateHooks:
    """The hooks of the main process; workers have nothing to judge."""

    def __init__(self, config: pytest.Config, underway: Underway) -> None:
        self._config = config
        self._directory = underway.tracing.spans_dir
        self._underway = underway
        self._session: pytest.Session | None = None
        self._trace_id = ""

    @pytest.hookimpl(trylast=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Remember what will be judged."""
        self._session = session
        self._trace_id, _ = ids_of(self._underway.run_context)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_unconfigure(self) -> Generator[None, object, object]:
        """Judge the run after everything else: all spans are written, and their files closed."""
        result = yield
        self._judge()
        return result

    def _judge(self) -> None:
        session = self._session
        if session is not None:
            said, status = judged(self._directory, self._trace_id, self._config.rootpath)
            reporter = self._config.pluginmanager.get_plugin("terminalreporter")
            if reporter is not None:
                reporter.write_line(said)
            fail(session, status)


def fail(session: pytest.Session, status: int) -> None:
    """Ends a run that has passed with the exit code of its gate."""
    if status and session.exitstatus in _PASSED:
        session.exitstatus = status


def judged(directory: Path, trace_id: str, rootdir: Path) -> tuple[str, int]:
    """The gate's output on a run, and its exit code; if it cannot be asked, why, and 4."""
    command = [sys.executable, "-m", "tracetui", "gate", os.fspath(directory), "--run", trace_id]
    try:
        ran = subprocess.run(
            command, cwd=rootdir, capture_output=True, check=False, timeout=SECONDS, env=_environment()
        )
    except (OSError, subprocess.SubprocessError) as error:
        return f"tracetui: gate: {type(error).__name__}: {error}", UNDECIDABLE
    said = (ran.stdout or ran.stderr).decode("utf-8", "backslashreplace").rstrip()
    return said, ran.returncode if ran.returncode in _EXIT_CODES else UNDECIDABLE


def _environment() -> dict[str, str]:
    """The environment without what would trace or measure that process as part of the run."""
    skipped = ("COV_CORE_", "COVERAGE_PROCESS", "PYTEST_", "TRACEPARENT", "TRACETUI_DIR")
    return {name: value for name, value in os.environ.items() if not name.startswith(skipped)}
