"""Files at the edges of what is remembered of them, and of how many may be open."""

import os
from contextlib import suppress
from pathlib import Path

import pytest

from tests.sources.reading import drain, line
from tracetui.errors import InputError
from tracetui.sources.files.descriptors import NoDescriptorLeftError, open_regular
from tracetui.sources.files.handle import Handle
from tracetui.sources.files.recorded import RecordedFile
from tracetui.sources.files.regular import mark_after
from tracetui.sources.files.trail import Trail

TAIL = 16 * 1024


@pytest.mark.parametrize(("lines", "looked_at"), [(64, 64), (65, 1), (128, 64), (129, 1)])
def test_a_mark_is_kept_every_64_lines(lines: int, looked_at: int) -> None:
    """Of lines that came one by one, those after the last mark are read again, and no others."""
    data, trail, at = b"".join(map(line, range(lines))), Trail(), 0
    for number in range(lines):
        trail.add(mark_after(at, data[:at]), line(number), lambda at: mark_after(at, data[:at]))
        at += len(line(number))
    reads = []

    def read(offset: int, length: int) -> bytes:
        reads.append(offset)
        return data[offset : offset + length]

    mark = trail.last_line_end(read, lambda _: True)
    assert mark is not None
    assert (mark.offset, len(reads)) == (len(data), looked_at)


@pytest.mark.parametrize(("back", "is_noticed"), [(TAIL, True), (TAIL + 1, False)])
def test_how_far_back_a_change_is_noticed(tmp_path: Path, back: int, is_noticed: bool) -> None:
    """A byte of the last 16 KiB before the reading position is another life, one before these is not."""
    path = tmp_path / "x.jsonl"
    content = bytearray(b"x" * (TAIL + 100))
    path.write_bytes(content)
    source = RecordedFile(path)
    assert drain(source) == content
    content[-back] = ord("y")
    with path.open("r+b") as file:
        file.write(content)
    if is_noticed:
        with pytest.raises(InputError, match="are gone"):
            source.read_at(len(content) - 10, 10)
    else:
        assert source.read_at(len(content) - 10, 10) == b"x" * 10
    source.close()


def test_64_files_that_were_read_stay_open(tmp_path: Path) -> None:
    """Those that were used last."""
    handles = []
    for number in range(65):
        (tmp_path / f"{number}").touch()
        handles.append(Handle(str(tmp_path / f"{number}")))
        handles[-1].is_at_rest = True
        with handles[-1].lent():
            pass
    assert [handle.is_open for handle in handles] == [False] + [True] * 64
    for handle in handles:
        handle.close()


def test_32_descriptors_are_kept_free(tmp_path: Path, few: int) -> None:
    """Files take those below, to the last one, of which others may have some."""
    (tmp_path / "x").touch()
    taken: list[int] = []
    with suppress(NoDescriptorLeftError):
        while len(taken) < few:
            taken.append(open_regular(str(tmp_path / "x"))[0])
    next_free = os.open(tmp_path, os.O_RDONLY)
    for descriptor in (*taken, next_free):
        os.close(descriptor)
    assert max(taken) < few - 32 <= next_free
