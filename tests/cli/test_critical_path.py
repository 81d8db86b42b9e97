"""`tracetui critical-path`: all segments as JSON, the longest on a page, and what they do not say."""

from itertools import pairwise
from pathlib import Path

import pytest

from tests.builders import line, span
from tests.cli.running import EVERGREEN, LOCAL, answer, tracetui
from tests.recordings import RUNS

KEYS = {"span_id", "title", "kind", "lane", "start_ns", "end_ns"}


@pytest.mark.parametrize("path", [EVERGREEN, LOCAL, RUNS / "shards_late"])
def test_segments_are_whole(path: Path) -> None:
    """From the run's first start to its last end, without gap or overlap; what ran has the id of its span."""
    told = answer("critical-path", path)
    segments, run = told["segments"], told["run"]
    assert told["schema"] == "tracetui.critical-path/1"
    assert told["total_ns"] == run["end_ns"] - run["start_ns"]
    assert (segments[0]["start_ns"], segments[-1]["end_ns"]) == (run["start_ns"], run["end_ns"])
    assert all(before["end_ns"] == after["start_ns"] for before, after in pairwise(segments))
    assert all(set(segment) >= KEYS for segment in segments)
    spans = {row["span_id"] for row in answer("waterfall", path)["rows"]}
    assert {segment["span_id"] for segment in segments} - {None} <= spans


def test_the_page_has_the_longest_and_a_warning() -> None:
    """As many as are asked for, the longest first; that they are no savings is said."""
    segments = answer("critical-path", LOCAL)["segments"]
    longest = max(segments, key=lambda segment: segment["end_ns"] - segment["start_ns"])
    page = tracetui("critical-path", LOCAL, "-n", 3, COLUMNS="120").stdout.decode()
    rows = page.partition("longest 3 segments")[2].splitlines()[1:4]
    assert rows[0].startswith(longest["title"])
    assert "is never a segment's length" in page
    shown = tracetui("critical-path", LOCAL, "-n", 0, COLUMNS="120").stdout.decode()
    assert f"longest {len(segments)} segments" in shown


def test_a_recording_without_tests_has_none(tmp_path: Path) -> None:
    """Which is said, and is no failure."""
    (tmp_path / "x.jsonl").write_bytes(line(span("a")))
    assert b"no critical path" in tracetui("critical-path", tmp_path).stdout
    assert answer("critical-path", tmp_path)["segments"] == []
