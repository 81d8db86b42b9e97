"""What the user names is read once, however often and in whatever way it is named."""

import os
from pathlib import Path

import pytest

from tests.builders import small_run, write_small_run
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


def test_what_a_shell_substitutes_is_read_once(tmp_path: Path) -> None:
    """`tracetui top <(...)`: a pipe without a name, given as one of the shell's descriptors; its bytes come
    once, however often it is named, and can be read again.
    """
    (tmp_path / "a.jsonl").write_bytes(small_run())
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as file:
        file.write(small_run())
    path = f"/proc/{os.getpid()}/fd/{reading}"
    piped, plain = load([path, path]), load([str(tmp_path)])
    os.close(reading)
    assert (len(piped.table), piped.files) == (len(plain.table), 1)
    snapshots = [read.table.snapshot() for read in (piped, plain)]
    spans = [
        [read.span(snapshot, row) for row in range(len(snapshot)) if snapshot.end_ns[row]]
        for read, snapshot in zip((piped, plain), snapshots, strict=True)
    ]
    assert spans[0] == spans[1]
    for read in (piped, plain):
        read.close()
