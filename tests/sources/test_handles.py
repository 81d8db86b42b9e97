"""More files than descriptors: all are read, all can be read back, and none is mistaken for another."""

import os
import threading
from pathlib import Path

import pytest

from tests.sources.conftest import open_files
from tests.sources.reading import drain, line
from tracetui.errors import InputError
from tracetui.sources.block import Source
from tracetui.sources.directory import Directory
from tracetui.sources.files.descriptors import SPARE
from tracetui.sources.files.handle import Handle

MANY = 10_000


def fill(spans: Path, number: int) -> None:
    for each in range(number):
        (spans / f"{each}.jsonl").write_bytes(line(each))


def by_name(sources: list[Source]) -> dict[str, Source]:
    return {Path(source.label).stem: source for source in sources}


@pytest.mark.parametrize(("follow", "number"), [(True, MANY), (False, 1000)])
def test_ten_thousand_files_with_256_descriptors(spans: Path, few: int, follow: bool, number: int) -> None:
    """Every one is found, read, and read back; descriptors are left for others at any time."""
    fill(spans, number)
    directory = Directory(spans, follow)
    found = directory.sweep()
    assert len(found) == number
    assert directory.problems == []
    assert open_files() <= few - SPARE + 1
    assert [drain(source) for source in found] == [line(each) for each in range(number)]
    for each in (0, number // 2, number - 1):
        assert found[each].read_at(0, len(line(0))) == line(each)
    assert directory.sweep() == []
    assert directory.problems == []
    assert open_files() <= few - SPARE + 1
    directory.close()


def test_any_of_many_files_may_grow(spans: Path, few: int) -> None:
    """Whether or not it was closed to make room: the next sweep sees it, the next read gives it."""
    fill(spans, 600)
    directory = Directory(spans, follow=True)
    sources = by_name(directory.sweep())
    for source in sources.values():
        drain(source)
    for number in (0, 300, 599):
        with (spans / f"{number}.jsonl").open("ab") as file:
            file.write(line(1000 + number))
    directory.sweep()
    for number in (0, 300, 599):
        assert drain(sources[str(number)]) == line(1000 + number)
    directory.close()


def test_a_closed_file_that_was_replaced_is_another_file(spans: Path, few: int) -> None:
    """Same name, another inode, nearly the same content: the old one has ended, nothing of it is mixed."""
    fill(spans, 600)
    directory = Directory(spans, follow=True)
    sources = by_name(directory.sweep())
    for source in sources.values():
        drain(source)
    with (spans / "0.jsonl").open("ab") as file:
        file.write(line(5000))
    directory.sweep()
    (spans / "new").write_bytes(line(1) + line(2))
    (spans / "new").replace(spans / "0.jsonl")
    assert drain(sources["0"]) in (b"", line(5000))
    (fresh,) = directory.sweep()
    assert drain(fresh) == line(1) + line(2)
    with pytest.raises(InputError):
        sources["0"].read_at(0, 10)
    directory.close()


def test_a_closed_file_that_is_gone_has_ended(spans: Path, few: int) -> None:
    """What was not read of it is lost, and that is told; nothing fails."""
    fill(spans, 600)
    directory = Directory(spans, follow=True)
    sources = by_name(directory.sweep())
    (spans / "0.jsonl").unlink()
    assert sources["0"].read(1 << 16) is None
    gone = sources["0"]
    assert (gone.ended, gone.reset, gone.vanished) == (True, False, True)
    directory.close()


def test_handles_in_use_are_not_closed(spans: Path, few: int) -> None:
    """While others are opened and closed around it, the bytes that a thread reads are its file's."""
    fill(spans, 400)
    handles = [Handle(str(spans / f"{number}.jsonl")) for number in range(400)]
    wrong: list[int] = []

    def read(first: int) -> None:
        for number in range(first, 400, 4):
            with handles[number].lent() as descriptor:
                data = os.pread(descriptor, 1 << 16, 0)
            if data != line(number):
                wrong.append(number)

    threads = [threading.Thread(target=read, args=(first,)) for first in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    for handle in handles:
        handle.close()
    with pytest.raises(OSError, match="closed"), handles[0].lent():
        pass
