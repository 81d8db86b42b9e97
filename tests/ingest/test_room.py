"""The ceiling of memory: old runs leave, the newest stays, and what has left is said."""

import json
from pathlib import Path

import pytest

from tests.builders import line
from tests.cli.running import tracetui
from tests.ingest.daily_runs import run
from tracetui.ingest import Ingest, load
from tracetui.model.kind import Kind
from tracetui.store.memory_limit import ROW_BYTES, usual_ceiling


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """Ten runs, a file each."""
    for number in range(10):
        (tmp_path / f"run{number}.jsonl").write_bytes(b"".join(map(line, run(number))))
    return tmp_path


def names(ingest: Ingest) -> set[str]:
    snapshot = ingest.table.snapshot()
    return {snapshot.title(row) for row in range(len(snapshot)) if snapshot.title(row).startswith("suite")}


@pytest.mark.parametrize("jobs", [1, 3])
def test_the_oldest_runs_leave_first(runs: Path, jobs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the ceiling the newest runs are there, whole; what has left is counted, and its first runs named."""
    monkeypatch.setattr("tracetui.store.joining.incoming._MOST_PENDING", 100)
    read = load([str(runs)], memory=900 * ROW_BYTES, jobs=jobs)
    kept = names(read)
    assert kept == {f"suite {number}" for number in range(10 - len(kept), 10)}
    assert 1 <= len(kept) < 5
    health = read.table.snapshot().health
    assert len(read.table) == 201 * len(kept)
    assert health.count(Kind.EVICTED) == 2010 - len(read.table)
    assert health.kinds[Kind.EVICTED].examples[0].reason.startswith("run suite 0: 201 spans")
    assert read.table.bytes <= read._room.ceiling
    row = len(read.table) - 1
    assert read.span(read.table.snapshot(), row).name.startswith("t::")
    read.close()


def test_a_run_that_is_too_large_by_itself_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that has ended can leave: no more of its spans are taken, and that is said."""
    monkeypatch.setattr("tracetui.ingest.reader.BLOCK_BYTES", 256 * 1024)  # There is room between blocks.
    spans = run(0, 8000)
    (tmp_path / "a.jsonl").write_bytes(
        b"".join(line(*spans[begin : begin + 100]) for begin in range(0, 8001, 100))
    )
    read = load([str(tmp_path)], memory=3000 * ROW_BYTES)
    health = read.table.snapshot().health
    assert 1000 < len(read.table) < 4000
    assert health.count(Kind.REFUSED) == 8001 - len(read.table)
    read.close()


def test_without_need_nobody_leaves(runs: Path) -> None:
    """A quarter of the machine is enough for ten small runs."""
    read = load([str(runs)])
    assert len(names(read)) == 10
    assert usual_ceiling() > 1 << 20
    read.close()


def test_the_ceiling_is_an_option_and_a_setting(runs: Path) -> None:
    """`--memory` and `TRACETUI_MEMORY`; the check says how many spans left."""
    by_option = tracetui("check", runs, "--format", "json", "--memory", "200 kB")
    by_setting = tracetui("check", runs, "--format", "json", TRACETUI_MEMORY="200000")
    assert by_option.stdout == by_setting.stdout
    for ran in (by_option, by_setting):
        found = json.loads(ran.stdout)
        (kind,) = (each for each in found["kinds"] if each["kind"] == "evicted")
        assert found["spans"] + kind["count"] == 2010
    ran = tracetui("check", runs, "--memory", "little")
    assert (ran.returncode, ran.stderr.count(b"\n")) == (2, 1)
