"""Sources to formats to store, in time-bounded batches; the only module that joins the three."""

import time
from collections.abc import Collection, Sequence
from functools import partial
from typing import TYPE_CHECKING

from tracetui.errors import InputError
from tracetui.formats.scanned.counters import native_counters
from tracetui.ingest.bundling import Bundler
from tracetui.ingest.details import Details
from tracetui.ingest.excerpts import excerpts
from tracetui.ingest.kept import Cache
from tracetui.ingest.memory.allocator import Returns, give_back_much, keep_memory
from tracetui.ingest.memory.eviction import Eviction
from tracetui.ingest.notes import Notes
from tracetui.ingest.opening import opened
from tracetui.ingest.reader import Reader
from tracetui.ingest.turns import Results, Sizes, Turns
from tracetui.ingest.writers import Writers
from tracetui.model.batch import Problem
from tracetui.model.kind import Kind
from tracetui.sources.archives.archive import Archive
from tracetui.sources.block import Source
from tracetui.sources.directory import looked_at
from tracetui.sources.files.descriptors import raise_descriptor_limit
from tracetui.sources.unpacking.compressed import Unpacked
from tracetui.store.logs import LogIndex
from tracetui.store.snapshot import Snapshot
from tracetui.store.table import SpanTable

if TYPE_CHECKING:
    from tracetui.model.span import Span


