"""unittest, traced without pytest: what it prints and returns is what unittest does."""

import importlib.util
import os
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from tests.recordings import recorded
from tracetui.analysis.study.findings import Findings
from tracetui.model.role import HookKind, Outcome, Role

SUITE = """
import unittest

def setUpModule(): pass
def tearDownModule(): pass

class Plain(unittest.TestCase):
    @classmethod
    def setUpClass(cls): cls.x = 1
    @classmethod
    def tearDownClass(cls): pass
    def test_pass(self): self.assertEqual(self.x, 1)
    def test_fail(self): self.assertEqual(1, 2)
    def test_error(self): raise ValueError("x\\x1b]0;title")
    @unittest.skip("not now")
    def test_skip(self): pass
    @unittest.expectedFailure
    def test_xfail(self): self.fail()
    @unittest.expectedFailure
    def test_xpass(self): pass
    def test_parts(self):
        for n in range(3):
            with self.subTest(n=n): self.assertNotEqual(n, 1)

class Broken(unittest.TestCase):
    @classmethod
    def setUpClass(cls): raise OSError("no server")
    def test_never(self): pass

@unittest.skip("all")
class Skipped(unittest.TestCase):
    @classmethod
    def setUpClass(cls): raise OSError
    def test_a(self): pass

class Async(unittest.IsolatedAsyncioTestCase):
    async def test_async(self): pass
"""


