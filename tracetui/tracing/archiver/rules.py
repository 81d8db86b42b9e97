"""What a project wants archived: a list of `tmp_path`, `core` and globs, and for which tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from tracetui.tracing.archiver.gather import Root, glob_roots


@dataclass(frozen=True)
class Rules:
    """Globs are relative to `directory`; `tests` are patterns of test names."""

    directory: Path
    globs: tuple[str, ...] = ()
    tmp_path: bool = False
    cores: bool = False
    tests: tuple[str, ...] = ("*",)

    def __bool__(self) -> bool:
        return bool(self.globs or self.tmp_path or self.cores)

    def cover(self, test: str) -> bool:
        """Whether there is anything to archive when `test` fails."""
        return bool(self) and any(fnmatchcase(test, pattern) for pattern in self.tests)

    def roots(self, tmp_path: Path | None) -> Iterator[Root]:
        """The roots that the rules name, except core dumps."""
        if self.tmp_path and tmp_path is not None:
            yield Root("tmp_path", str(tmp_path), "tmp_path")
        yield from glob_roots(self.globs, self.directory)


def parse_rules(
    what: Iterable[str], directory: Path, tests: Iterable[str] = (), *, cores: bool = False
) -> Rules:
    """Rules from the words of a project; raises ValueError that says what to write."""
    words = tuple(what)
    globs = tuple(word for word in words if word not in ("tmp_path", "core"))
    for glob in globs:
        path = Path(glob)
        if path.is_absolute() or ".." in path.parts or not path.parts:
            raise ValueError(
                f"{glob!r} cannot be archived: write a glob relative to {directory}, without '..'"
            )
    return Rules(directory, globs, "tmp_path" in words, cores or "core" in words, tuple(tests) or ("*",))
