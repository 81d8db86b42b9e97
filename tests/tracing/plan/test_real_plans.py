"""Plans held against real runs of seeded suites: recorded once, planned, and run both ways.

python -m pytest -m nightly tests/tracing/plan/test_real_plans.py
"""

from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.cli.running import answer
from tests.recordings import recorded
from tests.tracing.recording import run_pytest, write_suite
from tracetui.analysis.schedule.recorded import recorded as workload

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(900)]

WORKERS = 3
FASTER = 1.02
"""A plan may be so much slower where it had nothing to gain: runs differ by chance."""


def write(directory: Path, seed: int) -> None:
    """Ten files of eight tests that sleep; in every other suite some files have a fixture of their own."""
    random = Random(seed)
    for file in range(10):
        has_fixture = seed % 2 and file % 3 == 0
        code = ["import time, pytest", "@pytest.fixture(scope='module')", "def db():"]
        code += [f"    time.sleep({random.uniform(0.3, 0.8):.3f})", "    yield"]
        for number in range(8):
            took = min(3.0, random.lognormvariate(-2.3, 1.1))
            code += [f"def test_{number}({'db' if has_fixture else ''}):", f"    time.sleep({took:.3f})"]
        write_suite(directory, **{f"test_{file}": "\n".join(code)})


def wall_ns(spans: Path) -> int:
    """From the first test to the last."""
    return workload(recorded(spans)).recorded_ns


@pytest.mark.parametrize("seed", range(6))
def test_a_planned_run_is_not_slower_and_saves_what_was_predicted(tmp_path: Path, seed: int) -> None:
    """Recorded on two workers, planned for three: what it saves is within a tenth of what was said.

    Beside a run without the plan, minutes apart: how busy the machine is cancels out.
    """
    write(tmp_path, seed)
    run_pytest(tmp_path, "-n2", "--tracetui=before")
    plan: dict[str, Any] = answer("plan", tmp_path / "before", "--workers", WORKERS, "--out", tmp_path)
    run_pytest(tmp_path, f"-n{WORKERS}", "--tracetui=unordered")
    run_pytest(tmp_path, f"-n{WORKERS}", "--tracetui=planned", "--tracetui-plan=plan.json")
    unordered, planned = wall_ns(tmp_path / "unordered"), wall_ns(tmp_path / "planned")
    assert planned <= unordered * FASTER, (plan["way"], planned / unordered)
    said = plan["predicted_ns"] / plan["unplanned_ns"]
    assert abs(said / (planned / unordered) - 1) <= 0.10, (said, planned / unordered)
