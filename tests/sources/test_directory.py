import errno
import os
import shutil
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sources.reading import drain, held, line
from tracetui.errors import InputError
from tracetui.sources import directory as directories
from tracetui.sources.block import Source
from tracetui.sources.directory import Directory, Problem
from tracetui.sources.files import handle
from tracetui.text import natural


def names(sources: list[Source], root: Path) -> list[str]:
    return [os.path.relpath(source.label, root) for source in sources]


@pytest.mark.parametrize("follow", [True, False])
def test_all_regular_files_in_natural_order(spans: Path, follow: bool) -> None:
    """Every regular file is found once, metrics2 before metrics10, but hidden ones and the archive."""
    for name in (
        *("metrics10.json", "metrics2.json", "live/a.jsonl", "deep/er/b.jsonl", "deep/artifacts/c.jsonl"),
        *(".gitignore", ".git/x.jsonl", "artifacts/core.1", "deep/.x.jsonl.tmp"),
    ):
        (spans / name).parent.mkdir(parents=True, exist_ok=True)
        (spans / name).write_bytes(line(1))
    directory = Directory(spans, follow)
    found = directory.sweep()
    assert names(found, spans) == [
        *("deep/artifacts/c.jsonl", "deep/er/b.jsonl", "live/a.jsonl", "metrics2.json", "metrics10.json")
    ]
    assert directory.sources == found
    assert directory.problems == []
    assert directory.sweep() == []
    assert [drain(source) for source in found] == [line(1)] * 5
    assert [source.ended for source in found] == [not follow] * 5
    directory.close()


@given(st.lists(st.text(alphabet="a1٣²0/", max_size=6)))
def test_any_names_can_be_sorted(paths: list[str]) -> None:
    """The order does not depend on how the names came; digits of other scripts are text."""
    backwards = paths[::-1]
    assert sorted(paths, key=natural) == sorted(backwards, key=natural)


