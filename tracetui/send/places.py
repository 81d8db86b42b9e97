"""The positions of the spans of a recording, in order, and which of them a collector has accepted."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracetui.model.numbers.distinct import distinct
from tracetui.send.ledger import Ledger, Ranges, ReadAt
from tracetui.store.snapshot import Snapshot

Rows = NDArray[np.integer[Any]]
STDIN = "-"


class Places:
    """The rows of a snapshot by file and offset; `taken` marks those that a collector has."""

    def __init__(self, snapshot: Snapshot) -> None:
        offset, source = snapshot.offset, snapshot.source_id
        self.order = np.lexsort((offset, source)).astype(np.int32)
        self.taken = np.zeros(len(snapshot), np.bool_)
        self._begin = offset[self.order].astype(np.int64)
        self._end = self._begin + snapshot.length[self.order]
        self._source = source[self.order]
        self._position = np.empty(len(snapshot), np.int64)
        self._position[self.order] = np.arange(len(snapshot))

    def in_order(self, rows: Rows) -> Rows:
        """Some rows, in order."""
        return rows[np.argsort(self._position[rows], kind="stable")]

    def take(self, source: int, ranges: Ranges) -> None:
        """Mark the rows in some byte ranges of a source."""
        first, last = np.searchsorted(self._source, [source, source + 1])
        begins, ends = self._begin[first:last], self._end[first:last]
        at = np.searchsorted([begin for begin, _ in ranges], begins, side="right") - 1
        known_ends = np.array([end for _, end in ranges], np.int64)
        inside = (at >= 0) & (ends <= known_ends[np.maximum(at, 0)])
        self.taken[self.order[first:last][inside]] = True

    def ranges(self, rows: Rows) -> Iterator[tuple[int, Ranges]]:
        """The byte ranges of rows, by source; adjacent ones are joined."""
        at = np.sort(self._position[rows])
        if not len(at):
            return
        is_new = (np.diff(at) > 1) | (np.diff(self._source[at]) != 0)
        firsts, lasts = at[np.r_[True, is_new]], at[np.r_[is_new, True]]
        for source in distinct(self._source[firsts]).tolist():
            its = self._source[firsts] == source
            yield (
                source,
                list(zip(self._begin[firsts[its]].tolist(), self._end[lasts[its]].tolist(), strict=True)),
            )


class Accounts:
    """The ledgers of all directories that a recording comes from; standard input has none."""

    def __init__(
        self,
        paths: Sequence[str],
        sources: Sequence[str],
        read_at: Callable[[int, int, int], bytes],
        endpoint: str,
        *,
        again: bool,
    ) -> None:
        self._ledgers: dict[Path, Ledger] = {}
        self._names: dict[int, tuple[Path, str]] = {}
        self._read_at = read_at
        for number, label in enumerate(sources):
            if place := _place(label, paths):
                self._names[number] = place
        try:
            for directory in {directory for directory, _ in self._names.values()}:
                self._ledgers[directory] = Ledger(directory, endpoint)
                if again:
                    self._ledgers[directory].forget(self._numbers(directory))
        except BaseException:
            self.close()
            raise

    @property
    def paths(self) -> list[Path]:
        """Their files."""
        return sorted(ledger.path for ledger in self._ledgers.values())

    def taken(self) -> Iterator[tuple[int, Ranges]]:
        """What was accepted earlier, by source."""
        for directory, ledger in self._ledgers.items():
            numbers = self._numbers(directory)
            files = {name: self._reader(number) for name, number in numbers.items()}
            for name, ranges in ledger.taken(files).items():
                yield numbers[name], ranges

    def add(self, ranges: Iterable[tuple[int, Ranges]]) -> None:
        """Write down what was accepted just now."""
        for source, its in ranges:
            if source in self._names:
                directory, name = self._names[source]
                self._ledgers[directory].add(name, self._reader(source), its)

    def tidy(self, ranges: Iterable[tuple[int, Ranges]]) -> None:
        """Join the lines of each file into one; `ranges` are everything ever accepted, by source."""
        taken = dict(ranges)
        for directory, ledger in self._ledgers.items():
            numbers = self._numbers(directory).items()
            ledger.tidy({name: (self._reader(number), taken.get(number, ())) for name, number in numbers})

    def close(self) -> None:
        """Close all ledgers."""
        for ledger in self._ledgers.values():
            ledger.close()

    def _numbers(self, directory: Path) -> dict[str, int]:
        return {name: number for number, (whose, name) in self._names.items() if whose == directory}

    def _reader(self, number: int) -> ReadAt:
        return lambda offset, length: self._read_at(number, offset, length)


def _place(label: str, paths: Sequence[str]) -> tuple[Path, str] | None:
    """The directory whose ledger applies, and the name of a source in it."""
    for path in paths:
        if path == STDIN:
            continue
        if label.startswith(path.rstrip(os.sep) + os.sep) and Path(path).is_dir():
            return Path(os.path.realpath(path)), label[len(path.rstrip(os.sep)) + 1 :]
        if label == path or label.startswith(path + "!"):
            return Path(os.path.realpath(path)).parent, Path(path).name + label[len(path) :]
    return None
