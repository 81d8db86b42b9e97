"""What a test does to the operating system's functions is nothing to its trace."""

from __future__ import annotations

from pathlib import Path

from tests.tracing.recording import run_pytest, spans_in, with_role, write_suite

NAMES = ("write", "open", "lseek", "fstat", "fchmod", "ftruncate", "close", "urandom", "getpid")
REPLACED = """
    import os, pytest, sys
    def broken(*_, **__): raise OSError("replaced")
    def test_before(): pass
    @pytest.mark.parametrize("name", NAMES)
    def test_replaces(monkeypatch, name):
        real = getattr(os, name)
        for module in list(sys.modules.values()):
            for key, value in list(vars(module).items()):
                if value is real:
                    monkeypatch.setattr(module, key, broken)
    def test_after(): pass
"""
FAKED = """
    import orjson, unittest.mock
    def test_before(): pass
    def test_in_a_fake_file_system(fs):
        fs.create_file("/fake/file")
        assert open("/fake/file").read() == ""
    def test_with_another_writer_of_json(monkeypatch):
        monkeypatch.setattr(orjson, "dumps", unittest.mock.Mock())
"""


def test_functions_that_a_test_replaces(tmp_path: Path) -> None:
    """A test that replaces a function of `os`, in every module that has it, has all its spans in one file."""
    assert_all_is_told(tmp_path, REPLACED.replace("NAMES", repr(NAMES)), len(NAMES) + 2)


def test_a_fake_file_system(tmp_path: Path) -> None:
    """The same with pyfakefs, which replaces all of `os`, and with a mock in the place of what makes JSON."""
    assert "3 passed" in assert_all_is_told(tmp_path, FAKED, 3, "-p", "pyfakefs.pytest_plugin")


def assert_all_is_told(directory: Path, suite: str, tests: int, *options: str) -> str:
    """Each of its tests has its phases, and the last line of what pytest says counts what is there."""
    write_suite(directory, test_all=suite)
    result = run_pytest(directory, "--tracetui", *options)
    spans = spans_in(directory / "spans")
    # The suite ends after that line.
    assert f"tracetui: {len(spans)} spans in spans (open" in result.stdout
    assert len(with_role(spans, "test")) == tests
    assert len(with_role(spans, "phase")) == 3 * tests
    assert len({span.id for span in spans}) == len(spans)
    assert len(list((directory / "spans").glob("*.jsonl"))) == 1
    return result.stdout
