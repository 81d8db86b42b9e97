"""The critical path of a run as a page and as JSON: its segments, and where most of it was spent."""

from collections.abc import Iterator
from typing import NamedTuple

from tracetui import units
from tracetui.analysis.critical_path.path import Path, Segment
from tracetui.analysis.ledger.accounts import Account
from tracetui.analysis.study.findings import Findings
from tracetui.model.role import Role
from tracetui.report.as_json import about
from tracetui.report.as_json import document as as_document
from tracetui.report.drawing.columns import table
from tracetui.report.drawing.style import PLAIN, QUIET, STRONG, WARNING, Line, many, words

NEVER_SAVED = (
    "what would be saved is never a segment's length: in a pool of workers others refill the time",
    "(tracetui what-if tells)",
)
_KINDS = {
    Account.TESTS: "test",
    Account.FIXTURES: "fixture",
    Account.HOOKS: "hook",
    Account.DERIVED: "derived hook",
    Account.ARCHIVING: "archiver",
    Account.COLLECTION: "collection",
    Account.UNACCOUNTED: "unaccounted",
    Account.WORKER_START: "worker start",
    Account.STALLED: "stalled",
    Account.IDLE: "wait",
    Account.ABSENT: "no worker",
}

_DOES = {
    Account.UNACCOUNTED: "is done",
    Account.WORKER_START: "starts",
    Account.STALLED: "is stalled",
    Account.IDLE: "waits",
    Account.ABSENT: "is not there",
}
_MOST_KINDS = 4


class Step(NamedTuple):
    """A segment; `title`, `phase` and `lane` are foreign text. `span_id` is None if nothing ran.

    `phase` is the phase of the test that it is in, empty for other kinds.
    """

    span_id: str | None
    title: str
    kind: str
    lane: str
    start_ns: int
    end_ns: int
    phase: str

    @property
    def length_ns(self) -> int:
        """The duration of the segment."""
        return self.end_ns - self.start_ns


class PathValue(NamedTuple):
    """All segments by start; times since the epoch."""

    total_ns: int
    start_ns: int
    steps: tuple[Step, ...]


def value(findings: Findings, path: Path) -> PathValue:
    """The reported value of a path."""
    steps = tuple(_step(findings, segment, path.lanes[segment.lane]) for segment in path.segments)
    return PathValue(path.total_ns, findings.summary.start_ns, steps)


def _step(findings: Findings, segment: Segment, lane: str) -> Step:
    snapshot, row = findings.snapshot, segment.row
    runs = row >= 0
    is_phase = runs and snapshot.role[row] == Role.PHASE
    return Step(
        span_id=snapshot.span_id_text(row) if runs else None,
        title=snapshot.title(segment.named) if runs else f"{lane} {_DOES[segment.account]}",
        kind=_KINDS[segment.account if runs or segment.account is not Account.UNACCOUNTED else Account.IDLE],
        lane=lane,
        start_ns=segment.start_ns,
        end_ns=segment.end_ns,
        phase=snapshot.title(row) if is_phase else "",
    )


def document(findings: Findings, path: PathValue) -> Iterator[str]:
    """`tracetui.critical-path/1`: `segments` by start, without gaps or overlaps; see `Step`."""
    head = {"schema": "tracetui.critical-path/1", **about(findings), "total_ns": path.total_ns}
    return as_document(head, (step._asdict() for step in path.steps), "segments")


def page(path: PathValue, most: int, cells: int) -> Iterator[Line]:
    """Its length, its parts by kind, its longest segments (0: all), and the limits of the method."""
    if not path.steps:
        yield [words("no critical path: there are no tests, hooks or archivers here", QUIET)]
        return
    count = many(len(path.steps), "segment")
    yield [
        words(f"critical path {units.duration(path.total_ns)}", STRONG),
        words(f"  {count}: {_of(path)}", QUIET),
    ]
    yield []
    longest = sorted(path.steps, key=lambda step: (-step.length_ns, step.start_ns))
    shown = longest[:most] if most else longest
    titles = [f"longest {many(len(shown), 'segment')}", "kind", "lane", "from", "time", "share"]
    rows = []
    for step in shown:
        since, share = (
            units.duration(step.start_ns - path.start_ns),
            units.share(step.length_ns / path.total_ns),
        )
        texts = (step.kind, step.lane, since, units.duration(step.length_ns), share)
        rows.append((name(step), [(text, PLAIN if place > 2 else QUIET) for place, text in enumerate(texts)]))
    yield from table(titles, rows, cells)
    yield []
    yield [words(NEVER_SAVED[0], WARNING), words(f" {NEVER_SAVED[1]}", QUIET)]


def name(step: Step) -> str:
    """The name of a segment for people: foreign text."""
    return f"{step.title} {step.phase}" if step.phase not in ("", "call", "run_test") else step.title


def _of(path: PathValue) -> str:
    """Its parts by kind, the largest first."""
    sums: dict[str, int] = {}
    for step in path.steps:
        sums[step.kind] = sums.get(step.kind, 0) + step.length_ns
    most = sorted(sums, key=lambda kind: -sums[kind])
    return ", ".join(f"{kind} {units.share(sums[kind] / path.total_ns)}" for kind in most[:_MOST_KINDS])
