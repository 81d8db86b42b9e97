"""`--tracetui-gate`: a run is judged by the rules of its project, once it is over and written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.budgets import some
from tests.tracing.recording import run_pytest, write_suite

SUITE = """
    import time
    def test_slow():
        time.sleep(0.2)
    def test_quick():
        pass
"""


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """Two tests, one of a fifth of a second."""
    write_suite(tmp_path, test_first=SUITE)
    return tmp_path


def rules(suite: Path, text: str) -> None:
    """The project's."""
    (suite / "pyproject.toml").write_text(f"[tool.tracetui.gates]\n{text}\n")


RULES = (
    ('max-test = "100ms"', 3, "gate breached: max-test"),
    ('max-test = "60s"', 0, "gate passed"),
    ('max-regression = "10%"', 4, "gate cannot be decided: max-regression"),
)
WAYS = (*((*rule, []) for rule in RULES), *some(((*rule, ["-n", "2"]) for rule in RULES), 3))


@pytest.mark.parametrize(("rule", "code", "said", "arguments"), WAYS)
def test_the_exit_code_is_the_gates(
    suite: Path, rule: str, code: int, said: str, arguments: list[str]
) -> None:
    """0, 3 or 4, and all rules are printed below what pytest says, once."""
    rules(suite, rule)
    result = run_pytest(suite, "--tracetui=spans", "--tracetui-gate", *arguments)
    assert (result.returncode, result.stderr) == (code, "")
    assert result.stdout.count(said) == 1
    assert result.stdout.index("2 passed") < result.stdout.index(said)
    assert "2 tests" in result.stdout


def test_a_failed_run_stays_one(suite: Path) -> None:
    """Whatever its gate says."""
    rules(suite, 'max-test = "1ms"')
    write_suite(suite, test_second="def test_red(): assert 0")
    result = run_pytest(suite, "--tracetui=spans", "--tracetui-gate")
    assert result.returncode == 1
    assert "gate breached: max-test" in result.stdout


def test_this_run_is_judged_and_no_other(suite: Path) -> None:
    """Though another one in the directory is still under way, and so the newest."""
    rules(suite, 'max-test = "60s"')
    (suite / "conftest.py").write_text(OTHER_RUN)
    result = run_pytest(suite, "--tracetui=spans", "--tracetui-gate")
    assert result.returncode == 0, result.stdout
    assert "gate passed" in result.stdout


OTHER_RUN = """
import subprocess, sys
from tracetui.tracing import set_up_tracing

def pytest_sessionfinish():
    code = (
        "import time; from tracetui.tracing import set_up_tracing as s;"
        "t = s('spans', service_name='other'); "
        "x = t.provider.get_tracer('x').start_as_current_span("
        "'other', attributes={'tracetui.span.role': 'suite'}); "
        "x.__enter__(); print(1, flush=True); time.sleep(60)"
    )
    other = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    other.stdout.readline()
    import atexit
    atexit.register(other.kill)
"""


def test_without_rules_nobody_can_say(suite: Path) -> None:
    """So the run is not green, and one line says what to write."""
    result = run_pytest(suite, "--tracetui=spans", "--tracetui-gate")
    assert result.returncode == 4
    assert "gate: no rule; give one" in result.stdout


def test_what_is_not_traced_cannot_be_judged(suite: Path) -> None:
    """Without a trace it is wrong use; where nothing could be written, nobody can say."""
    rules(suite, 'max-test = "60s"')
    result = run_pytest(suite, "--tracetui-gate")
    assert (result.returncode, "write --tracetui too" in result.stderr) == (4, True)
    (suite / "spans").write_text("a file")
    result = run_pytest(suite, "--tracetui=spans/below", "--tracetui-gate")
    assert result.returncode == 4
    assert "not a directory" in result.stdout
