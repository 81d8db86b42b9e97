"""The host of a run does not notice it, on a full disk too, and what is missing from the trace is said."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.tracing.recording import run_pytest, spans_in, write_suite

CONFTEST = """
    import os, resource
    if "LIMIT" in os.environ:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(os.environ["LIMIT"]), resource.RLIM_INFINITY))
"""
# 200 tests that would see whatever we print, log, seed or warn of.
HOSTS = """
    import logging, os, random, pytest
    pytestmark = pytest.mark.parametrize("n", range(40))
    def test_log_is_empty(caplog, n):
        caplog.set_level(logging.DEBUG)
        assert caplog.records == []
    def test_nothing_is_printed(capfd, n):
        assert capfd.readouterr() == ("", "")
    def test_seeded(n):
        random.seed(0)
        assert random.random() == 0.8444218515250481
    def test_fork(n):
        if (pid := os.fork()) == 0: os._exit(0)
        os.waitpid(pid, 0)
    def test_fails(n): assert n % 2, "x" * 1000
"""


@pytest.mark.parametrize("way", ["room enough", "a full disk", "a limit of file sizes"])
def test_the_host_does_not_notice_that_it_is_traced(
    tmp_path: Path, request: pytest.FixtureRequest, way: str
) -> None:
    """200 tests end as they do untraced, stderr is empty; what was written is whole, the rest is counted."""
    write_suite(tmp_path, conftest=CONFTEST, test_hosts=HOSTS)
    disk: Path = request.getfixturevalue("small_disk") if way == "a full disk" else tmp_path
    spans = disk / "spans"
    plain = run_pytest(tmp_path, "--tb=line")
    env = {"LIMIT": "100000"} if way == "a limit of file sizes" else {}
    traced = run_pytest(tmp_path, "--tb=line", f"--tracetui={spans}", env=env)
    assert (traced.returncode, traced.stderr) == (plain.returncode, plain.stderr) == (1, "")
    (said,) = re.findall(r"^tracetui: .*\n", traced.stdout, re.MULTILINE)
    assert _without_time(traced.stdout.replace(said, "")) == _without_time(plain.stdout)
    if way == "room enough":
        assert said.startswith(f"tracetui: {len(spans_in(spans))} spans in spans (open with")
        return
    counted = re.match(
        r"tracetui: (\d+) spans in .*, (\d+) lost \((No space|OSError: \[Errno (?:27|28)\])", said
    )
    assert counted is not None, said
    written, lost = int(counted[1]), int(counted[2])
    assert len(spans_in(spans)) == written > 50
    assert lost > 50


def _without_time(output: str) -> str:
    return re.sub(r"in [0-9.]+s|=+", "", output)
