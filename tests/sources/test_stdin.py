import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sources.reading import drain, line
from tracetui.errors import InputError
from tracetui.sources.stdin import StdinSource


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    reading, writing = os.pipe()
    yield reading, writing
    for descriptor in (reading, writing):
        try:
            os.close(descriptor)
        except OSError:
            continue  # The test closed it.


def test_a_pipe_is_read_to_its_end_and_read_back(pipe: tuple[int, int]) -> None:
    """All that went through the pipe comes out once, in order, and can be had again by its offsets."""
    sent = b"".join(map(line, range(2000)))

    def write() -> None:
        with os.fdopen(pipe[1], "wb") as file:
            file.write(sent)

    writer = threading.Thread(target=write)
    writer.start()
    source = StdinSource(pipe[0])
    received = b""
    while not source.ended:
        received += drain(source)
    writer.join()
    assert received == sent
    assert source.size == len(sent)
    assert source.read_at(len(line(0)), len(line(1))) == line(1)
    source.close()


def test_an_idle_pipe_gives_nothing_and_has_not_ended(pipe: tuple[int, int]) -> None:
    """A pipe that is open and silent does not block the reader; the next bytes are read as ever."""
    source = StdinSource(pipe[0])
    assert source.read(10) is None
    assert not source.ended
    os.write(pipe[1], b"late")
    assert drain(source) == b"late"
    os.close(pipe[1])
    assert source.read(10) is None
    assert source.ended
    source.close()


def test_a_redirected_file_is_read(tmp_path: Path) -> None:
    """`tracetui open - < x.jsonl`: standard input may be a regular file."""
    (tmp_path / "x").write_bytes(line(1))
    with (tmp_path / "x").open("rb") as file:
        source = StdinSource(file.fileno())
        assert drain(source, 100) == line(1)
        assert source.ended
        source.close()


def test_a_refused_read_is_an_input_error(pipe: tuple[int, int]) -> None:
    """A descriptor that cannot be read, here the wrong end of a pipe, is told in one line."""
    os.close(pipe[0])
    source = StdinSource(pipe[1])
    with pytest.raises(InputError, match=r"^-: "):
        source.read(10)
    source.close()


def test_a_quicker_reader_is_no_error(pipe: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where another process took what had come, there is nothing now, and perhaps more later."""
    source = StdinSource(pipe[0])
    os.write(pipe[1], b"abc")

    def taken(*_: object) -> bytes:
        raise BlockingIOError

    with monkeypatch.context() as shared:
        shared.setattr(os, "read", taken)
        assert source.read(10) is None
    assert drain(source) == b"abc"
    source.close()


def test_nothing_is_read_back_that_never_came(pipe: tuple[int, int]) -> None:
    """Bytes beyond what was received, or after `close`, are an InputError."""
    source = StdinSource(pipe[0])
    os.write(pipe[1], b"abc")
    source.read(10)
    with pytest.raises(InputError, match="gone"):
        source.read_at(1, 3)
    source.close()
    source.close()
    with pytest.raises(InputError, match="gone"):
        source.read_at(0, 1)


def test_a_full_disk_ends_it_and_says_what_to_do(
    pipe: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bytes that cannot be kept are not given out: one line names TMPDIR, and reading is over."""
    with Path("/dev/full").open("r+b", buffering=0) as full:
        monkeypatch.setattr("tempfile.TemporaryFile", lambda **_: full)
        source = StdinSource(pipe[0])
        os.write(pipe[1], b"abc")
        with pytest.raises(InputError, match="TMPDIR"):
            source.read(10)
        assert source.ended
        assert source.size == 0


def test_the_spool_has_no_name(
    pipe: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is spooled is in no directory, where others could find it or a crash could leave it."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    source = StdinSource(pipe[0])
    os.write(pipe[1], b"secret")
    source.read(10)
    assert list(tmp_path.iterdir()) == []
    assert source.read_at(0, 6) == b"secret"
    source.close()
