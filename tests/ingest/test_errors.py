"""What the system refuses is told, tried again, and stops nothing else."""

import errno
import gzip
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.builders import line, span
from tests.ingest.reading import drain
from tracetui.ingest import Ingest
from tracetui.model.kind import Kind

ERRORS = ("EACCES", "EISDIR", "ENOTDIR", "ELOOP", "ESTALE", "EIO", "EMFILE", "ENFILE", "ENOENT", "EBADF")


def refusing(really: Callable[..., Any], number: int, broken: list[bool]) -> Callable[..., Any]:
    """A function of `os` that fails as long as `broken` holds True, for the file of the test and no other."""

    def call(what: Any, *arguments: Any, **more: Any) -> Any:
        path = what if isinstance(what, str) else str(Path(f"/proc/self/fd/{what}").readlink())
        if broken[0] and path.endswith("bad.jsonl"):
            raise OSError(number, os.strerror(number))
        return really(what, *arguments, **more)

    return call


@pytest.mark.parametrize("name", ERRORS)
@pytest.mark.parametrize("call", ["open", "pread", "fstat"])
def test_any_error_of_a_file_is_told_and_passes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, call: str
) -> None:
    """The other file is read meanwhile; when the error is over, so is this one, and nothing twice."""
    (tmp_path / "bad.jsonl").write_bytes(line(span("bad")))
    (tmp_path / "good.jsonl").write_bytes(line(span("good")))
    broken = [True]
    monkeypatch.setattr(os, call, refusing(getattr(os, call), getattr(errno, name), broken))
    ingest = Ingest([str(tmp_path)], follow=True)
    for _ in range(3):
        drain(ingest)
    assert [ingest.table.snapshot().name(row) for row in range(len(ingest.table))] == ["good"]
    assert ingest.table.health.unreadable == 1
    broken[0] = False
    drain(ingest)
    snapshot = ingest.table.snapshot()
    assert sorted(snapshot.name(row) for row in range(len(snapshot))) == ["bad", "good"]
    assert snapshot.health.count(Kind.DUPLICATE) == 0
    assert snapshot.health.unreadable == 0
    ingest.close()


def test_a_full_disk_for_what_is_unpacked_costs_one_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A compressed file that cannot be unpacked is unreadable; the others are read."""

    (tmp_path / "a.gz").write_bytes(gzip.compress(line(span("packed"))))
    (tmp_path / "b.jsonl").write_bytes(line(span("plain")))

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "pwrite", full)
    ingest = Ingest([str(tmp_path)])
    drain(ingest)
    assert ingest.ended
    assert [ingest.table.snapshot().name(row) for row in range(len(ingest.table))] == ["plain"]
    assert "TMPDIR" in ingest.table.health.problems[0].reason
    ingest.close()
