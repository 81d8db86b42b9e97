"""An immutable view of the store at one revision: all that other rooms may know of it."""

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from tracetui.model.batch import Heartbeat, Writer
from tracetui.model.columns import STORED, StoredColumns
from tracetui.model.resource_facts import ResourceFacts
from tracetui.store.accounting.labels import Labels
from tracetui.store.columns import UNKNOWN, Changes
from tracetui.store.health import Health
from tracetui.store.joining.intern import Origin
from tracetui.store.joining.keys import one_span_id, span_ids

_NONE = np.empty(0, np.int32)


class Snapshot(StoredColumns, frozen=True, eq=False, dict=True):
    """Spans as parallel columns (see `StoredColumns`), and what is known beside them.

    `resources` has, by origin, the facts about process and CI job, `source_of_origin` its source; `clocks` is
    what any resource says of its times. `heartbeats` has the last of each source, that which came last at the
    end, `last_beats` the last of each writer; none was later than `latest_beat_ns`. By `key`, `expected` says
    how many tests a suite said it would run, `workers` on how many, `jobs` what it said itself of its CI job.
    `growing` are the followed sources that still change, `quiet` those that have not for a while but may yet.
    Rows and starts are the same from revision to revision while `renewals` stays the same; `changes` says
    which rows were written to.
    """

    revision: int
    trace_ids: Sequence[str]
    texts: Sequence[str]
    trace_digests: NDArray[np.uint64]
    origins: Sequence[Origin]
    resources: Sequence[ResourceFacts]
    source_of_origin: NDArray[np.int32]
    sources: Labels
    opaque_ids: Mapping[int, str]
    heartbeats: dict[int, Heartbeat]
    last_beats: Mapping[Writer, Heartbeat]
    latest_beat_ns: int
    expected: Mapping[int, int]
    workers: Mapping[int, int]
    jobs: Mapping[int, ResourceFacts]
    health: Health
    growing: frozenset[int] = frozenset()
    quiet: frozenset[int] = frozenset()
    renewals: int = 0
    clocks: frozenset[str] = frozenset()
    changes: Changes = UNKNOWN

    def part(self, rows: NDArray[np.int32], parents: NDArray[np.int32], names: Collection[str]) -> "Snapshot":
        """Only `rows`, renumbered in this order; `parents` are their parents, by the new numbers.

        Of the columns it has `parent_row` and those with these `names`: to gather all takes far longer.
        """
        columns = {name: getattr(self, name)[rows] if name in names else _NONE for name in STORED}
        return replace(self, **columns | {"parent_row": parents}, changes=UNKNOWN)

    def name(self, row: int) -> str:
        """The span's name, as written: foreign text."""
        return self.texts[int(self.name_id[row])]

    def title(self, row: int) -> str:
        """The span's title (a test's or suite's name, else the span's): foreign text."""
        return self.texts[int(self.title_id[row])]

    def worker(self, row: int) -> str:
        """The lane that the span itself names, or an empty text: foreign text."""
        return self.texts[int(self.worker_id[row])]

    def trace_id(self, row: int) -> str:
        """Lower-case hex, or whatever the writer used instead."""
        return self.trace_ids[int(self.trace_index[row])]

    def span_id_text(self, row: int) -> str:
        """Lower-case hex, or whatever the writer used instead."""
        every = self.__dict__.get("span_id")  # Where somebody has asked for all, one is at hand.
        if every is None:
            number = one_span_id(int(self.trace_digests[self.trace_index[row]]), int(self.key[row]))
        else:
            number = int(every[row])
        opaque = self.opaque_ids.get(number)
        return f"{number:016x}" if opaque is None else opaque

    def span_ids(self, rows: NDArray[np.integer[Any]]) -> NDArray[np.uint64]:
        """The span ids of `rows` as numbers."""
        return span_ids(self.trace_digests[self.trace_index[rows]], self.key[rows])

    @cached_property
    def span_id(self) -> NDArray[np.uint64]:
        """The span ids of all rows as numbers."""
        return span_ids(self.trace_digests[self.trace_index], self.key)

    @cached_property
    def source_id(self) -> NDArray[np.int32]:
        """The sources of all rows."""
        return self.source_of_origin[self.origin_id]

    def sources_of(self, rows: NDArray[np.integer[Any]]) -> NDArray[np.int32]:
        """The sources of `rows`."""
        sources: NDArray[np.int32] = self.source_of_origin[self.origin_id[rows]]
        return sources

    def origin(self, row: int) -> Origin:
        """The span's source, resource and scope."""
        return self.origins[int(self.origin_id[row])]

    def resource(self, row: int) -> ResourceFacts:
        """What the span's resource, or a suite's span itself, says of process and CI job."""
        facts = self.resources[int(self.origin_id[row])]
        of_job = self.jobs.get(int(self.key[row])) if self.jobs else None
        return of_job.over(facts) if of_job else facts

    def service(self, row: int) -> str:
        """The service that wrote the span, or an empty text: foreign text."""
        return self.resources[int(self.origin_id[row])].service

    @property
    def writers(self) -> int:
        """How many resources it has."""
        return len({origin.resource for origin in self.origins})

    @property
    def orphans(self) -> int:
        """Spans with a named parent that is not in the recording."""
        return int(np.count_nonzero((self.parent_row < 0) & (self.parent_key != 0)))
