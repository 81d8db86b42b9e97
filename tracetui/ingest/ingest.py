"""Sources to formats to store, in batches bounded by time; the only module that joins the three."""

import time
from collections.abc import Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path

from tracetui.errors import InputError
from tracetui.formats.detect import Detected
from tracetui.ingest.allocator import Returns, give_back, keep_memory
from tracetui.ingest.details import Details
from tracetui.ingest.kept import LEAST_BYTES, Kept
from tracetui.ingest.room import Room
from tracetui.ingest.writers import Writers
from tracetui.model.batch import Problem, SpanBatch
from tracetui.model.kind import Kind
from tracetui.model.span import Span
from tracetui.sources.block import Block, Source
from tracetui.sources.compressed import Unpacked
from tracetui.sources.descriptors import raise_descriptor_limit
from tracetui.sources.directory import Directory
from tracetui.sources.recorded import RecordedFile
from tracetui.sources.stdin import StdinSource
from tracetui.store.health import EXCERPT_BYTES, MOST_EXAMPLES, Trouble
from tracetui.store.logs import LogIndex
from tracetui.store.snapshot import Snapshot
from tracetui.store.table import SpanTable

BLOCK_BYTES = 4 * 1024 * 1024
"""Read at a time: some ten milliseconds of decoding."""

STDIN = "-"


class _Reader:
    """One source on its way into the table."""

    def __init__(self, source: Unpacked, number: int) -> None:
        self.source = source
        self.number = number
        self.format = Detected()
        self.caught_up = False
        self._end = 0

    def feed(self, block: Block) -> int:
        """How many bytes there are more; a writer may have taken back some of those that were held."""
        more = block.offset + len(block.data) - self._end
        if block.offset < self._end and not self.format.rewind(self._end - block.offset):
            self.source.abandon()
            return 0
        self._end = block.offset + len(block.data)
        self.format.feed(block.data)
        return more