def test_labels_start_as_the_user_wrote_the_path(spans: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative directory gives relative labels; names that are no UTF-8 are kept as they are."""
    monkeypatch.chdir(spans.parent)
    Path(os.fsdecode(b"spans/\xff\x1b.jsonl")).write_bytes(line(1))
    (source,) = Directory("spans", follow=True).sweep()
    assert os.fsencode(source.label) == b"spans/\xff\x1b.jsonl"


def test_a_missing_directory_appears_goes_and_comes_back(spans: Path) -> None:
    """No directory is an empty one; recreated, its files are new sources and the old ones have ended."""
    spans.rmdir()
    directory = Directory(spans, follow=True)
    assert directory.sweep() == []
    assert directory.problems == []
    spans.mkdir()
    (spans / "a.jsonl").write_bytes(line(1))
    (old,) = directory.sweep()
    shutil.rmtree(spans)
    assert directory.sweep() == []
    spans.mkdir()
    (spans / "a.jsonl").write_bytes(line(2))
    (new,) = directory.sweep()
    assert drain(old) == line(1)
    assert old.ended
    assert drain(new) == line(2)
    assert not new.ended
    with pytest.raises(InputError, match="deleted since it was read"):
        old.read_at(0, len(line(1)))


def test_a_rotation_by_rename(spans: Path) -> None:
    """The renamed file stays one source under its new label; the new file of the old name is another."""
    path = spans / "x.jsonl"
    path.write_bytes(line(1))
    directory = Directory(spans, follow=True)
    (first,) = directory.sweep()
    path.rename(spans / "x.jsonl.1")
    path.write_bytes(line(2))
    (second,) = directory.sweep()
    assert names([first, second], spans) == ["x.jsonl.1", "x.jsonl"]
    assert drain(first) == line(1)
    assert drain(second) == line(2)


def test_a_rewritten_file_is_a_new_source_in_the_same_sweep(spans: Path) -> None:
    """The sweep that sees the change ends the old life and opens the new one, under the same label."""
    path = spans / "metrics1.json"
    path.write_bytes(line(1) + line(2))
    directory = Directory(spans, follow=True)
    (old,) = directory.sweep()
    drain(old)
    path.write_bytes(line(3) + line(4))
    (new,) = directory.sweep()
    assert old.ended
    assert old.reset
    assert new.label == old.label
    assert drain(new) == line(3) + line(4)


def test_one_file_with_many_names_is_one_source(spans: Path) -> None:
    """Links are other names: the source goes by its real name; loops and dangling links do no harm."""
    (spans / "b.jsonl").write_bytes(line(1))
    for name in ("a", "c2", "d", "e", "f"):  # In whatever order they are listed.
        (spans / f"{name}.jsonl").symlink_to("b.jsonl")
    os.link(spans / "b.jsonl", spans / "c.jsonl")
    (spans / "dangling.jsonl").symlink_to("nowhere")
    (spans / "itself.jsonl").symlink_to("itself.jsonl")
    (spans / "up").symlink_to("..")
    directory = Directory(spans, follow=True)
    assert names(directory.sweep(), spans) == ["b.jsonl"]
    reasons = {Path(problem.path).name: problem.reason for problem in directory.problems}
    assert reasons.keys() == {"itself.jsonl"}


def test_links_to_directories_are_nothing_where_those_are_read_anyway(spans: Path, tmp_path: Path) -> None:
    """Above, beside or itself: neither read twice nor a trouble; one to a directory elsewhere is told."""
    (spans / "run1").mkdir()
    (spans / "run1" / "a.jsonl").write_bytes(line(1))
    (tmp_path / "elsewhere").mkdir()
    for name, target in (("latest", "run1"), ("itself", "."), ("up", ".."), ("away", tmp_path / "elsewhere")):
        (spans / name).symlink_to(target)
    directory = Directory(spans, follow=True)
    assert names(directory.sweep(), spans) == ["run1/a.jsonl"]
    assert directory.problems == [
        Problem(str(spans / "away"), "a link to a directory elsewhere; give that directory, too")
    ]


def test_installed_packages_are_not_looked_through(spans: Path) -> None:
    """As CI leaves a directory: ten thousand files of others beside the traces."""
    for name in ("node_modules/x/a.jsonl", "app/node_modules/b.jsonl", "__pycache__/c.jsonl", "d.jsonl"):
        (spans / name).parent.mkdir(parents=True, exist_ok=True)
        (spans / name).write_bytes(line(1))
    assert names(Directory(spans, follow=False).sweep(), spans) == ["d.jsonl"]


def test_a_link_to_a_file_elsewhere_is_followed(spans: Path, tmp_path: Path) -> None:
    """Turned to another file, a link brings a new source; the first one is followed on."""
    for number in (1, 2):
        (tmp_path / f"run{number}").write_bytes(line(number))
    (spans / "latest.jsonl").symlink_to(tmp_path / "run1")
    directory = Directory(spans, follow=True)
    (first,) = directory.sweep()
    (spans / "latest.jsonl").unlink()
    (spans / "latest.jsonl").symlink_to(tmp_path / "run2")
    (second,) = directory.sweep()
    assert drain(first) + drain(second) == line(1) + line(2)
    with (tmp_path / "run1").open("ab") as file:
        file.write(line(3))
    assert drain(first) == line(3)


def test_what_is_no_regular_file_is_named_and_never_opened(spans: Path) -> None:
    """A FIFO, a socket and a device called x.jsonl are no files: no problem, and no reader that hangs."""
    os.mkfifo(spans / "fifo.jsonl")
    (spans / "null.jsonl").symlink_to("/dev/null")
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind(str(spans / "socket.jsonl"))
        directory = Directory(spans, follow=True)
        assert directory.sweep() == []
    assert directory.problems == []
    assert directory.others == [
        Problem(str(spans / f"{name}.jsonl"), "not a file") for name in ("fifo", "null", "socket")
    ]
    (spans / "fifo.jsonl").unlink()
    directory.sweep()
    assert [Path(other.path).stem for other in directory.others] == ["null", "socket"]


def test_a_fifo_that_takes_the_place_of_a_file_is_not_waited_for(
    spans: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look and the opening a file may become a FIFO."""
    path = spans / "x.jsonl"
    path.write_bytes(line(1))
    really_open = os.open

    def swap_and_open(name: str, flags: int) -> int:
        path.unlink()
        os.mkfifo(path)
        return really_open(name, flags)

    monkeypatch.setattr(os, "open", swap_and_open)
    directory = Directory(spans, follow=True)
    assert directory.sweep() == []
    assert directory.problems == [Problem(str(path), "not a regular file")]


def test_a_file_that_vanishes_while_it_is_found_is_no_problem(
    spans: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Deleted between the look and the opening: as if it had never been."""
    (spans / "x.jsonl").write_bytes(line(1))
    really_open = os.open

    def delete_and_open(name: str, flags: int) -> int:
        Path(name).unlink()
        return really_open(name, flags)

    monkeypatch.setattr(os, "open", delete_and_open)
    directory = Directory(spans, follow=True)
    assert directory.sweep() == []
    assert directory.problems == []


def test_a_known_file_renamed_while_another_is_found_stays_one_source(
    spans: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look and the opening a known file takes the new one's name: it is not read again."""
    (spans / "x.jsonl").write_bytes(line(1))
    directory = Directory(spans, follow=True)
    (source,) = directory.sweep()
    (spans / "y.jsonl").write_bytes(line(2))
    really_open = os.open

    def rename_and_open(name: str, flags: int) -> int:
        (spans / "x.jsonl").rename(name)
        return really_open(name, flags)

    with monkeypatch.context() as racing:
        racing.setattr(os, "open", rename_and_open)
        assert directory.sweep() == []
    assert directory.sweep() == []
    assert names(directory.sources, spans) == ["y.jsonl"]
    assert drain(source) == line(1)


def test_unreadable_files_are_told_and_tried_again(spans: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that may not be opened is a problem, with the reason of today, until it can be read."""
    (spans / "x.jsonl").write_bytes(line(1))
    directory = Directory(spans, follow=True)
    problem = Problem(str(spans / "x.jsonl"), "permission denied; check its mode and owner")
    failure = errno.EACCES

    def refuse(*_: object) -> int:
        raise OSError(failure, os.strerror(failure))

    with monkeypatch.context() as refused:
        refused.setattr(os, "open", refuse)
        assert directory.sweep() == []
        for _ in range(2):
            assert directory.sweep() == []
            assert directory.problems == [problem]
        failure = errno.EIO
        assert directory.sweep() == []
        assert [told.reason for told in directory.problems] == ["input/output error"]
    (source,) = directory.sweep()
    assert drain(source) == line(1)
    assert directory.problems == []


def test_a_directory_that_cannot_be_listed_is_a_problem(spans: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest of the tree is read, and what was known there is followed on."""
    (spans / "sub").mkdir()
    for name in ("a.jsonl", "sub/b.jsonl"):
        (spans / name).write_bytes(line(1))
    directory = Directory(spans, follow=True)
    directory.sweep()
    scandir = os.scandir

    def refuse(path: str) -> object:
        if path.endswith("sub"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert directory.sweep() == []
    assert [problem.path for problem in directory.problems] == [str(spans / "sub")]
    assert [source.ended for source in directory.sources] == [False, False]


def test_a_file_in_place_of_the_directory_is_a_problem(spans: Path) -> None:
    """A path that is no directory is said to be none."""
    spans.rmdir()
    spans.write_bytes(line(1))
    directory = Directory(spans, follow=True)
    assert directory.sweep() == []
    assert directory.problems == [Problem(str(spans), "not a directory")]


def test_a_file_that_cannot_be_looked_at_stays_known(spans: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An I/O error while a change is examined is a problem of that sweep; the source goes on afterwards."""
    path = spans / "x.jsonl"
    path.write_bytes(line(1))
    directory = Directory(spans, follow=True)
    (source,) = directory.sweep()
    drain(source)

    def refuse(*_: object) -> bytes:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as broken:
        broken.setattr(os, "pread", refuse)
        assert directory.sweep() == []
        assert directory.problems == [Problem(str(path), "input/output error")]
    with path.open("ab") as file:
        file.write(line(2))
    assert directory.sweep() == []
    assert drain(source) == line(2)


def test_a_deleted_file_is_closed_once_it_is_read(spans: Path) -> None:
    """Whether it was read before it was deleted or after: the disk gets its space back."""
    for name in ("read", "unread"):
        (spans / f"{name}.jsonl").write_bytes(line(1))
    directory = Directory(spans, follow=True)
    read, unread = directory.sweep()
    assert drain(read) == line(1)
    shutil.rmtree(spans)
    directory.sweep()
    assert held(spans) == [f"{unread.label} (deleted)"]
    assert drain(unread) == line(1)
    assert held(spans) == []
    assert [source.reset for source in (read, unread)] == [False, False]


def test_deleted_files_that_nobody_read_take_a_bounded_part_of_the_disk(
    spans: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the bound all are held, one byte beyond it the largest is let go and told as lost."""
    monkeypatch.setattr(directories, "MOST_DELETED_BYTES", 3 * len(line(1)))
    for name, lines in (("a", 1), ("b", 2)):
        (spans / f"{name}.jsonl").write_bytes(line(1) * lines)
    directory = Directory(spans, follow=True)
    small, large = directory.sweep()
    shutil.rmtree(spans)
    directory.sweep()
    assert [source.ended for source in (small, large)] == [False, False]
    monkeypatch.setattr(directories, "MOST_DELETED_BYTES", 3 * len(line(1)) - 1)
    directory.sweep()
    assert [(source.reset, source.vanished) for source in (small, large)] == [(False, False), (False, True)]
    assert drain(small) == line(1)


def test_files_of_a_rotation_keep_few_descriptors(spans: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read and has been quiet is closed, those used last excepted, and read back all the same."""
    monkeypatch.setattr(handle, "MOST_AT_REST", 3)
    for number in range(20):
        (spans / f"{number}.jsonl").write_bytes(line(number))
    directory = Directory(spans, follow=True)
    sources = directory.sweep()
    monkeypatch.setattr("time.time_ns", lambda: 1 << 62)  # Long after the last change of any.
    assert [drain(source) for source in sources] == [line(number) for number in range(20)]
    assert len(held(spans)) == 3
    assert sources[0].read_at(0, len(line(0))) == line(0)
    assert directory.sweep() == []
    assert len(held(spans)) == 3
    directory.close()
