"""Under xdist: one trace, a span per worker, a file per process."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tracing.recording import Record, run_pytest, spans_in, with_role, write_suite

SUITE = """
    import os, random, time
    import pytest
    @pytest.mark.parametrize("n", range(20))
    def test_work(n):
        random.seed(0)
        time.sleep(0.02)
        assert n != 7
"""


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The spans of one run on two workers."""
    cwd = tmp_path_factory.mktemp("xdist")
    write_suite(cwd, test_work=SUITE)
    result = run_pytest(cwd, "-n", "2", "--tracetui=deep/er")
    assert result.returncode == 1, result.stdout
    assert f"tracetui: {len(spans_in(cwd / 'deep/er'))} spans in deep/er" in result.stdout
    return cwd / "deep" / "er"


@pytest.fixture(scope="module")
def spans(directory: Path) -> list[Record]:
    return spans_in(directory)


def test_all_processes_write_one_trace(spans: list[Record]) -> None:
    """One trace id, one root, every parent is there, no id twice although tests seed `random`."""
    assert len({span.trace for span in spans}) == 1
    assert [span.attributes["tracetui.span.role"] for span in spans if span.parent is None] == ["suite"]
    assert {span.parent for span in spans if span.parent} <= {span.id for span in spans}
    assert len({span.id for span in spans}) == len(spans) == 1 + 2 * 3 + 20 * 4


def test_each_worker_is_a_lane(spans: list[Record]) -> None:
    """A worker span below the suite, each worker's tests below it, and its name on all of them."""
    (suite,), workers = with_role(spans, "suite"), with_role(spans, "worker")
    assert sorted(worker.name for worker in workers) == ["gw0", "gw1"]
    assert {worker.parent for worker in workers} == {suite.id}
    lanes = {worker.id: worker.name for worker in workers}
    for test in with_role(spans, "test"):
        assert lanes[test.parent or ""] == test.attributes["pytest.xdist.worker"]
    assert {worker.attributes["pytest.xdist.worker"] for worker in workers} == {"gw0", "gw1"}


def test_each_process_has_its_own_file(directory: Path, spans: list[Record]) -> None:
    """Three processes, three files, no start records left."""
    assert len(list(directory.glob("*.traces.jsonl"))) == 3
    assert len({span.resource["process.pid"] for span in spans}) == 3
    assert list(directory.glob("live/*")) == []