def run(module: str, directory: Path, *arguments: str) -> tuple[int, str, str]:
    """Code and output, without times; pytest cannot be imported there."""
    code = (
        "import runpy, sys; sys.modules['pytest'] = None; "
        "runpy.run_module(sys.argv.pop(1), run_name='__main__')"
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TRACE", "OTEL"))}
    ran = subprocess.run(
        [sys.executable, "-c", code, module, *arguments],
        cwd=directory,
        env=kept,
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.returncode, ran.stdout, re.sub(r"[0-9.]+s\b", "TIME", ran.stderr)


def outcomes(findings: Findings, role: Role) -> dict[str, Outcome]:
    """How the spans of a role ended, by name."""
    snapshot = findings.snapshot
    rows = [row for row in range(len(snapshot)) if snapshot.role[row] == role]
    return {snapshot.name(row): Outcome(int(snapshot.outcome[row])) for row in rows}


def test_all_that_can_happen(tmp_path: Path) -> None:
    """Each outcome, fixtures with their scopes, and the very output and code of unittest."""
    (tmp_path / "test_x.py").write_text(SUITE)
    plain = run("unittest", tmp_path, "discover", "-v")
    traced = run("tracetui.tracing.unittest", tmp_path, "discover", "-v")
    assert traced == plain
    assert plain[0] == 1
    findings = recorded(tmp_path / "spans")
    assert outcomes(findings, Role.TEST) == {
        "test_x.Plain.test_pass": Outcome.PASSED,
        "test_x.Plain.test_fail": Outcome.FAILED,
        "test_x.Plain.test_error": Outcome.ERROR,
        "test_x.Plain.test_skip": Outcome.SKIPPED,
        "test_x.Plain.test_xfail": Outcome.XFAILED,
        "test_x.Plain.test_xpass": Outcome.XPASSED,
        "test_x.Plain.test_parts": Outcome.FAILED,
        "test_x.Skipped.test_a": Outcome.SKIPPED,
        "test_x.Async.test_async": Outcome.PASSED,
    }
    assert outcomes(findings, Role.HOOK) == {
        "test_x setUpModule": Outcome.PASSED,
        "test_x tearDownModule": Outcome.PASSED,
        "test_x.Plain setUpClass": Outcome.PASSED,
        "test_x.Plain tearDownClass": Outcome.PASSED,
        "test_x.Broken setUpClass": Outcome.ERROR,
    }
    snapshot = findings.snapshot
    kinds = {
        HookKind(int(snapshot.hook_kind[row]))
        for row in range(len(snapshot))
        if snapshot.role[row] == Role.HOOK
    }
    assert kinds == {HookKind.MODULE, HookKind.CLASS}
    assert not list((tmp_path / "spans").glob("live/*"))


PHASES = """
import unittest

class Plain(unittest.TestCase):
    def setUp(self): self.addCleanup(len, "")
    def tearDown(self): self.x = sum(range(200_000))
    def test_pass(self): self.assertNotIn('doCleanups', vars(self))
    def test_fail(self): self.fail()
    def test_part(self):
        with self.subTest(): self.fail()
    def test_skip(self): self.skipTest("now")
    @unittest.expectedFailure
    def test_xfail(self): self.fail()
    def test_twice(self): self.doCleanups()

class Broken(unittest.TestCase):
    def setUp(self): self.addCleanup(self.fail); raise OSError
    def test_never(self): pass

class Async(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self): pass
    async def test_async(self): self.addAsyncCleanup(self.done)
    async def done(self): pass
"""


def test_phases(tmp_path: Path) -> None:
    """Of each test those it has, with how they ended, and processor time of all; no test is changed."""
    (tmp_path / "test_x.py").write_text(PHASES)
    plain = run("unittest", tmp_path, "-v", "test_x")
    assert run("tracetui.tracing.unittest", tmp_path, "-v", "test_x") == plain
    findings = recorded(tmp_path / "spans")
    snapshot = findings.snapshot
    found: dict[str, list[tuple[str, Outcome]]] = defaultdict(list)
    for row in np.argsort(snapshot.start_ns).tolist():
        if snapshot.role[row] == Role.PHASE:
            test = snapshot.title(int(snapshot.parent_row[row])).rpartition(".")[2]
            found[test].append((snapshot.name(row), Outcome(int(snapshot.outcome[row]))))
    good = Outcome.PASSED

    def around(outcome: Outcome) -> list[tuple[str, Outcome]]:
        return [("setUp", good), ("call", outcome), ("tearDown", good), ("cleanups", good)]

    assert found == {
        "test_pass": around(good),
        "test_fail": around(Outcome.FAILED),
        "test_part": around(Outcome.FAILED),
        "test_skip": around(Outcome.SKIPPED),
        "test_xfail": around(Outcome.XFAILED),
        "test_twice": around(good)[:3],
        "test_never": [("setUp", Outcome.ERROR), ("cleanups", Outcome.FAILED)],
        "test_async": [("setUp", good), ("call", good), ("cleanups", good)],
    }
    (suite,) = np.flatnonzero(snapshot.role == Role.SUITE)
    assert set(np.flatnonzero(snapshot.cpu == 0).tolist()) == {int(suite)}
    assert outcomes(findings, Role.TEST)["test_x.Broken.test_never"] is Outcome.ERROR


@pytest.mark.skipif(importlib.util.find_spec("test.test_textwrap") is None, reason="Python without its tests")
def test_pythons_own_tests(tmp_path: Path) -> None:
    """A suite that nobody here wrote: output, code and number of tests are the same."""
    plain = run("unittest", tmp_path, "test.test_textwrap", "test.test_colorsys")
    traced = run("tracetui.tracing.unittest", tmp_path, "test.test_textwrap", "test.test_colorsys")
    assert traced == plain
    found = outcomes(recorded(tmp_path / "spans"), Role.TEST)
    assert f"Ran {len(found)} tests" in plain[2]
    assert set(found.values()) == {Outcome.PASSED}


def test_no_place_to_write(tmp_path: Path) -> None:
    """The run goes on; it is said, and at the end what was lost."""
    (tmp_path / "test_x.py").write_text(
        "import unittest\nclass A(unittest.TestCase):\n    def test_a(self): pass\n"
    )
    (tmp_path / "spans").write_text("a file")
    code, _, err = run("tracetui.tracing.unittest", tmp_path)
    assert (code, "Ran 1 test" in err, err.count("tracetui: ")) == (0, True, 2), err
