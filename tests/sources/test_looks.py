"""What a look at one file tells, and where only a sweep of its directory will do."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.sources.reading import drain, held, line
from tracetui.sources.directory import Directory


def _replace(path: Path) -> None:
    other = path.with_suffix(".new")
    other.write_bytes(line(3))
    other.rename(path)


def _make_directory(path: Path) -> None:
    path.unlink()
    path.mkdir()


CHANGES: dict[str, tuple[Callable[[Path], object], bool]] = {
    "nothing": (lambda path: path, True),
    "more": (lambda path: path.write_bytes(line(1) + line(2)), True),
    "cut": (lambda path: os.truncate(path, 0), False),
    "rewritten": (lambda path: path.write_bytes(line(4) + line(2)), False),
    "deleted": (lambda path: path.unlink(), True),
    "replaced": (_replace, False),
    "renamed": (lambda path: path.rename(path.with_name("other.jsonl")), False),
    "a directory": (_make_directory, False),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_look_is_enough_only_for_the_file_that_was_there(spans: Path, change: str) -> None:
    """It notes what a sweep would; where that finds another life, or none, only a sweep will do."""
    path = spans / "a.jsonl"
    path.write_bytes(line(1))
    directory = Directory(spans, follow=True)
    (source,) = directory.sweep()
    assert drain(source) == line(1)
    happens, is_enough = CHANGES[change]
    happens(path)
    assert directory.look(str(path)) is (source if is_enough else None)
    assert change not in ("deleted", "replaced", "a directory") or not held(spans)
    if is_enough:
        assert drain(source) == (line(2) if change == "more" else b"")
    else:
        directory.sweep()
        assert source.ended or source.label != str(path) or not path.exists()
    directory.close()


@pytest.mark.parametrize("is_read", [True, False])
def test_a_look_lets_a_deleted_file_go(spans: Path, is_read: bool) -> None:
    """At once, or as soon as it has been read: its space is the writer's. Its name may come again."""
    path = spans / "a.jsonl"
    path.write_bytes(line(1))
    directory = Directory(spans, follow=True)
    (source,) = directory.sweep()
    if is_read:
        assert drain(source) == line(1)
    path.unlink()
    assert directory.look(str(path)) is source
    assert len(held(spans)) == (not is_read)
    assert drain(source) == (b"" if is_read else line(1))
    assert source.ended
    assert held(spans) == []
    path.write_bytes(line(2))
    again = directory.look(str(path)) or directory.sweep()[0]
    assert again is not source
    assert drain(again) == line(2)
    directory.close()


def _hide(path: Path) -> Path:
    return path.rename(path.with_name(".hidden"))


def _link(path: Path) -> Path:
    other = path.with_name("link.jsonl")
    other.symlink_to(path)
    return other


def _link_hard(path: Path) -> Path:
    os.link(path, path.with_name("second.jsonl"))
    return path


def _put_below(path: Path) -> Path:
    (path.parent / "below").mkdir()
    return path.rename(path.parent / "below" / path.name)


def _delete(path: Path) -> Path:
    path.unlink()
    return path


COME: dict[str, Callable[[Path], Path]] = {
    "hidden": _hide,
    "a link": _link,
    "of two names": _link_hard,
    "in a directory that has come": _put_below,
    "gone again": _delete,
    "a directory": lambda path: path.parent,
}


@pytest.mark.parametrize("how", COME)
def test_what_takes_a_sweep_to_know(spans: Path, how: str) -> None:
    """Whether it is read at all, and under which name."""
    directory = Directory(spans, follow=True)
    directory.sweep()
    (spans / "new.jsonl").write_bytes(line(1))
    assert directory.look(str(COME[how](spans / "new.jsonl"))) is None
    assert directory.sources == []
    directory.close()


@pytest.mark.parametrize("follow", [True, False])
def test_a_file_that_has_come_is_known_by_a_look(spans: Path, follow: bool) -> None:
    """From then on, as if a sweep had found it; the next one finds nothing new."""
    (spans / "live").mkdir()
    directory = Directory(spans, follow)
    directory.sweep()
    path = spans / "live" / "new.jsonl"
    path.write_bytes(line(1))
    source = directory.look(str(path))
    assert source
    assert directory.sources == [source]
    assert drain(source) == line(1)
    assert directory.sweep() == []
    if follow:
        path.write_bytes(line(1) + line(2))
        assert directory.look(str(path)) is source
        assert drain(source) == line(2)
        path.write_bytes(line(3))
        assert directory.look(str(path)) is None
        assert [drain(each) for each in directory.sweep()] == [line(3)]
    directory.close()
    directory.close()
