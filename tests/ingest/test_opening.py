"""What the user names is read once, however often and in whatever way it is named."""

from pathlib import Path

import pytest

from tests.builders import write_small_run
from tracetui.ingest import load


@pytest.mark.parametrize(
    "named",
    [
        ["spans", "spans"],
        ["spans", "spans/inner"],
        ["spans/inner", "spans"],
        ["spans", "spans/inner/again.jsonl"],
        ["spans/inner/again.jsonl", "spans"],
        ["spans/inner/again.jsonl", "spans/inner/again.jsonl", "spans"],
    ],
)
def test_a_file_that_is_named_in_several_ways_is_read_once(tmp_path: Path, named: list[str]) -> None:
    run = write_small_run(tmp_path / "spans" / "inner")
    (file, *_) = sorted(run.rglob("*.traces.jsonl"))
    file.rename(run / "again.jsonl")
    once = load([str(tmp_path / "spans")]).table
    table = load([str(tmp_path / each) for each in named]).table
    assert (len(table), table.health.duplicates) == (len(once), 0)
    assert len(table) > 0
