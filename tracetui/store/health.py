"""What could not be decoded, was seen twice or lost: by kind the count, and the first examples."""

from collections.abc import Iterable, Mapping
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from tracetui.model.batch import Problems
from tracetui.model.kind import Kind

MOST_EXAMPLES = 100
"""Of each kind; more are only counted."""

EXCERPT_BYTES = 80


class Trouble(NamedTuple):
    """One example: the source's label as the user knows it, the byte offset there, and the reason.

    `length` is how many bytes it concerns, 0 if unknown; `excerpt` the first of them, foreign; `key` is that
    of the span, as in the column `key`, 0 for none.
    """

    file: str
    offset: int
    reason: str
    length: int = 0
    excerpt: bytes = b""
    key: int = 0


class Tally(Struct, frozen=True):
    """The count, and the first examples; for losses, the count for each source label.

    What is in no source, or in an unknown one, is in none of `sources`.
    """

    count: int = 0
    examples: tuple[Trouble, ...] = ()
    sources: Mapping[str, int] = field(default_factory=dict)


class About(NamedTuple):
    """A description of a kind, and what was done about it; `loss` if something is missing because of it."""

    said: str
    done: str
    loss: bool = False


ABOUT: Mapping[Kind, About] = {
    Kind.REJECTED: About("non-span records", "left out; reading continues after them", loss=True),
    Kind.TOO_LONG: About("records longer than 64 MiB", "skipped to their end", loss=True),
    Kind.TORN: About("truncated records", "left out; the complete spans in them are shown", loss=True),
    Kind.INCOMPLETE: About("truncated compressed files", "read up to the last good byte", loss=True),
    Kind.BOMB: About("decompression bombs", "reading stopped at the limit", loss=True),
    Kind.UNREADABLE: About(
        "unreadable files or directories", "retried at every sweep while followed", loss=True
    ),
    Kind.RESET: About(
        "files truncated or rewritten while being read",
        "what was read is shown; the new content is read from its start",
        loss=True,
    ),
    Kind.DELETED: About(
        "files deleted before they were read to their end",
        "what was read is shown; the rest is gone",
        loss=True,
    ),
    Kind.DROPPED: About(
        "spans reported as dropped by their writer", "not recoverable: they were never written", loss=True
    ),
    Kind.EVICTED: About(
        "evicted spans of finished runs, to stay below the memory ceiling",
        "oldest first; raise the ceiling with --memory, or open them alone",
        loss=True,
    ),
    Kind.REFUSED: About(
        "spans refused because the memory ceiling is reached",
        "no finished run is left to evict; raise the ceiling with --memory",
        loss=True,
    ),
    Kind.CUT_OFF: About("spans that never ended: their process died", "shown up to the last sign of life"),
    Kind.END_LOST: About(
        "spans whose end was lost: their process or suite went on", "shown up to the last span inside them"
    ),
    Kind.PENDING: About("records whose end has not arrived yet", "held back until it does"),
    Kind.DUPLICATE: About("duplicate spans", "kept once"),
    Kind.COLLISION: About("different spans with the same ids", "all kept"),
    Kind.NAMESAKES: About(
        "ids shared by more than 16 spans",
        "all shown; duplicates and parents are looked up among 16 of them",
    ),
    Kind.CYCLE: About("parent cycles", "cut at their oldest span"),
    Kind.ORPHAN: About("spans whose parent is not in the recording", "shown as roots until it arrives"),
    Kind.CLOCK: About(
        "spans with impossible times", "shown with the badge `clock` and no bar; their time is not counted"
    ),
    Kind.SKEW: About(
        "processes whose clock is off: their spans lie outside their parents",
        "shown shifted to where they fit; left out of stalls, imbalance and run length",
    ),
    Kind.UNIT: About(
        "spans whose times seem to be in the wrong unit",
        "shown as written; OTLP uses nanoseconds, Jaeger and Zipkin microseconds",
    ),
    Kind.LOGS_LEFT_OUT: About("log records past the limit of 1M", "counted; not shown beside their spans"),
    Kind.EVENTS_LEFT_OUT: About(
        "non-span trace events", "counted; counters, samples and the like are not shown"
    ),
    Kind.WRONG_TYPE: About("fields of the wrong type", "left out; their spans are shown"),
    Kind.OTHER_LINES: About(
        "lines of text among the records",
        "skipped: they look like log output and contain no spans",
    ),
    Kind.NO_TRACE: About("files that hold no trace", "recognized by how they begin, and not read"),
    Kind.WATCHER_CLOCK: About(
        "directories whose writer's clock differs from this machine's",
        "elapsed times and rates use the writer's clock",
    ),
    Kind.POLLING: About(
        "directories without change notifications", "scanned at intervals; the reason is beside each"
    ),
}
"""In the order in which they are told: losses first."""

