"""The stack traces of exceptions: those of the test, as pytest shows them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.tracing.recording import Record, run_pytest, spans_in, write_suite

CONFTEST = """
    import pytest

    @pytest.fixture
    def broken(): raise OSError("in conftest")
"""
SUITE = """
    import asyncio, pytest

    def helper(): raise ValueError("deep")

    def check(value):
        __tracebackhide__ = True
        assert value

    def test_deep(): helper()

    def test_hides(): check(False)

    def test_broken(broken): pass

    def test_not_raised():
        with pytest.raises(KeyError): pass

    def test_chain():
        try: helper()
        except ValueError as error: raise KeyError("outer") from error

    async def test_async(): helper()

    def test_loop(): asyncio.run(test_async())

    def test_interrupts(): raise KeyboardInterrupt
"""
FRAME = re.compile(r'^  File "[^"]+", line \d+, in (\w+)$', re.MULTILINE)


def stacks(directory: Path, *arguments: str) -> dict[str, str]:
    """The stack traces of a run with all plugins that are installed, by the name of the test."""
    (directory / "pytest.ini").write_text("[pytest]\nasyncio_mode = auto\n")
    plugins = ("-p", "asyncio", "-p", "hypothesispytest", "-p", "anyio", "-W", "default")
    run_pytest(directory, "--tracetui", *plugins, *arguments)
    spans = spans_in(directory / "spans")
    return {_test(span): error["exception.stacktrace"] for span in spans for error in span.exceptions}


def _test(span: Record) -> str:
    return str(span.attributes["pytest.nodeid"]).rpartition("::")[2]


def test_a_stack_is_the_tests(tmp_path: Path) -> None:
    """It begins in the test or its fixture, hides what hides, and is a traceback as Python prints them."""
    write_suite(tmp_path, conftest=CONFTEST, test_all=SUITE)
    told = stacks(tmp_path)
    frames = {name: FRAME.findall(stack) for name, stack in told.items()}
    assert {frames["test_loop"][place] for place in (0, -2, -1)} == {"test_loop", "test_async", "helper"}
    del frames["test_loop"]
    assert frames == {
        "test_deep": ["test_deep", "helper"],
        "test_hides": ["test_hides"],
        "test_broken": ["broken"],
        "test_not_raised": ["test_not_raised"],
        "test_chain": ["test_chain", "helper", "test_chain"],
        "test_async": ["test_async", "helper"],
        "test_interrupts": ["test_interrupts"],
    }
    assert all(stack.startswith("Traceback (most recent call last):\n") for stack in told.values())
    assert told["test_deep"].endswith("\nValueError: deep\n")
    assert "\nThe above exception was the direct cause of the following exception:\n" in told["test_chain"]


def test_a_full_trace_is_full(tmp_path: Path) -> None:
    """With `--full-trace` the machinery is there, and what hides."""
    write_suite(tmp_path, conftest=CONFTEST, test_all=SUITE)
    told = stacks(tmp_path, "--full-trace", "-k", "hides or broken")
    names = {name: FRAME.findall(stack) for name, stack in told.items()}
    assert "pytest_pyfunc_call" in names["test_hides"]
    assert names["test_hides"][-2:] == ["test_hides", "check"]
    assert "pytest_fixture_setup" in names["test_broken"]


@pytest.mark.parametrize("depth", [5_000])
def test_a_long_stack_keeps_its_end(tmp_path: Path, depth: int) -> None:
    """Of 32 KiB: the end is what explains it."""
    suite = f"""
        import sys
        sys.setrecursionlimit({depth + 1000})
        def down_a(n): return down_b(n - 1) if n else 1 / 0
        def down_b(n): return down_a(n - 1) if n else 1 / 0
        def test_deep(): down_a({depth})
    """
    write_suite(tmp_path, test_deep=suite)
    (stack,) = stacks(tmp_path).values()
    assert len(stack) <= 33_000
    assert stack.startswith("…")
    assert stack.endswith("ZeroDivisionError: division by zero\n")


LOCALS = """
    class Rude:
        def __repr__(self): raise OSError("no")

    def helper(number, password):
        long, many, rude = "x" * 5000, [*range(1000)], Rude()
        lines, odd = "a\\nb", type("list", (), {})()
        raise ValueError("deep")

    def test_locals():
        before = [1]
        assert before == [1]
        helper(3, "hunter2")

    def test_many():
        globals_of = {f"name_{n}": n for n in range(99)}
        exec("def f(): " + "; ".join(f"v{n:02} = {n}" for n in range(30)) + "; raise KeyError", globals_of)
        globals_of["f"]()

    def test_chain():
        inner = 1
        try: helper(4, "")
        except ValueError as error: raise KeyError("outer") from error
"""


def test_local_variables(tmp_path: Path) -> None:
    """With `--showlocals` they stand below the code of each frame: short, on one line, without secrets."""
    write_suite(tmp_path, test_all=LOCALS)
    told = stacks(tmp_path, "--showlocals")
    lines = told["test_locals"].splitlines()
    assert "    before = [1]" in lines
    assert "    number = 3" in lines
    assert "    password = [redacted]" in lines
    assert "    lines = 'a\\nb'" in lines
    assert "    odd = (no repr)" in lines
    assert any(line.startswith("    rude = <Rude instance at") for line in lines)
    assert all(len(line) < 300 for line in lines)
    assert not any("hunter2" in line and "helper(" not in line for line in lines)
    assert not any("@py" in line for line in lines)
    many = told["test_many"].splitlines()
    assert sum(line.startswith("    v") for line in many) == 20
    chain = told["test_chain"].splitlines()
    assert "    inner = 1" in chain
    assert "    number = 4" in chain


def test_no_local_variables_unless_they_are_wanted(tmp_path: Path) -> None:
    """They may hold anything."""
    write_suite(tmp_path, test_all=LOCALS)
    for stack in stacks(tmp_path).values():
        assert "    number = " not in stack
        assert "    before = " not in stack
