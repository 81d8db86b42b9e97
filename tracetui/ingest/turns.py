"""Schedules readers in rounds: a source that was read waits until all others were."""

from collections.abc import Container, Iterable, Sequence

from tracetui.ingest.reader import Reader
from tracetui.store.table import SpanTable


class Turns:
    """The readers that may have more, in the order in which they were added or `newest_first`."""

    def __init__(self, *, newest_first: bool) -> None:
        self._newest_first = newest_first
        self._readers: list[Reader] = []
        self._asleep: dict[int, Reader] = {}
        self._round: list[Reader] = []
        self._written: frozenset[int] | None = None
        self._fell_asleep: list[Reader] = []

    def stirred(self) -> list[Reader]:
        """Those that are awake, or have been since this was asked last."""
        fell_asleep, self._fell_asleep = self._fell_asleep, []
        return self._readers + fell_asleep

    def __len__(self) -> int:
        return len(self._readers) + len(self._asleep)

    def add(self, readers: Sequence[Reader]) -> None:
        """Add the readers of new sources, in their order."""
        if self._newest_first:
            self._readers[:0] = readers
            self._round += readers[::-1] if self._round else ()
        else:
            self._readers += readers
            self._round[:0] = readers[::-1] if self._round else ()

    def only(self, numbers: Iterable[int]) -> None:
        """The next round is that of some sources: nothing has been written to the others."""
        self._written = frozenset(numbers)

    def begin(self) -> None:
        """Begin a new round unless one is in progress, with all that are awake; who falls asleep releases
        its state.
        """
        written, self._written = self._written, None
        if self._round:
            return
        if written is not None:
            self._round = [reader for reader in self._readers if reader.number in written][::-1]
            return
        asleep = [reader for reader in self._readers if reader.is_asleep]
        for reader in asleep:
            reader.forget()
            self._asleep[reader.number] = reader
        self._fell_asleep += asleep
        if asleep:
            self._readers = [reader for reader in self._readers if reader.number not in self._asleep]
        self._round = self._readers[::-1]

    def wake(self, numbers: Iterable[int] | None = None) -> None:
        """Those of the readers of some sources, or of all, whose files have changed are awake again."""
        some = list(self._asleep) if numbers is None else [each for each in numbers if each in self._asleep]
        woken = [self._asleep.pop(number) for number in some if not self._asleep[number].is_asleep]
        self._readers[:0] = woken

    def next(self) -> Reader | None:
        """The next reader; None if the round is over."""
        while self._round:
            reader = self._round.pop()
            if not reader.done:
                return reader
        return None

    @property
    def left(self) -> bool:
        """Whether the round is not over yet."""
        return bool(self._round)

    def postpone(self, reader: Reader) -> None:
        """Move a reader to the end of the round: one long file must not delay many short ones.

        Recordings are read one after the other: their contents have the same order each time.
        """
        self._round.insert(0 if self._newest_first else len(self._round), reader)

    def drop(self, reader: Reader) -> None:
        """Remove a reader that is done; the members of an archive were never among the others."""
        reader.done = True
        self._asleep.pop(reader.number, None)
        if reader in self._readers:
            self._readers.remove(reader)

    def clear(self) -> None:
        """Remove all readers."""
        self._readers, self._asleep, self._round, self._fell_asleep = [], {}, [], []


class Sizes:
    """How many bytes there are to read, without `no_traces`: readers that are done are added up once."""

    def __init__(self, no_traces: Container[int]) -> None:
        self._no_traces = no_traces
        self._readers: list[Reader] = []
        self._done = 0

    def add(self, reader: Reader) -> None:
        """One more, whether it has turns or is that of a member of an archive."""
        self._readers.append(reader)

    @property
    def total(self) -> int:
        """As far as is known now."""
        self._done += self._bytes(reader for reader in self._readers if reader.done)
        self._readers = [reader for reader in self._readers if not reader.done]
        return self._done + self._bytes(self._readers)

    def _bytes(self, readers: Iterable[Reader]) -> int:
        return sum(reader.source.size for reader in readers if reader.number not in self._no_traces)


class Results:
    """The readers of test results, which wait until everything else has been read.

    They go on only if there is nothing but results: beside spans they are a second account of the same run,
    and every test would count twice.
    """

    def __init__(self, turns: Turns, table: SpanTable) -> None:
        self._turns = turns
        self._table = table
        self._waiting: list[Reader] = []

    @property
    def wait(self) -> bool:
        """Whether any do."""
        return bool(self._waiting)

    @property
    def are_alone(self) -> bool:
        """Whether there has been no span so far."""
        return not len(self._table)

    def hold(self, reader: Reader) -> bool:
        """Let a reader wait: False, as it has no more now."""
        self._turns.drop(reader)
        self._waiting.append(reader)
        return False

    def go_on(self) -> list[Reader]:
        """Let them go on; returns those that are not to be read."""
        if not self._waiting:
            return []  # To count the spans of the table would make rows of what it holds.
        waiting, self._waiting = self._waiting, []
        reads = self.are_alone
        for reader in waiting:
            reader.done = False
            reader.go_on(reads_results=reads)
        if reads:
            self._turns.add(waiting)
        return [] if reads else waiting
