"""The command that runs a test again."""

from tracetui.report.rerun import rerun_command


def test_pytest() -> None:
    """A node id is one word to a shell, whatever it says."""
    assert rerun_command({"pytest.nodeid": "tests/a.py::test_b"}) == "pytest tests/a.py::test_b"
    assert rerun_command({"nodeid": "a.py::t[x y;z]"}) == "pytest 'a.py::t[x y;z]'"


def test_resmoke() -> None:
    """The suite as it was asked for, and the one test."""
    told = {"resmoke.cmd.params.suite_files": "jsCore", "test_long_name": "jstests/core/abs.js"}
    assert rerun_command(told) == "buildscripts/resmoke.py run --suites=jsCore jstests/core/abs.js"


def test_unknown() -> None:
    """Nothing that a shell would take for an option, and nothing that is no text."""
    assert rerun_command({}) == ""
    assert rerun_command({"pytest.nodeid": "--co"}) == ""
    assert rerun_command({"pytest.nodeid": 3}) == ""
    assert rerun_command({"test_long_name": "jstests/core/abs.js"}) == ""