class Ingest:
    """Reads `paths` (files, directories, `-` for standard input) into one table; `follow`s them as they grow.

    `sweep` looks for new sources, `look` at some files, `step` decodes for a moment. All belong to one
    thread; spans may be read again from another. What is not followed is decoded by `jobs` threads. With
    `cache`, `keep` puts large recordings into the user's cache: see `kept`.
    """

    def __init__(
        self,
        paths: Sequence[str],
        *,
        follow: bool = False,
        stdin: int = 0,
        memory: int | None = None,
        cache: bool = False,
        jobs: int = 1,
    ) -> None:
        raise_descriptor_limit()
        keep_memory()
        counters = native_counters(1 if follow else jobs)
        self.paths = tuple(paths)
        self._give_back = Returns(counters.forget if counters else lambda: None)
        self.table = SpanTable(beside=not follow and jobs > 2)
        self.logs = LogIndex()
        self._room = Eviction(self.table, self.logs, memory)
        self.formats, self.total_bytes = set[str](), 0
        self._follow = follow
        self._reader = partial(Reader, follows=follow, jobs=jobs, counters=counters)
        self._cache = Cache(wanted=cache and not follow)
        self._sources: list[Unpacked] = []
        self._numbers: dict[Source, int] = {}
        self._writers = Writers(self._sources, self.table)
        self.details = Details(self._sources, self.logs)
        self._turns = Turns(newest_first=follow)
        self._results = Results(self._turns, self.table)
        singles, self._directories = opened(paths, stdin, follow=follow)
        # What is not followed may be scanned ahead meanwhile.
        self._bundler = Bundler(self._room.ceiling, counters if follow else native_counters())
        self.notes = Notes(self.table, self._sources, self._directories)
        self._sizes = Sizes(self.notes.no_traces)
        self._turns.add(list(map(self._add, singles)))

    def look(self, written: Collection[str]) -> bool:
        """Look at nothing but these files; whether each is known now. If not, it takes a sweep."""
        found = looked_at(self._directories, written)
        new = [source for source in found if source and source not in self._numbers]
        self._turns.wake(self._numbers[source] for source in found if source in self._numbers)
        if new:
            self._turns.add(list(map(self._add, new)))
            self.judge()
        if None not in found:
            self._turns.only(self._numbers[source] for source in found if source)
        return None not in found

    def sweep(self) -> None:
        """Add new sources, wake those that have changed, and detect which writers are gone."""
        for directory in self._directories:
            sources = directory.sweep()
            if self._follow:  # What changed last is looked at first.
                sources.sort(key=lambda source: source.modified_ns, reverse=True)
            self._turns.add(list(map(self._add, sources)))
        self._turns.wake()
        self.notes.tell()
        self.total_bytes = self._sizes.total
        self.table.expect(self.total_bytes)
        if self._cache.restore(self._sources, self.total_bytes, self.table, self.logs):
            self._turns.clear()
            self._room.keep(self.judge)
        self.judge()

    def judge(self) -> None:
        """Mark unfinished spans as cut off if their writer is gone."""
        now = time.time_ns()
        self.notes.clock(self.ahead_ns)
        if self._follow:
            self.table.set_growing(*self._writers.growing(self._turns.stirred(), now))
        self.table.set_gone(self._writers.gone(now), self._writers.closed(now))

    @property
    def ahead_ns(self) -> int:
        """How far the local clock is ahead of the writers' (see `Writers`)."""
        return self._writers.ahead_ns()

    def polls(self, why: str) -> None:
        """Set why followed files are only polled; an empty text if they are not."""
        self.notes.polls(why)

    def step(self, budget_s: float = 0.015) -> bool:
        """Decode for about `budget_s` seconds; False if there is nothing to read now."""
        until = time.perf_counter() + budget_s
        self._turns.begin()
        while reader := self._turns.next():
            while self._read(reader):
                if time.perf_counter() >= until:
                    self._turns.postpone(reader)
                    break
            if self._bundler.full or (self._turns.left and time.perf_counter() >= until):
                self._decode_bundle()
                return True
        self._decode_bundle()
        if self._read_results():
            return True
        self.notes.tell()
        if self._follow:
            self._give_back(self.table.revision)
        elif self.ended and self.table.finish():
            give_back_much(len(self.table))
        return False

    def keep(self) -> None:
        """Store what was read in the cache, if that was asked for and all of it is still there."""
        if self.ended:
            self._cache.keep(self.table, self.logs)

    @property
    def ended(self) -> bool:
        """Whether no source found so far will ever give more."""
        return not self._turns and not self._results.wait

    @property
    def ceiling(self) -> int:
        """The limit of memory for spans, in bytes."""
        return self._room.ceiling

    @property
    def memory(self) -> int:
        """The approximate memory of spans, in bytes."""
        return self._room.bytes

    @property
    def files(self) -> int:
        """The number of sources, without archives themselves and those that are not traces."""
        archives = sum(source.archive is not None for source in self._sources)
        return len(self._sources) - len(self.notes.no_traces) - archives

    def span(self, snapshot: Snapshot, row: int) -> "Span":
        """The full span of a row (see `Details.span`); raises `InputError` if its bytes are gone."""
        return self.details.span(snapshot, row)

    def read_at(self, source: int, offset: int, length: int) -> bytes:
        """Read bytes of a source again; raises `InputError` if they are gone."""
        return self.details.read_at(source, offset, length)

    def close(self) -> None:
        """Close every file."""
        for source in self._sources:
            source.close()

    def _add(self, source: Source, *, results: bool | None = None) -> Reader:
        self._sources.append(Unpacked(source))
        number = self._numbers[source] = self.table.add_source(source.label)
        reader = self._reader(self._sources[-1], number, results=results)
        self._sizes.add(reader)
        return reader

    def _read(self, reader: Reader) -> bool:
        """Read one block of one source, or of a member of it; False if it has no more now."""
        if reader.source.archive:
            return self._read_member(reader, reader.source.archive)
        try:
            more = reader.read()
        except InputError as error:
            self._refused(reader, getattr(error, "reason", str(error)))
            return False
        if reader.source.archive:
            return True
        if not reader.source.ended:
            self.notes.refusals.pop(reader.number, None)
        return (more or not reader.is_idle) and self._decode(reader, more=more)

    def _decode(self, reader: Reader, *, more: bool) -> bool:
        if reader.whole:
            self._bundler.add(reader)
            if reader.source.ended:
                self._turns.drop(reader)
            return False
        if reader.waits:
            return self._results.hold(reader)
        if not more:
            reader.pause(self.table)
        if reader.is_trace:
            self.notes.no_traces.pop(reader.number, None)
        elif reader.is_none:
            return self._leave(reader, more=more)
        self._take(reader, is_last=not more)
        return more

    def _read_member(self, reader: Reader, archive: Archive) -> bool:
        """Read a block of the archive's current member, or of the next; False if there is none."""
        member = reader.member
        if member and not member.done:
            return self._read(member) or member.done
        try:
            source = archive.next()
        except InputError as error:
            self._refused(reader, str(error))
            return False
        # A member cannot wait for those after it.
        reader.member = self._add(source, results=self._results.are_alone) if source else None
        if archive.ended:
            self._take(reader, is_last=True)
        return source is not None

    def _take(self, reader: Reader, *, is_last: bool) -> None:
        """Move what was decoded into the table."""
        batch, size = reader.take(), reader.bytes()
        if reader.taken_back is not None:
            log_records = self.logs.take_back(reader.number, reader.taken_back)
            self.table.take_back(reader.number, reader.taken_back, log_records)
            reader.taken_back = None
        if len(batch) and not reader.caught_up:  # Rows come in the order of the files.
            self._decode_bundle()
        if size:
            self._writers.told(reader.number, time.time_ns() if reader.caught_up else 0)
        if is_last:
            reader.rest()
        if is_last and reader.source.trouble:
            kind = Kind.BOMB if reader.source.is_bomb else Kind.INCOMPLETE
            batch.torn.append(Problem(reader.source.size, reader.source.trouble, kind=kind))
        excerpts(self.table.health, reader.source, batch)
        self.notes.waits(reader.number, reader.pending if is_last and not reader.source.ended else 0)
        if batch or size:
            self.table.append(reader.number, batch, size)
            self.logs.add(reader.number, batch.logs)
            self.formats.update(reader.formats(batch))
            self._room.keep(self.judge)
        if is_last and reader.source.ended:
            self._turns.drop(reader)

    def _read_results(self) -> bool:
        """Let results that have waited go on, or leave them; False if there are none."""
        were_any = self._results.wait
        for reader in self._results.go_on():
            self._leave(reader, more=False)
        return were_any

    def _decode_bundle(self) -> None:
        """Decode the small files that were set aside, together."""
        taken = self._bundler.take()
        if isinstance(taken, list):
            for reader in taken:
                reader.decode_whole()
                self._take(reader, is_last=True)
            return
        for number in taken.bundle.sources.tolist():
            self._writers.told(number, time.time_ns() if number in taken.grown else 0)
        self.table.append(taken.bundle, taken.batch, taken.size)
        self.formats.add("OTLP/JSON")
        self._room.keep(self.judge)

    def _leave(self, reader: Reader, *, more: bool) -> bool:
        """Stop reading what is not a trace, unless it is followed and may become one."""
        self.notes.no_traces[reader.number] = reader.judgement
        if self._follow and not reader.source.ended and reader.may_become_one:
            return more
        reader.source.leave()
        self._turns.drop(reader)
        return False

    def _refused(self, reader: Reader, reason: str) -> None:
        """Note a source that cannot be read now; it is tried again as long as it is followed."""
        self.notes.refusals[reader.number] = reason
        if reader.source.ended or not self._follow:
            self._turns.drop(reader)
