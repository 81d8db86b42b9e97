"""A file is there whole or not at all, whatever happens while it is written."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tracetui.atomic import write_whole


def test_it_takes_the_place_of_what_is_there(tmp_path: Path) -> None:
    """Nothing else is left; a name may be as long as the file system allows."""
    path = tmp_path / ("ü" * 127)
    write_whole(path, [b"old"])
    write_whole(path, [b"a", memoryview(b"b")])
    assert path.read_bytes() == b"ab"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt(), ValueError("no text")])
def test_what_was_there_stays_where_writing_fails(tmp_path: Path, error: BaseException) -> None:
    """And what was begun goes."""

    def parts() -> Iterator[bytes]:
        yield b"half"
        raise error

    path = tmp_path / "file"
    path.write_bytes(b"old")
    with pytest.raises(type(error)):
        write_whole(path, parts())
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_who_may_read_it(tmp_path: Path) -> None:
    """Nobody else; or whom the mask lets in."""
    before = os.umask(0o027)
    try:
        write_whole(tmp_path / "mine", [])
        write_whole(tmp_path / "report", [], is_private=False)
    finally:
        os.umask(before)
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("mine", "report")]
    assert modes == [0o600, 0o640]


def test_a_link_that_waits_in_its_place_is_replaced_not_followed(tmp_path: Path) -> None:
    """Whoever put it there."""
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    write_whole(tmp_path / "link", [b"x"])
    assert not (tmp_path / "elsewhere").exists()
    assert (tmp_path / "link").read_bytes() == b"x"
