import errno
import os
import threading
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sources.reading import drain, line
from tracetui.errors import InputError
from tracetui.sources.block import Block
from tracetui.sources.files.descriptors import raise_descriptor_limit
from tracetui.sources.files.followed import FollowedFile
from tracetui.sources.files.recorded import RecordedFile
from tracetui.sources.files.regular import TAIL_BYTES, RegularFile


@pytest.fixture(params=[RecordedFile, FollowedFile])
def kind(request: pytest.FixtureRequest) -> type[RegularFile]:
    kind: type[RegularFile] = request.param
    return kind


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "x.jsonl"


def append(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)


def refill(path: Path, data: bytes) -> None:
    """Truncate and write again, in place, as a second run does with mode "w"."""
    with path.open("wb") as file:
        file.write(data)


@settings(suppress_health_check=[*settings().suppress_health_check, HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=3 * TAIL_BYTES), limit=st.integers(1, 2 * TAIL_BYTES))
def test_any_read_limit_gives_the_same_bytes(
    kind: type[RegularFile], path: Path, data: bytes, limit: int
) -> None:
    """Blocks of at most any size, put together, are the file."""
    path.write_bytes(data)
    source = kind(path)
    assert drain(source, max(limit, len(data) // 50)) == data
    source.close()


def test_recorded_ends_at_the_size_it_had(path: Path) -> None:
    """A recording that grows while it is read ends where it ended when it was opened."""
    path.write_bytes(line(1))
    source = RecordedFile(path)
    append(path, line(2))
    assert not source.ended
    assert drain(source) == line(1)
    assert source.ended
    assert not source.reset
    assert source.size == len(line(1))


def test_an_empty_recording_has_ended(path: Path) -> None:
    """There is nothing to wait for in an empty file that nobody follows."""
    path.touch()
    assert RecordedFile(path).ended


def test_a_recording_cut_while_it_is_read_ends(path: Path) -> None:
    """A recording cut just where reading stands does not keep its reader waiting."""
    path.write_bytes(line(1) + line(2))
    source = RecordedFile(path)
    assert source.read(len(line(1)))
    os.truncate(path, len(line(1)))
    assert source.read(100) is None
    assert source.ended


def test_a_recording_whose_time_stamps_tell_is_watched_by_them(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that is older than the coarsest clock is read once, and still nothing is mixed from two lives."""
    monkeypatch.setattr("tracetui.sources.files.recorded.RACY_NS", 0)
    lines = [line(number) for number in range(3 * TAIL_BYTES // len(line(0)))]
    path.write_bytes(b"".join(lines))
    time.sleep(0.02)
    whole, changed = RecordedFile(path), RecordedFile(path)
    assert drain(whole, 2 * TAIL_BYTES) == b"".join(lines)
    block = changed.read(2 * TAIL_BYTES)
    assert block
    assert block.data == b"".join(lines)[: 2 * TAIL_BYTES]
    path.write_bytes(b"".join(reversed(lines)))
    assert changed.read(2 * TAIL_BYTES) is None
    assert changed.reset


def test_followed_grows(path: Path) -> None:
    """What is appended is read, once, in halves as it comes, and the size says how much there is."""
    path.touch()
    source = FollowedFile(path)
    assert source.read(10) is None
    append(path, line(1)[:7])
    assert drain(source) == line(1)[:7]
    append(path, line(1)[7:])
    assert drain(source) == line(1)[7:]
    assert source.size == len(line(1))
    assert source.modified_ns == path.stat().st_mtime_ns
    assert not source.ended


def test_followed_through_a_rename(path: Path) -> None:
    """A renamed file is followed under its new name, though only a sweep can know it."""
    path.write_bytes(line(1))
    source = FollowedFile(path)
    path.rename(path.with_suffix(".1"))
    append(path.with_suffix(".1"), line(2))
    assert drain(source) == line(1) + line(2)
    assert not source.ended


def test_deleted_is_drained_then_ended_and_closed(path: Path) -> None:
    """Deletion takes nothing away that is not yet read; afterwards the bytes are gone, and that is said."""
    path.write_bytes(line(1) + line(2))
    source = FollowedFile(path)
    path.unlink()
    assert not source.ended
    assert drain(source, 11) == line(1) + line(2)
    assert source.ended
    assert not source.reset
    with pytest.raises(InputError, match="deleted since it was read"):
        source.read_at(len(line(1)), len(line(2)))


@pytest.mark.parametrize("refilled", [0, 1, 3, 4, 9])
def test_a_rewritten_file_is_another_life(path: Path, refilled: int) -> None:
    """Refilled to less, the same or more than was read: reading never goes on, though all ends are alike."""
    path.write_bytes(b"".join(map(line, range(3))))
    source = FollowedFile(path)
    drain(source)
    refill(path, b"".join(map(line, range(10, 10 + refilled))))
    assert source.read(1 << 16) is None
    assert source.ended
    assert source.reset
    with pytest.raises(InputError, match="open it again"):
        source.read_at(0, len(line(0)))


def test_alike_for_longer_than_the_tail(path: Path) -> None:
    """What is written anew up to some line goes on from there, as soon as what was read differs."""
    common = b"".join(map(line, range(100)))
    path.write_bytes(common + line(1000))
    source = FollowedFile(path)
    drain(source)
    refill(path, common + line(2000) + line(3000))
    assert source.read(1 << 16) == Block(len(common), line(2000) + line(3000))
    assert not source.reset


@pytest.mark.parametrize("before", [1, 3, 100, 3000])
@pytest.mark.parametrize("at_once", [1, 10, 10_000])
@pytest.mark.parametrize("back", [1, 2, 63, 64, 65, 500])
def test_lines_that_are_taken_back(path: Path, before: int, at_once: int, back: int) -> None:
    """However they were read, as long as a line is left; and taken back once more."""
    lines = list(map(line, range(before)))
    path.write_bytes(b"")
    source = FollowedFile(path)
    for begin in range(0, before, at_once):
        with path.open("ab") as file:
            file.write(b"".join(lines[begin : begin + at_once]))
        drain(source)
    left = before
    for number in (before, before + 1):
        left -= back
        if left <= 0:
            break
        os.truncate(path, left * len(line(0)))
        with path.open("ab") as file:
            file.write(line(number)[:-7])
        assert source.read(1 << 16) == Block(left * len(line(0)), line(number)[:-7])
        with path.open("ab") as file:
            file.write(line(number)[-7:])
        assert drain(source) == line(number)[-7:]
        left += 1
    assert not source.reset
    source.close()


def test_bytes_of_another_life_are_never_read_back(path: Path, kind: type[RegularFile]) -> None:
    """A span's place may hold another span after a rewrite: an error, not a wrong answer."""
    path.write_bytes(line(1) + line(2))
    source = kind(path)
    drain(source)
    refill(path, line(3) + line(4))
    with pytest.raises(InputError, match="are gone; open the file again"):
        source.read_at(0, len(line(1)))


def test_beyond_the_end_nothing_is_read_back(path: Path, kind: type[RegularFile]) -> None:
    """Fewer bytes than asked for are an error."""
    path.write_bytes(line(1))
    source = kind(path)
    with pytest.raises(InputError, match="are gone"):
        source.read_at(0, len(line(1)) + 1)


def test_closed_files_answer_with_errors(path: Path, kind: type[RegularFile]) -> None:
    """After `close` there are no bytes; closing twice is harmless."""
    path.write_bytes(line(1))
    source = kind(path)
    source.close()
    source.close()
    assert source.read(10) is None
    with pytest.raises(InputError, match="closed"):
        source.read_at(0, 1)


def test_a_fifo_is_refused_at_once(path: Path, kind: type[RegularFile]) -> None:
    """Nobody writes to this FIFO: opening it would wait for ever, and the timeout would tell."""
    os.mkfifo(path)
    with pytest.raises(InputError, match="not a regular file"):
        kind(path)


@pytest.mark.parametrize("special", ["/dev/null", "/tmp", "/dev/tty"])
def test_what_is_no_file_is_an_input_error(special: str, kind: type[RegularFile]) -> None:
    """Devices and directories are refused with one line that names them."""
    with pytest.raises(InputError, match=f"^{special}: "):
        kind(special)


def test_a_refused_read_may_be_tried_again(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An I/O error is the caller's to know; the next read goes on where reading stands."""
    path.write_bytes(line(1))
    source = FollowedFile(path)

    def refuse(*_: object) -> bytes:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as broken:
        broken.setattr(os, "pread", refuse)
        with pytest.raises(InputError, match="input/output error"):
            source.read(100)
        with pytest.raises(InputError, match="input/output error"):
            source.read_at(0, 1)
    assert drain(source) == line(1)


def test_short_reads_are_made_whole(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some file systems answer with less than was asked for: that is no end and no other life."""
    path.write_bytes(line(1) + line(2))
    source = FollowedFile(path)
    pread = os.pread
    monkeypatch.setattr(os, "pread", lambda fd, length, offset: pread(fd, min(length, 7), offset))
    assert drain(source) == line(1) + line(2)
    assert source.read_at(3, 100) == (line(1) + line(2))[3:103]


def test_an_idle_file_costs_one_stat(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once its time stamps can be trusted, a file that does not change is not read at all."""
    path.write_bytes(line(1))
    source = FollowedFile(path)
    monkeypatch.setattr("tracetui.sources.files.regular.RACY_NS", -(10**9))
    drain(source)
    with monkeypatch.context() as broken:
        broken.delattr(os, "pread")
        assert source.read(10) is None
    append(path, line(2))
    assert drain(source) == line(2)


def test_the_descriptor_limit_is_raised_to_the_hard_one() -> None:
    """The soft limit of open files becomes the hard one, within reason, and asking twice changes nothing."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, before[1]))
        limit = raise_descriptor_limit()
        assert limit > 256
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (limit, before[1])
        assert raise_descriptor_limit() == limit
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_a_rewrite_in_the_midst_of_a_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A read may copy the first pages of one life and the rest of the next: such a block is not given out."""
    lives = [b"".join(map(line, range(first, first + 3))) for first in (0, 10)]
    path.write_bytes(lives[0])
    source = FollowedFile(path)
    pread = os.pread

    def torn(descriptor: int, length: int, offset: int) -> bytes:
        monkeypatch.undo()
        first = pread(descriptor, len(line(0)), offset)
        refill(path, lives[1])
        return first + pread(descriptor, length - len(first), offset + len(first))

    monkeypatch.setattr(os, "pread", torn)
    assert source.read(1 << 16) is None
    assert source.reset


def test_a_thread_that_truncates_and_refills_cannot_mix_two_lives(path: Path) -> None:
    """While another thread rewrites the file a thousand times, each source gives bytes of one life only."""
    lives = [b"".join(line(life * 1000 + index) for index in range(300)) for life in range(20)]
    stop = threading.Event()

    def rewrite() -> None:
        for turn in range(1000):
            refill(path, lives[turn % len(lives)])
        stop.set()

    refill(path, lives[0])
    writer = threading.Thread(target=rewrite)
    writer.start()
    resets = 0
    while not stop.is_set():
        source = FollowedFile(path)
        data = b""
        while not source.ended and not stop.is_set():
            data += drain(source, 1 << 14)
        assert any(life.startswith(data) for life in lives)
        resets += source.reset
        source.close()
    writer.join()
    assert resets


@pytest.mark.parametrize("written", [b"", line(7), line(7) + line(8)[:50], line(8) * 3])
def test_an_unfinished_line_that_is_taken_back_is_no_new_life(path: Path, written: bytes) -> None:
    """A writer whose disk is full cuts back to its last whole line, and may write on; nothing is twice."""
    path.write_bytes(line(1) + line(2) + line(3)[:-9])
    source = FollowedFile(path)
    assert drain(source) == line(1) + line(2) + line(3)[:-9]
    os.truncate(path, 2 * len(line(1)))
    with path.open("ab") as file:
        file.write(written)
    block = source.read(1 << 20)
    assert block is not None
    assert (block.offset, block.data) == (2 * len(line(1)), written)
    assert source.read(1 << 20) is None
    assert not source.reset


@pytest.mark.parametrize("cut", [0, 1, len(line(1)) - 1])
def test_a_life_ends_with_its_first_line(path: Path, cut: int) -> None:
    """Where no whole line is left, what follows is another file."""
    path.write_bytes(line(1) + line(2) + line(3)[:-9])
    source = FollowedFile(path)
    drain(source)
    os.truncate(path, cut)
    assert source.read(1 << 20) is None
    assert source.reset
