"""What a recording has beside its spans: its sources, their writers, and its problems."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from types import MappingProxyType

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from tracetui.model.batch import Heartbeat, SpanBatch
from tracetui.model.kind import Kind
from tracetui.store.accounting.dropped import Dropped
from tracetui.store.accounting.labels import Labels
from tracetui.store.accounting.recounting import MOST_COUNTED, Recounting
from tracetui.store.accounting.signs_of_life import SignsOfLife
from tracetui.store.health import Health, Trouble
from tracetui.store.joining.blocks import Blocks
from tracetui.store.joining.bundle import Bundle
from tracetui.store.joining.identity import Record
from tracetui.store.joining.intern import Intern
from tracetui.store.suites import Suites


class Accounts:
    """Sources by number, the last heartbeat of each, `health`, and a revision that grows with every
    change.
    """

    def __init__(self) -> None:
        self._sources = Labels()
        self._intern = Intern()
        self._signs = SignsOfLife({})
        self._fruitful: set[int] = set()
        self._dropped = Dropped(self._sources)
        self._newest: dict[int, int] = {}
        self._revision = 0
        self._growing: frozenset[int] = frozenset()
        self._quiet: frozenset[int] = frozenset()
        self._suites = Suites()
        self._recounting = Recounting()
        self._crowded: set[int] = set()
        self.health = Health()

    def add_source(self, label: str) -> int:
        """Add a source; returns its number for `append`."""
        self._sources.append(label)
        return len(self._sources) - 1

    @property
    def sources(self) -> Sequence[str]:
        """The labels of the sources, by number."""
        return self._sources

    @property
    def revision(self) -> int:
        """Grows with every change."""
        return self._revision

    @property
    def fruitful_sources(self) -> frozenset[int]:
        """The sources that held at least one span or log record."""
        return frozenset(self._fruitful)

    @property
    def heartbeats(self) -> Mapping[int, Heartbeat]:
        """The last heartbeat of each source that had one."""
        return self._signs.by_source

    def new_beats(self) -> Collection[int]:
        """The sources with another heartbeat since this was asked last."""
        return self._signs.new()

    def newest_ns(self, source: int) -> int:
        """The latest start or end in a source; 0 if it has none."""
        return self._newest.get(source, 0)

    def _heard(self, source: int | Bundle | Blocks, new: Record) -> None:
        if isinstance(source, int):
            latest = {source: max(int(new["start_ns"].max()), int(new["end_ns"].max()))}
        else:
            latest = source.newest(new)
        if isinstance(source, Bundle):
            for number, count in source.counts(new).items():
                self._dropped.holds(number, count)
        for number, time_ns in latest.items():
            self._newest[number] = max(time_ns, self._newest.get(number, 0))

    def set_growing(self, sources: Iterable[int], quiet: Iterable[int] = ()) -> None:
        """Set which followed sources still change, and which have not for a while but may yet.

        Runs with either kind may get more spans, even if they seem to have ended.
        """
        before = self._growing, self._quiet
        self._growing, self._quiet = frozenset(sources), frozenset(quiet)
        if before != (self._growing, self._quiet):
            self._revision += 1

    def over(self, source: int) -> None:
        """Note a source whose file was deleted or rewritten: its writer counts on elsewhere."""
        self._dropped.over(source)
        self._count_dropped()

    def reset(self, source: int) -> None:
        """Note a source whose bytes were cut or rewritten while it was followed."""
        self._lost(source, Kind.RESET, "truncated or rewritten while it was read")

    def deleted(self, source: int) -> None:
        """Note a source whose file was deleted before all of it was read."""
        self._lost(source, Kind.DELETED, "deleted before it was read to its end")

    def _lost(self, source: int, kind: Kind, reason: str) -> None:
        self.over(source)
        trouble = Trouble(self._sources[source], 0, reason)
        self.health = self.health.more(kind, [trouble], label=trouble.file)
        self._revision += 1

    def now(
        self,
        kind: Kind,
        count: int,
        troubles: Iterable[Trouble] = (),
        sources: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        """Set how many of a kind there are, and how many in each of `sources`, replacing earlier counts."""
        health = self.health.now(kind, count, troubles, sources)
        if health is not self.health:
            self.health = health
            self._revision += 1

    def _count(self, source: int | Bundle, batch: SpanBatch, size: int) -> None:
        if isinstance(source, Bundle):
            self._fruitful.update(source.sources.tolist())
            self.health = replace(self.health, bytes=self.health.bytes + size)
            return
        self._dropped.holds(source, len(batch))
        if batch.heartbeats:
            self._signs.hear(source, batch.heartbeats[-1])
        if len(batch) or batch.heartbeats or batch.log_records:
            self._fruitful.add(source)
        label, health = self._sources[source], self.health
        health = replace(
            health, bytes=health.bytes + size, log_records=health.log_records + batch.log_records
        )
        by_kind = {Kind.REJECTED: batch.rejected, Kind.WRONG_TYPE: batch.noted, Kind.TORN: batch.torn}
        for kind, problems in by_kind.items():
            self._recounting.note(source, kind, problems)
            health = health.problems_of(label, kind, problems)
        self.health = health
        if batch.heartbeats:
            self._dropped.beat(source, batch.heartbeats[-1])
            self._count_dropped()

    def _uncount(self, source: int, offset: int, log_records: int) -> None:
        """Subtract what was counted of a source from `offset` on."""
        health, label = self.health, self._sources[source]
        for kind, count in self._recounting.take_back(source, offset).items():
            health = health.less(kind, count, label, offset)
        self.health = replace(health, log_records=health.log_records - log_records)
        self._revision += 1

    def _count_dropped(self) -> None:
        if not self._dropped.is_new:
            return
        lost = list(self._dropped.lost())
        sources: Counter[str] = Counter()
        for count, trouble in lost:
            sources[trouble.file] += count
        self.now(Kind.DROPPED, sources.total(), (trouble for _, trouble in lost), sources)

    def _note_collisions(self, new: Record, beside: NDArray[np.intp], many: int) -> None:
        """Count spans whose ids so many others have `beside` each; once for each, ids that `many` have."""
        self._note(Kind.COLLISION, new, "other name or start than the span that has its ids")
        for place in np.flatnonzero(beside >= many).tolist():
            key = int(new["key"][place])
            if key not in self._crowded:
                self._crowded.add(key)
                one = {name: column[place : place + 1] for name, column in new.items()}
                self._note(Kind.NAMESAKES, one, f"at least {beside[place]} others have its ids")

    def _note(self, kind: Kind, new: Record, reason: str) -> None:
        """Count more records of a kind."""
        origins = self._intern.origins.values
        columns = (new[name] for name in ("origin_id", "offset", "length", "key"))
        troubles = (
            Trouble(self._sources[origins[origin].source], int(offset), reason, int(length), key=int(key))
            for origin, offset, length, key in zip(*columns, strict=True)
        )
        if len(new["key"]):
            self.health = self.health.more(kind, troubles, len(new["key"]))
        if kind is Kind.DUPLICATE:  # Other spans with the ids of one stay, as its row does.
            sources = (origins[origin].source for origin in new["origin_id"].tolist())
            places = zip(sources, new["offset"].tolist(), strict=True)
            self._recounting.note_places(kind, islice(places, max(0, len(new["key"]) - MOST_COUNTED), None))