_NONE = Tally()


class Health(Struct, frozen=True):
    """By kind, counts since the recording was opened, and the first examples; `bytes` is what was read.

    `kinds` holds what the store found; the rest (cycles, orphans, clocks) follows from the spans.
    """

    bytes: int = 0
    log_records: int = 0
    kinds: Mapping[Kind, Tally] = field(default_factory=dict)

    def count(self, *kinds: Kind) -> int:
        """The count of any of `kinds`."""
        return sum(self.kinds.get(kind, _NONE).count for kind in kinds)

    def room(self, kind: Kind) -> int:
        """How many more examples are wanted."""
        return MOST_EXAMPLES - len(self.kinds.get(kind, _NONE).examples)

    def more(self, kind: Kind, troubles: Iterable[Trouble], count: int = 1, label: str = "") -> "Health":
        """The same with `count` more of a kind, in the source `label` if known.

        Only as many of `troubles` are looked at as are wanted.
        """
        before = self.kinds.get(kind, _NONE)
        examples = before.examples + tuple(islice(troubles, self.room(kind)))
        sources = before.sources
        if label and ABOUT[kind].loss:
            sources = {**sources, label: sources.get(label, 0) + count}
        return replace(self, kinds={**self.kinds, kind: Tally(before.count + count, examples, sources)})

    def less(self, kind: Kind, count: int, label: str, offset: int) -> "Health":
        """The same without `count` of a kind, which the source `label` had at or after `offset`."""
        before = self.kinds.get(kind, _NONE)
        examples = tuple(
            example for example in before.examples if example.file != label or example.offset < offset
        )
        sources = dict(before.sources)
        if label in sources:
            sources[label] -= count
        kept = {name: number for name, number in sources.items() if number > 0}
        return replace(self, kinds={**self.kinds, kind: Tally(before.count - count, examples, kept)})

    def problems_of(self, label: str, default: Kind, problems: Problems) -> "Health":
        """The same with the problems of a source; `default` is the kind of those that name none."""
        health = self
        for kind in {problem.kind or default for problem in problems}:
            same = [problem for problem in problems if (problem.kind or default) is kind]
            troubles = (Trouble(label, one.offset, one.reason, one.length, one.excerpt) for one in same)
            health = health.more(kind, troubles, sum(one.number for one in same), label)
        return health.more(default, (), problems.more, label) if problems.more else health

    def now(
        self,
        kind: Kind,
        count: int,
        troubles: Iterable[Trouble] = (),
        sources: Mapping[str, int] = MappingProxyType({}),
    ) -> "Health":
        """The same with the count of a kind, and of each of `sources`, replaced."""
        tally = Tally(count, tuple(troubles)[:MOST_EXAMPLES], dict(sources))
        return (
            self if tally == self.kinds.get(kind, _NONE) else replace(self, kinds={**self.kinds, kind: tally})
        )

    @property
    def rejected(self) -> int:
        """Non-span records, and those that are too long."""
        return self.count(Kind.REJECTED, Kind.TOO_LONG)

    @property
    def torn(self) -> int:
        """Records and compressed files that end early."""
        return self.count(Kind.TORN, Kind.INCOMPLETE, Kind.BOMB)

    @property
    def duplicates(self) -> int:
        """Records of spans that were already there."""
        return self.count(Kind.DUPLICATE)

    @property
    def collisions(self) -> int:
        """Spans under ids that another span has."""
        return self.count(Kind.COLLISION)

    @property
    def dropped(self) -> int:
        """What writers say they lost themselves."""
        return self.count(Kind.DROPPED)

    @property
    def unreadable(self) -> int:
        """Files and directories."""
        return self.count(Kind.UNREADABLE)

    @property
    def resets(self) -> int:
        """Files that were cut or rewritten."""
        return self.count(Kind.RESET)

    @property
    def problems(self) -> tuple[Trouble, ...]:
        """The first examples of what was rejected, torn, unreadable, reset or deleted."""
        return tuple(trouble for kind in _PROBLEMS for trouble in self.kinds.get(kind, _NONE).examples)

    @property
    def losses(self) -> Mapping[Kind, int]:
        """What is missing from what is shown: the kinds of loss that occur, in the order of `ABOUT`."""
        return {kind: count for kind in ABOUT if ABOUT[kind].loss and (count := self.count(kind))}

    @property
    def lost(self) -> int:
        """Their sum."""
        return sum(self.losses.values())


_PROBLEMS = (
    Kind.REJECTED,
    Kind.TOO_LONG,
    Kind.TORN,
    Kind.INCOMPLETE,
    Kind.BOMB,
    Kind.UNREADABLE,
    Kind.RESET,
    Kind.DELETED,
)
