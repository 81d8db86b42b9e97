"""What a traced run prints: what an untraced one prints, and one line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.tracing.recording import run_pytest, write_suite

CONFTEST = """
    import pytest
    @pytest.fixture
    def broken(): raise ValueError("in setup")
    @pytest.fixture
    def leaky():
        yield
        raise OSError("in teardown")
    @pytest.fixture
    def both(broken, leaky): pass
"""
SUITE = """
    import sys
    def helper(): raise KeyError("deep")
    def test_broken(broken): pass
    def test_leaky(leaky): print("said")
    def test_both(leaky, broken): pass
    def test_deep(): helper()
    def test_parts(subtests):
        with subtests.test("bad"): helper()
    def test_without_frames(monkeypatch, request):
        monkeypatch.delattr(sys, "_getframe")
    def test_without_environment(monkeypatch):
        import os
        monkeypatch.setattr(os, "environ", {})
"""


@pytest.mark.parametrize("arguments", [[], ["--tb=short"], ["--tb=line", "-x"], ["--setup-show"], ["--co"]])
def test_tracebacks_have_no_frame_of_ours(tmp_path: Path, arguments: list[str]) -> None:
    """Wherever an error comes from: the same words, line by line."""
    write_suite(tmp_path, conftest=CONFTEST, test_all=SUITE)
    plain, traced = (_said(tmp_path, option, *arguments) for option in ("--no-tracetui", "--tracetui"))
    assert [line for line in traced if not line.startswith("tracetui: ")] == plain
    assert sum(line.startswith("tracetui: ") for line in traced) == 1


def _said(directory: Path, *arguments: str) -> list[str]:
    said = run_pytest(directory, *arguments).stdout
    # Durations, and the addresses of objects, are never the same.
    return re.sub(r"=* ?in [0-9.]+s =*|0x[0-9a-f]+|=====+", "", said).splitlines()