class Ingest:
    """Reads `paths` (files, directories, `-` for standard input) into one table; `follow`s them as they grow.

    `sweep` looks for what is new, `step` decodes for a moment. Both belong to one thread; `span` may be
    called from another. With `cache`, `keep` puts large recordings into the user's cache: see `kept`.
    """

    def __init__(
        self,
        paths: Sequence[str],
        *,
        follow: bool = False,
        stdin: int = 0,
        memory: int | None = None,
        cache: bool = False,
    ) -> None:
        raise_descriptor_limit()
        keep_memory()
        self._give_back = Returns()
        self.table = SpanTable()
        self.logs = LogIndex()
        self._room = Room(self.table, self.logs, memory)
        self.formats: set[str] = set()
        self.total_bytes = 0
        self._follow = follow
        self._cache = cache and not follow
        self._kept: Kept | None = None
        self._sources: list[Unpacked] = []
        self._writers = Writers(self._sources, self.table)
        self._details = Details(self._sources, self.logs)
        self._active: list[_Reader] = []
        self._directories: list[Directory] = []
        self._pending: dict[int, int] = {}
        self._refusals: dict[int, str] = {}
        for path in paths:
            if path == STDIN:
                self._add(StdinSource(stdin))
            elif follow or Path(path).is_dir():
                self._directories.append(Directory(path, follow))
            else:
                self._add(RecordedFile(path))

    def sweep(self) -> None:
        """Takes up new sources, and judges which writers are gone."""
        for directory in self._directories:
            for source in directory.sweep():
                self._add(source)
        self._tell_unreadable()
        self.total_bytes = sum(source.size for source in self._sources)
        if self._cache:
            self._cache = False
            self._reopen()
        self.judge()

    def judge(self) -> None:
        """Marks as cut off what is unfinished and whose writer is gone."""
        now = time.time_ns()
        followed = [reader.number for reader in self._active] if self._follow else []
        self.table.set_growing(self._writers.growing(followed, now))
        self.table.set_gone(self._writers.gone(now), self._writers.closed())

    def polls(self, why: str) -> None:
        """What is followed is only looked at from time to time, and why; an empty text: it is not so."""
        troubles = [Trouble(directory.path, 0, why) for directory in self._directories if why]
        self.table.now(Kind.POLLING, len(troubles), troubles)

    def step(self, budget_s: float = 0.015) -> bool:
        """Decodes for about `budget_s` seconds; False when there is nothing to read now."""
        until = time.perf_counter() + budget_s
        for reader in list(self._active):
            while self._read(reader):
                if time.perf_counter() >= until:
                    self._to_the_end(reader)
                    return True
        if self._follow:
            self._give_back()
        elif self.ended and self.table.finish():
            give_back()
        return False

    def keep(self) -> None:
        """Keeps in the cache what was read to its end, if that was asked for and all of it is still there."""
        if self._kept and self.ended:
            lost = self.table.health.count(Kind.EVICTED, Kind.REFUSED, Kind.RESET, Kind.UNREADABLE)
            if not lost:
                self._kept.keep(self.table, self.logs)
            self._kept = None

    @property
    def ended(self) -> bool:
        """Whether no source that was found so far will ever give more."""
        return not self._active

    @property
    def ceiling(self) -> int:
        """So many bytes of memory spans may take."""
        return self._room.ceiling

    @property
    def memory(self) -> int:
        """About how many bytes of memory spans take."""
        return self._room.bytes

    @property
    def files(self) -> int:
        """How many sources were found."""
        return len(self._sources)

    def span(self, snapshot: Snapshot, row: int) -> Span:
        """The span of a row in full, its log records among its events, who and when as the row says.

        Raises `InputError` where its bytes are gone.
        """
        return self._details.span(snapshot, row)

    def read_at(self, source: int, offset: int, length: int) -> bytes:
        """Bytes of a source that was read, again; raises `InputError` where they are gone."""
        return self._details.read_at(source, offset, length)

    def close(self) -> None:
        """Lets go of every file."""
        for source in self._sources:
            source.close()

    def _add(self, source: Source) -> None:
        number = self.table.add_source(source.label)
        unpacked = Unpacked(source)
        self._sources.append(unpacked)
        self._active.append(_Reader(unpacked, number))

    def _read(self, reader: _Reader) -> bool:
        """One block of one source; False when it has no more now."""
        try:
            block = reader.source.read(BLOCK_BYTES)
        except InputError as error:
            self._refused(reader, getattr(error, "reason", str(error)))
            return False
        if reader.number in self._refusals and not reader.source.ended:
            del self._refusals[reader.number]
            self._tell_unreadable()
        more = reader.feed(block) if block else 0
        if more and reader.caught_up:
            self._writers.grew(reader.number, time.time_ns())
        if block is None:
            reader.caught_up = True
            self._pause(reader)
        batch = reader.format.take()
        if block is None and reader.source.trouble:
            kind = Kind.BOMB if reader.source.is_bomb else Kind.INCOMPLETE
            batch.torn.append(Problem(reader.source.size, reader.source.trouble, kind=kind))
        self._show(reader.source, batch)
        self._wait(reader, waits=block is None)
        if batch or block:
            self.table.append(reader.number, batch, more)
            self.logs.add(reader.number, batch.logs)
            self.formats.update(_formats(reader, batch))
            self._room.keep(self.judge)
        if block is None and reader.source.ended:
            self._active.remove(reader)
        return block is not None

    def _pause(self, reader: _Reader) -> None:
        """No more bytes, for now or for good."""
        if reader.source.reset:
            self.table.reset(reader.number)
        elif reader.source.ended:
            reader.format.finish()
            if reader.source.gone:
                self.table.over(reader.number)
        else:
            reader.format.settle()

    def _show(self, source: Unpacked, batch: SpanBatch) -> None:
        """Gives the first problems of each kind an excerpt."""
        lists = (batch.rejected, batch.torn, batch.noted)
        for default, problems in zip((Kind.REJECTED, Kind.TORN, Kind.WRONG_TYPE), lists, strict=True):
            for place, problem in enumerate(problems[:MOST_EXAMPLES]):
                if self.table.health.room(problem.kind or default):
                    length = min(problem.length or EXCERPT_BYTES, EXCERPT_BYTES, source.size - problem.offset)
                    with suppress(InputError):
                        problems[place] = problem._replace(excerpt=source.read_at(problem.offset, length))

    def _wait(self, reader: _Reader, *, waits: bool) -> None:
        """Keeps account of the sources that end, for now, amidst a record."""
        held = reader.format.pending if waits and not reader.source.ended else 0
        if held == self._pending.get(reader.number, 0):
            return
        self._pending[reader.number] = held
        waiting = {number: length for number, length in self._pending.items() if length}
        told = (
            Trouble(
                source.label, max(0, source.size - length), f"{length} bytes, the rest may still come", length
            )
            for number, length in islice(waiting.items(), MOST_EXAMPLES)
            for source in [self._sources[number]]
        )
        self.table.now(Kind.PENDING, len(waiting), told)

    def _reopen(self) -> None:
        """Takes a recording from the cache, or prepares to keep it there once it is read."""
        if self.total_bytes < LEAST_BYTES:
            return
        self._kept = Kept(self._sources)
        if self._kept.restore(self.table, self.logs):
            self._active, self._kept = [], None
            self._room.keep(self.judge)

    def _to_the_end(self, reader: _Reader) -> None:
        """The others come first at the next step: one long file must not hide what many short ones tell."""
        if reader in self._active:
            self._active.remove(reader)
            self._active.append(reader)

    def _refused(self, reader: _Reader, reason: str) -> None:
        """A source that cannot be read now; tried again as long as it is followed."""
        self._refusals[reader.number] = reason
        self._tell_unreadable()
        if not self._follow:
            self._active.remove(reader)

    def _tell_unreadable(self) -> None:
        """What cannot be read now: what could not before, and can again, is no trouble any more."""
        reasons = {self._sources[number].label: reason for number, reason in self._refusals.items()}
        for directory in self._directories:
            reasons |= {problem.path: problem.reason for problem in directory.problems}
        told = (Trouble(path, 0, reason) for path, reason in reasons.items())
        self.table.now(Kind.UNREADABLE, len(reasons), told)


def _formats(reader: _Reader, batch: SpanBatch) -> set[str]:
    """What spans were written as, and how they were compressed."""
    names = batch.formats or ({reader.format.name} if len(batch) else set())
    return names | ({reader.source.packing} if reader.source.packing else set())
