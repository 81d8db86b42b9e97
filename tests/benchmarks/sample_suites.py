"""The suites that tracers are compared on, and the reference: what pytest did, told by pytest itself.

The reference is a `conftest.py` that appends a line to `EVENTS` for each test, phase and outcome, when it
happens, by one `os.write`: it is there also after a crash.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

_CONFTEST = """
import json, os, pytest

FILE = os.open(os.environ["EVENTS"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

def tell(*words):
    os.write(FILE, (json.dumps(words) + "\\n").encode())

def pytest_sessionstart(session):
    tell("worker" if hasattr(session.config, "workerinput") else "suite", "")

@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item):
    tell("test", item.nodeid)
    return (yield)

def phase(when):
    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def hook(item):
        tell(when, item.nodeid)
        return (yield)
    return hook

pytest_runtest_setup, pytest_runtest_call, pytest_runtest_teardown = map(phase, ("setup", "call", "teardown"))

class Outcomes:
    def __init__(self, config):
        self.config = config

    def pytest_runtest_logreport(self, report):
        if hasattr(report, "context"):
            return
        word = self.config.hook.pytest_report_teststatus(report=report, config=self.config)[0]
        if word:
            tell("outcome", report.nodeid, word)

def pytest_configure(config):
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Outcomes(config))
"""

_OUTCOMES = """
import time, unittest, pytest

def test_passes(): pass
def test_fails(): assert [1, 2] == [1, 3]
def test_fails_by_word(): pytest.fail("said so")
def test_raises(): raise RuntimeError("boom")

@pytest.fixture
def broken():
    raise OSError("no such fixture")

@pytest.fixture
def broken_later():
    yield
    raise OSError("cannot be undone")

def test_error_in_setup(broken): pass
def test_error_in_teardown(broken_later): pass

@pytest.mark.skip(reason="by mark")
def test_skipped_by_mark(): pass

@pytest.fixture
def skipping():
    pytest.skip("by fixture")

def test_skipped_in_setup(skipping): pass
def test_skipped_in_call(): pytest.skip("by call")

@pytest.mark.xfail(reason="known")
def test_xfail(): assert False

def test_xfail_in_call(): pytest.xfail("known by now")

@pytest.mark.xfail
def test_xpass(): pass

@pytest.mark.xfail(strict=True)
def test_xpass_strict(): pass

TRIES = []

@pytest.mark.flaky(reruns=2)
def test_flaky():
    TRIES.append(1)
    assert len(TRIES) == 3

@pytest.mark.flaky(reruns=1)
def test_never_passes(): assert False

@pytest.mark.timeout(0.3, method="signal")
def test_times_out(): time.sleep(5)

def test_subtests_pass(subtests):
    for number in range(3):
        with subtests.test(number=number):
            assert number >= 0

@pytest.mark.parametrize("value", [1, "two", None, "a[b]"])
def test_parameters(value): pass

@pytest.fixture(scope="module")
def module_wide():
    time.sleep(0.02)
    yield
    time.sleep(0.02)

@pytest.fixture(scope="class")
def class_wide():
    yield

class TestClass:
    def test_wide_fixtures(self, module_wide, class_wide): pass
    def test_wide_fixtures_again(self, module_wide, class_wide): pass

class TestUnittest(unittest.TestCase):
    def setUp(self): self.answer = 42
    def test_method(self): self.assertEqual(self.answer, 42)
    @unittest.expectedFailure
    def test_expected_failure(self): self.assertEqual(self.answer, 41)

def test_of_one_name(): pass
"""

_SAME_NAME = """
def test_of_one_name(): raise ValueError("the other one of this name")
"""

_CRASH = """
import os, time, pytest

@pytest.mark.parametrize("number", range(12))
def test_short(number): time.sleep(0.01)

def test_crashes():
    time.sleep(0.1)
    os.abort()

@pytest.mark.parametrize("number", range(12))
def test_short_too(number): time.sleep(0.01)
"""

_TEN_MS = """
import os, time, pytest

@pytest.mark.parametrize("number", range({count}))
def test_ten_ms(number):
    time.sleep(60 if str(number) == os.environ.get("HANGS") else 0.01)
"""

_NOTHING = """
import pytest

@pytest.mark.parametrize("number", range(100))
def test_nothing(number): pass
"""

SUITES = {
    "outcomes": {"test_outcomes.py": _OUTCOMES, "test_same_name.py": _SAME_NAME},
    "crash": {"test_crash.py": _CRASH},
    "ten_ms": {f"test_{letter}.py": _TEN_MS.format(count=100) for letter in "abcdefghij"},
    "nothing": {f"test_{letter}.py": _NOTHING for letter in "abcdefghij"},
    "hang": {"test_hang.py": _TEN_MS.format(count=1000)},
}
"""Name -> its files. `outcomes` has each outcome there is, `crash` is for workers, one of which aborts."""


@dataclass(frozen=True)
class Reference:
    """What happened: how many times each kind of thing began, and each test's outcome by node id."""

    begun: Counter[str] = field(default_factory=Counter)
    names: list[str] = field(default_factory=list)
    outcomes: dict[str, str] = field(default_factory=dict)


def write_suite(directory: Path, name: str, *, told: bool = True) -> None:
    """Write a suite; with the reference, where it is `told` what happens."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "pytest.ini").write_text("[pytest]\n")
    if told:
        (directory / "conftest.py").write_text(_CONFTEST)
    for file, content in SUITES[name].items():
        (directory / file).write_text(content)


def reference(events: Path) -> Reference:
    """What the reference told. The last word on a test counts, an error in teardown more than a pass."""
    made = Reference()
    for line in events.read_text().splitlines():
        kind, nodeid, *more = json.loads(line)
        if kind != "outcome":
            made.begun[kind] += 1
            if kind == "test":
                made.names.append(nodeid)
        elif more[0] != "rerun":
            made.outcomes[nodeid] = more[0]
    return made
