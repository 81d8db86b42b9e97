"""Compressed recordings: read like plain ones, and what is missing of them is said."""

import gzip
from pathlib import Path

from tests.builders import line, small_run, span
from tracetui.ingest import load


def test_a_compressed_file_reads_like_a_plain_one(tmp_path: Path) -> None:
    """The same spans, each readable in full, and no trouble."""
    (tmp_path / "plain").write_bytes(small_run())
    (tmp_path / "packed").write_bytes(gzip.compress(small_run()))
    plain, packed = load([str(tmp_path / "plain")]), load([str(tmp_path / "packed")])
    ours, others = plain.table.snapshot(), packed.table.snapshot()
    assert [ours.name(row) for row in range(len(ours))] == [others.name(row) for row in range(len(others))]
    assert [plain.span(ours, row) for row in range(len(ours))] == [
        packed.span(others, row) for row in range(len(others))
    ]
    assert others.health.problems == ()
    plain.close()
    packed.close()


def test_a_file_cut_short_is_told(tmp_path: Path) -> None:
    """Whole lines before the cut are there; that it is incomplete counts as torn."""
    data = b"".join(gzip.compress(line(span(f"s{number}"))) for number in range(9))
    (tmp_path / "x").write_bytes(data[:-20])
    read = load([str(tmp_path)])
    health = read.table.snapshot().health
    assert len(read.table) == 8
    assert health.torn >= 1
    read.close()
    assert "incomplete" in "".join(problem.reason for problem in health.problems)
