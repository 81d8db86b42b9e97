"""Sources to formats to store, in batches bounded by time; the only module that joins the three."""

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path

from tracetui.errors import DecodeError, InputError
from tracetui.formats.detail import decode_log, decode_span
from tracetui.formats.detect import Detected
from tracetui.ingest.kept import LEAST_BYTES, Kept
from tracetui.ingest.room import Room
from tracetui.model.batch import Problem, SpanBatch
from tracetui.model.kind import Kind
from tracetui.model.span import Event, Span
from tracetui.sources.block import Source
from tracetui.sources.compressed import Unpacked
from tracetui.sources.descriptors import raise_descriptor_limit
from tracetui.sources.directory import Directory
from tracetui.sources.recorded import RecordedFile
from tracetui.sources.stdin import StdinSource
from tracetui.sources.writers import SILENCE_NS, is_alive
from tracetui.store.health import EXCERPT_BYTES, MOST_EXAMPLES, Trouble
from tracetui.store.logs import LogIndex, Place
from tracetui.store.snapshot import Snapshot
from tracetui.store.table import SpanTable

BLOCK_BYTES = 4 * 1024 * 1024
"""Read at a time: some ten milliseconds of decoding."""

_LARGEST_KEPT = (32 << 20) - 8192

STDIN = "-"


class _Reader:
    """One source on its way into the table."""

    def __init__(self, source: Unpacked, number: int) -> None:
        self.source = source
        self.number = number
        self.format = Detected()
        self.refused = False


