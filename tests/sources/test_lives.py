"""A model of what happens to followed files: nothing is mixed or given twice, nothing lost that lived."""

import errno
import os
import shutil
import tempfile
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import cast

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.budgets import examples
from tests.sources.reading import line
from tracetui.sources import directory as directories
from tracetui.sources.directory import Directory
from tracetui.sources.files.followed import FollowedFile
from tracetui.sources.files.regular import RegularFile

NAMES = st.sampled_from(["a.jsonl", "b.jsonl", "sub/c.jsonl"])
LINES = st.integers(1, 3) | st.integers(30, 50)
CUT = st.integers(0, len(line(0)))
MOST_DELETED_BYTES = 10 * len(line(0))


@dataclass(eq=False)
class Life:
    """All bytes of a file between two truncations."""

    content: bytes
    swept: bool = False
    deleted: bool = False


class Lives(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.base = Path(tempfile.mkdtemp())
        self.root = self.base / "spans"
        self.directory = Directory(self.root, follow=True)
        self.numbers = count()
        self.rotations = count(1)
        self.living: dict[Path, Life] = {}
        self.lives: list[Life] = []
        self.given: dict[RegularFile, bytes] = {}
        self.forbidden: set[str] = set()
        self.really_open = os.open
        os.open = self._open_if_allowed  # type: ignore[assignment]
        for number in (1, 2):
            self._write(self.base / f"target{number}", self._lines(1), "wb")

    def teardown(self) -> None:
        self.forbidden.clear()
        self.sweep_and_read_all()
        os.open = self.really_open
        self.directory.close()
        shutil.rmtree(self.base)

    @rule(name=NAMES, lines=LINES, cut=CUT)
    def append(self, name: str, lines: int, cut: int) -> None:
        """Whole lines, and the first half of one more."""
        self._write(self.root / name, self._lines(lines) + line(next(self.numbers))[:cut], "ab")

    @rule(name=NAMES, lines=LINES, keep=st.integers(0, 50))
    def truncate_and_refill(self, name: str, lines: int, keep: int) -> None:
        """In place: to less, the same or more than there was, perhaps with the same beginning."""
        old = self._content(self.root / name)
        self._write(self.root / name, old[: keep * len(line(0))] + self._lines(lines), "wb")

    @precondition(lambda self: self.living)
    @rule(data=st.data())
    def truncate(self, data: st.DataObject) -> None:
        path = data.draw(st.sampled_from(sorted(self.living)))
        content = self._content(path)
        length = data.draw(st.integers(0, len(content)))
        os.truncate(path, length)
        self._begin(path, content[:length])

    @precondition(lambda self: self.living)
    @rule(data=st.data(), lines=st.integers(0, 3), cut=CUT, back=st.integers(0, 60))
    def take_back(self, data: st.DataObject, lines: int, cut: int, back: int) -> None:
        """As a writer whose disk is full: an unfinished line, or some whole ones; others may follow."""
        path = data.draw(st.sampled_from(sorted(self.living)))
        content = self._content(path)
        ends = [place + 1 for place, byte in enumerate(content) if byte == ord("\n")] or [0]
        length = ends[-1 - back] if back < len(ends) else ends[0]
        os.truncate(path, length)
        with path.open("ab") as file:
            file.write(more := self._lines(lines) + line(next(self.numbers))[:cut])
        unbroken = [source for source in self.given if source.key == _key(path) and not source.ended]
        whole = [source for source in unbroken if content.startswith(self.given[source])]
        self._begin(path, content[:length] + more)
        self.sweep()
        for source in whole:
            self._read(source, 1 << 20)
            assert not source.reset

    @rule(name=NAMES, lines=LINES)
    def rotate_by_rename(self, name: str, lines: int) -> None:
        """The old file under another name, still written to; a new one in its place."""
        path = self.root / name
        if path in self.living:
            rotated = path.with_suffix(f".{next(self.rotations)}")
            path.rename(rotated)
            self.living[rotated] = self.living.pop(path)
            self._write(rotated, self._lines(1), "ab")
        self._write(path, self._lines(lines), "ab")

    @rule(name=NAMES)
    def rotate_by_copy(self, name: str) -> None:
        path = self.root / name
        if path in self.living:
            self._write(path.with_suffix(f".{next(self.rotations)}"), self._content(path), "wb")
            self._write(path, b"", "wb")

    @rule(name=NAMES, lines=LINES, again=st.booleans())
    def delete(self, name: str, lines: int, again: bool) -> None:
        """Perhaps with a new file at once, which gets the same inode where nobody holds the old one."""
        path = self.root / name
        if path in self.living:
            path.unlink()
            self.living.pop(path).deleted = True
        if again:
            self._write(path, self._lines(lines), "ab")

    @rule()
    def delete_all(self) -> None:
        """The directory too."""
        shutil.rmtree(self.root, ignore_errors=True)
        for path in [path for path in self.living if self.root in path.parents]:
            self.living.pop(path).deleted = True

    @rule(number=st.integers(1, 2), lines=LINES)
    def turn_the_link(self, number: int, lines: int) -> None:
        link = self.root / "latest.jsonl"
        self.root.mkdir(exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(self.base / f"target{number}")
        self._write(self.base / f"target{number}", self._lines(lines), "ab")

    @rule(name=NAMES)
    def lose_permission(self, name: str) -> None:
        """As `chmod 000`, which stops nobody who is root."""
        self.forbidden.add(str(self.root / name))

    @rule()
    def regain_permission(self) -> None:
        self.forbidden.clear()

    @rule()
    def restart(self) -> None:
        """Another reader, which knows nothing of the files before."""
        self.directory.close()
        self.directory = Directory(self.root, follow=True)
        self.given.clear()
        for life in self.lives:
            life.swept = False

    @rule()
    def sweep(self) -> None:
        for source in self.directory.sweep():
            self.given[cast(RegularFile, source)] = b""
        assert {problem.path for problem in self.directory.problems} <= self.forbidden
        for path in self._in_sight():
            self.living[path].swept = self.living[path].swept or str(path) not in self.forbidden

    @precondition(lambda self: self.given)
    @rule(data=st.data(), limit=st.integers(1, 40_000))
    def read_some(self, data: st.DataObject, limit: int) -> None:
        """One block of one source, which may end in the midst of a line."""
        sources = list(self.given)
        self._read(sources[data.draw(st.integers(0, len(sources) - 1))], limit)

    @rule()
    def sweep_and_read_all(self) -> None:
        """What is there now is read to the end, by one source; so is what was deleted after a sweep."""
        self.sweep()
        for source in self.given:
            while self._read(source, 1 << 20):
                pass
        for path in self._in_sight():
            if str(path) in self.forbidden:
                continue
            status = path.stat()
            (source,) = self._following((status.st_dev, status.st_ino))
            assert self.given[source] == self._content(path) == source.read_at(0, status.st_size)
        for life in self.lives:
            if life.swept and life.deleted:
                assert self.is_given(life)

    @invariant()
    def every_source_gives_one_life(self) -> None:
        for source, given in self.given.items():
            if not any(life.content.startswith(given) for life in self.lives):
                raise AssertionError(f"{source.label}: {len(given)} bytes that no life began with")

    def is_given(self, life: Life) -> bool:
        """Whether all of it was read."""
        return life.content in self.given.values()

    def _open_if_allowed(self, path: str, *options: int, **more: int) -> int:
        if str(path) in self.forbidden:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return self.really_open(path, *options, **more)

    def _read(self, source: RegularFile, limit: int) -> bool:
        block = source.read(limit)
        if block:
            given = self.given[source]
            assert block.offset == len(given) or given[: block.offset].endswith(b"\n") or block.offset == 0
            self.given[source] = given[: block.offset] + block.data
        return block is not None

    def _following(self, key: tuple[int, int]) -> list[RegularFile]:
        return [source for source in self.given if source.key == key and not source.ended]

    def _in_sight(self) -> list[Path]:
        """What a sweep finds: the files of the directory, and the one the link leads to."""
        link = self.root / "latest.jsonl"
        target = [link.readlink()] if link.is_symlink() else []
        return [path for path in self.living if self.root in path.parents] + target

    def _lines(self, number: int) -> bytes:
        return b"".join(line(next(self.numbers)) for _ in range(number))

    def _content(self, path: Path) -> bytes:
        return self.living[path].content if path in self.living else b""

    def _write(self, path: Path, content: bytes, mode: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open(mode) as file:
            file.write(content)
        if mode == "ab" and path in self.living:
            self.living[path].content += content
        else:
            self._begin(path, content)

    def _begin(self, path: Path, content: bytes) -> None:
        self.living[path] = Life(content)
        self.lives.append(self.living[path])


def _key(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino


class LivesOnASmallDisk(Lives):
    """Deleted files may be let go before they are read: then that is told, and the disk has its space."""

    def __init__(self) -> None:
        super().__init__()
        self.most, directories.MOST_DELETED_BYTES = directories.MOST_DELETED_BYTES, MOST_DELETED_BYTES

    def teardown(self) -> None:
        super().teardown()
        directories.MOST_DELETED_BYTES = self.most

    @rule()
    def sweep(self) -> None:
        super().sweep()
        held = [source for source in self.given if isinstance(source, FollowedFile) and not source.ended]
        assert sum(source.size for source in held if source.deleted) <= MOST_DELETED_BYTES

    def is_given(self, life: Life) -> bool:
        """All of it, or its beginning by a source that says that the rest is lost."""
        return super().is_given(life) or any(
            (source.reset or source.vanished) and life.content.startswith(given)
            for source, given in self.given.items()
        )


TestLives = Lives.TestCase
TestLives.settings = settings(max_examples=examples(50), stateful_step_count=30)
TestLivesOnASmallDisk = LivesOnASmallDisk.TestCase
TestLivesOnASmallDisk.settings = settings(max_examples=examples(25), stateful_step_count=30)
