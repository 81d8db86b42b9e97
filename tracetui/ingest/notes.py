"""Temporary problems of sources: Health shows their present state, not their past."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from tracetui import units
from tracetui.formats.what_is_it import Judgement
from tracetui.model.kind import Kind
from tracetui.sources.directory import Directory
from tracetui.sources.unpacking.compressed import Unpacked
from tracetui.store.accounting.accounts import Accounts
from tracetui.store.health import MOST_EXAMPLES, Trouble


class Notes:
    """By source number: which are unreadable, which are not traces, which end in the middle of a record."""

    def __init__(
        self, accounts: Accounts, sources: Sequence[Unpacked], directories: Sequence[Directory]
    ) -> None:
        self.no_traces: dict[int, Judgement] = {}
        self.refusals: dict[int, str] = {}
        self._pending: dict[int, int] = {}
        self._accounts = accounts
        self._sources = sources
        self._directories = directories

    @property
    def others(self) -> Mapping[str, str]:
        """By label, the kind of each source that is not a trace, and of what in directories is no file."""
        return dict(self._others())

    @property
    def progress(self) -> tuple[int, int]:
        """The bytes read and the total, as files have them, compressed or not."""
        parts = [source.progress for source in self._sources]
        return sum(read for read, _ in parts), sum(size for _, size in parts)

    def waits(self, number: int, held: int) -> None:
        """Note that a source holds `held` bytes of a record that may still be completed."""
        if held:
            self._pending[number] = held
        else:
            self._pending.pop(number, None)

    def tell(self) -> None:
        """Bring Health up to date."""
        reasons = {self._sources[number].label: reason for number, reason in self.refusals.items()}
        for directory in self._directories:
            reasons |= {problem.path: problem.reason for problem in directory.problems}
        troubles = (Trouble(path, 0, why) for path, why in reasons.items())
        self._accounts.now(
            Kind.UNREADABLE, len(reasons), islice(troubles, MOST_EXAMPLES), dict.fromkeys(reasons, 1)
        )
        count = len(self.no_traces) + sum(len(directory.others) for directory in self._directories)
        self._say(Kind.NO_TRACE, count, (Trouble(label, 0, what) for label, what in self._others()))
        self._say(Kind.PENDING, len(self._pending), self._unfinished(self._pending))

    def polls(self, why: str) -> None:
        """Set why followed files are only polled; an empty text if they are not."""
        troubles = [Trouble(directory.path, 0, why) for directory in self._directories if why]
        self._say(Kind.POLLING, len(troubles), iter(troubles))

    def clock(self, ahead_ns: int) -> None:
        """Set how far the local clock is ahead of the writers'; 0 if they agree."""
        way = "ahead of" if ahead_ns > 0 else "behind"
        why = f"the clock here is about {units.duration(abs(ahead_ns))} {way} the writer's"
        troubles = [Trouble(directory.path, 0, why) for directory in self._directories if ahead_ns]
        self._say(Kind.WATCHER_CLOCK, len(troubles), iter(troubles))

    def _say(self, kind: Kind, count: int, troubles: Iterator[Trouble]) -> None:
        self._accounts.now(kind, count, islice(troubles, MOST_EXAMPLES))

    def _others(self) -> Iterator[tuple[str, str]]:
        for number, what in self.no_traces.items():
            yield self._sources[number].label, str(what)
        for directory in self._directories:
            for other in directory.others:
                yield other.path, other.reason

    def _unfinished(self, pending: Mapping[int, int]) -> Iterator[Trouble]:
        for number, held in pending.items():
            source = self._sources[number]
            yield Trouble(
                source.label, max(0, source.size - held), f"{held} bytes, the rest may still come", held
            )