class Ingest:
    """Reads `paths` (files, directories, `-` for standard input) into one table; `follow`s them as they grow.

    `sweep` looks for what is new, `step` decodes for a moment. Both belong to one thread; `span` may be
    called from another. With `cache`, large recordings are kept in the user's cache: see `kept`.
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
        _keep_memory()
        self.table = SpanTable()
        self.logs = LogIndex()
        self._room = Room(self.table, self.logs, memory)
        self.formats: set[str] = set()
        self.total_bytes = 0
        self._follow = follow
        self._cache = cache and not follow
        self._kept: Kept | None = None
        self._sources: list[Unpacked] = []
        self._active: list[_Reader] = []
        self._directories: list[Directory] = []
        self._pending: dict[int, int] = {}
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
            for problem in directory.new_problems:
                self.table.unreadable(problem.path, problem.reason)
        self.total_bytes = sum(source.size for source in self._sources)
        if self._cache:
            self._cache = False
            self._reopen()
        self.judge()

    def judge(self) -> None:
        """Marks as cut off what is unfinished and whose writer is gone."""
        now = time.time_ns()
        written = (abs(now - reader.source.modified_ns) <= SILENCE_NS for reader in self._active)
        self.table.set_growing(self._follow and any(written))
        self.table.set_gone(
            number for number in self.table.unfinished_sources if not self._is_written(number, now)
        )

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
        self._keep()
        return False

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
        origin = snapshot.origin(row)
        source = self._sources[origin.source]
        data = source.read_at(int(snapshot.offset[row]), int(snapshot.length[row]))
        try:
            told = decode_span(data, origin.resource, origin.scope)
        except DecodeError as error:
            raise InputError(
                f"{source.label}: the span cannot be read back ({error}); open it again"
            ) from error
        return self._logged(_placed(told, snapshot, row))

    def read_at(self, source: int, offset: int, length: int) -> bytes:
        """Bytes of a source that was read, again; raises `InputError` where they are gone."""
        return self._sources[source].read_at(offset, length)

    def _logged(self, span: Span) -> Span:
        """The span with its log records among its events, in order of time."""
        logged = [self._event(place) for place in self.logs.of(span.trace_id, span.span_id)]
        if not logged:
            return span
        return replace(span, events=tuple(sorted((*span.events, *logged), key=lambda event: event.time_ns)))

    def _event(self, place: Place) -> Event:
        try:
            return decode_log(self._sources[place.source].read_at(place.offset, place.length))
        except (InputError, DecodeError) as error:
            return Event(0, f"log record that cannot be read back: {error}", {})

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
        if block:
            reader.format.feed(block.data)
        else:
            self._pause(reader)
        batch = reader.format.take()
        if not block and reader.source.trouble:
            kind = Kind.BOMB if reader.source.is_bomb else Kind.INCOMPLETE
            batch.torn.append(Problem(reader.source.size, reader.source.trouble, kind=kind))
        self._show(reader.source, batch)
        self._wait(reader, waits=block is None)
        if batch or block:
            self.table.append(reader.number, batch, len(block.data) if block else 0)
            self.logs.add(reader.number, batch.logs)
            self.formats.update(_formats(reader, batch))
            self._room.keep(self.judge)
        if not block and reader.source.ended:
            self._active.remove(reader)
        return block is not None

    def _pause(self, reader: _Reader) -> None:
        """No more bytes, for now or for good."""
        if reader.source.reset:
            self.table.reset(reader.number)
        elif reader.source.ended:
            reader.format.finish()
        else:
            reader.format.settle()

    def _show(self, source: Unpacked, batch: SpanBatch) -> None:
        """Gives the first problems of each kind an excerpt."""
        for default, problems in ((Kind.REJECTED, batch.rejected), (Kind.TORN, batch.torn)):
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

    def _keep(self) -> None:
        """Keeps in the cache what has been read to its end, if all of it was and is still there."""
        if self._kept and self.ended:
            lost = self.table.health.count(Kind.EVICTED, Kind.REFUSED, Kind.RESET, Kind.UNREADABLE)
            if not lost:
                self._kept.keep(self.table, self.logs)
            self._kept = None

    def _to_the_end(self, reader: _Reader) -> None:
        """The others come first at the next step: one long file must not hide what many short ones tell."""
        if reader in self._active:
            self._active.remove(reader)
            self._active.append(reader)

    def _refused(self, reader: _Reader, reason: str) -> None:
        """A source that cannot be read now: told once; tried again as long as it is followed."""
        if not reader.refused:
            self.table.unreadable(reader.source.label, reason)
        reader.refused = True
        if not self._follow:
            self._active.remove(reader)

    def _is_written(self, number: int, now_ns: int) -> bool:
        source, beat = self._sources[number], self.table.heartbeats.get(number)
        if beat is None:
            # A copy is younger than what it tells.
            heard_ns = min(source.modified_ns, self.table.newest_ns(number))
            return is_alive(0, "", "", heard_ns, now_ns)
        # A writer starts a new file when one grows long: it was last heard of in the newest.
        writer = (beat.pid, beat.host, beat.boot_id)
        beats = self.table.heartbeats.values()
        heard_ns = max(each.time_ns for each in beats if (each.pid, each.host, each.boot_id) == writer)
        return is_alive(*writer, heard_ns, now_ns)


def _keep_memory() -> None:
    """Blocks and what is made of them come and go by the megabyte: the allocator is to keep their memory.

    Having seen a large piece freed, glibc gives back none smaller than that (mallopt(3), M_MMAP_THRESHOLD);
    elsewhere this does nothing. Without it a fifth of the time goes to the kernel, for fresh pages.
    """
    bytes(_LARGEST_KEPT)


def _placed(span: Span, snapshot: Snapshot, row: int) -> Span:
    """The span with the ids and times of its row, for not every format tells them beside a span."""
    parent_row = int(snapshot.parent_row[row])
    return replace(
        span,
        trace_id=snapshot.trace_id(row),
        span_id=snapshot.span_id_text(row),
        parent_span_id=snapshot.span_id_text(parent_row) if parent_row >= 0 else span.parent_span_id,
        start_ns=int(snapshot.start_ns[row]),
        end_ns=int(snapshot.end_ns[row]),
    )


def _formats(reader: _Reader, batch: SpanBatch) -> set[str]:
    """What spans were written as, and how they were compressed."""
    names = batch.formats or ({reader.format.name} if len(batch) else set())
    return names | ({reader.source.packing} if reader.source.packing else set())
