"""What a recording contains and what was wrong with it: one value for the page and for the JSON."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui import units
from tracetui.analysis.runs.runs import Runs, Summary
from tracetui.analysis.study.findings import Findings
from tracetui.kernel import slow_reader
from tracetui.model.resource_facts import ResourceFacts
from tracetui.model.role import Outcome, Role
from tracetui.report.drawing.style import BAD, PLAIN, QUIET, STRONG, Line, many, right, words
from tracetui.report.heading import STATES, lost_words
from tracetui.report.troubles import Example, Found, clean_words, troubles
from tracetui.store.health import ABOUT, Trouble

COUNT_CELLS = 12
MOST_RUNS = 10
EXAMPLES = 10
"""So many of each kind are printed on a page."""


class Run(NamedTuple):
    """A run, what its resource says about process and pipeline, and its jobs if it has several."""

    summary: Summary
    facts: ResourceFacts
    jobs: tuple[Summary, ...]


class Check(Struct, frozen=True):
    """Counts over a whole recording; `roles` and `outcomes` hold only what occurs, `outcomes` only of tests.

    `running` and `cut_off` count spans of any role. `lost` has the kinds of loss; `runs` are all runs, the
    latest first. `kinds` are the kinds of trouble that occur; `rejected` and `torn` are sums of several.
    `problems` are the first examples of what could not be read. `slow_reader` is empty if there is a kernel.
    """

    files: int
    bytes: int
    spans: int
    traces: int
    roles: Mapping[str, int]
    outcomes: Mapping[str, int]
    orphans: int
    duplicates: int
    collisions: int
    cycles: int
    running: int
    cut_off: int
    rejected: int
    torn: int
    dropped: int
    unreadable: int
    resets: int
    lost: Mapping[str, int]
    runs: tuple[Run, ...]
    kinds: tuple[Found, ...]
    problems: tuple[Trouble, ...]
    slow_reader: str


def check(findings: Findings, files: int) -> Check:
    """The check of a recording of `files` files."""
    snapshot, health = findings.snapshot, findings.snapshot.health
    return Check(
        files=files,
        bytes=health.bytes,
        spans=len(snapshot),
        traces=len(np.unique(snapshot.trace_index)),
        roles=_counts(Role, snapshot.role),
        outcomes=_counts(Outcome, snapshot.outcome[snapshot.role == Role.TEST]),
        orphans=snapshot.orphans,
        duplicates=health.duplicates,
        collisions=health.collisions,
        cycles=findings.tree.cycles,
        running=int(np.count_nonzero(snapshot.outcome == Outcome.RUNNING)),
        cut_off=int(np.count_nonzero(snapshot.outcome == Outcome.CUT_OFF)),
        rejected=health.rejected,
        torn=health.torn,
        dropped=health.dropped,
        unreadable=health.unreadable,
        resets=health.resets,
        lost={str(kind): count for kind, count in health.losses.items()},
        runs=tuple(_run(findings.runs, number) for number in range(len(findings.runs))),
        kinds=troubles(findings),
        problems=health.problems,
        slow_reader=slow_reader(),
    )


def page(value: Check) -> Iterator[Line]:
    """The same as text: every kind that occurs with its count and examples, and how many do not."""
    size = f"{many(value.files, 'file')}, {units.size(value.bytes)}"
    yield [words(f"{many(value.spans, 'span')} in {many(value.traces, 'trace')}, {size}", STRONG)]
    if value.slow_reader:
        yield [words(value.slow_reader, QUIET)]
    yield _tally("spans by role", value.roles)
    yield _tally("tests by outcome", value.outcomes)
    yield from _run_lines(value)
    yield [words(f"{right(units.count(value.running), COUNT_CELLS)}  spans still open", QUIET)]
    for kind in value.kinds:
        yield from _kind(kind)
    yield [words(f"{' ' * COUNT_CELLS}{clean_words(len(ABOUT) - len(value.kinds))}", QUIET)]


def _run(runs: Runs, number: int) -> Run:
    jobs = runs.jobs_of(number)
    all_jobs = tuple(runs.job(job) for job in jobs) if len(jobs) > 1 else ()
    return Run(runs[number], runs.facts(number), all_jobs)


def _run_lines(value: Check) -> Iterator[Line]:
    """The outcomes of the newest runs."""
    for run in value.runs[:MOST_RUNS]:
        summary = run.summary
        name = " ".join(filter(None, ("run", summary.name, summary.apart)))
        bad = summary.outcome.bad or summary.outcome is Outcome.CUT_OFF
        said = f"{STATES[summary.state]}, {many(summary.tests, 'test')}"
        said += f", {many(summary.failed, 'failure')}" if summary.failed else ""
        lost = [words(f"; some of it is missing: {lost_words(summary.lost)}", BAD)] if summary.lost else []
        yield [words(f"{name}: "), words(said, BAD if bad else PLAIN), *lost]
    more = len(value.runs) - MOST_RUNS
    if more > 0:
        yield [words(f"... {many(more, 'earlier run')}", QUIET)]


def place(example: Example) -> str:
    """The file, the byte offset and the number of bytes of an example."""
    length = f" ({many(example.length, 'byte')})" if example.length else ""
    return f"{example.file}: byte {example.offset}{length}"


def _kind(trouble: Found) -> Iterator[Line]:
    style = BAD if trouble.loss else PLAIN
    yield [
        words(f"{right(units.count(trouble.count), COUNT_CELLS)}  {trouble.said}", style),
        words(f": {trouble.done}", QUIET),
    ]
    for example in trouble.examples[:EXAMPLES]:
        shown = f"  {example.excerpt}" if example.excerpt else ""
        indent = " " * (COUNT_CELLS + 2)
        yield [words(f"{indent}{place(example)}: {example.reason}", style), words(shown, QUIET)]
    if len(trouble.examples) > EXAMPLES:  # Fewer examples than that stand for all.
        yield [words(f"{' ' * (COUNT_CELLS + 2)}... {units.count(trouble.count - EXAMPLES)} more", QUIET)]


def _tally(title: str, counts: Mapping[str, int]) -> Line:
    said = "  ".join(f"{name} {units.count(number)}" for name, number in counts.items())
    return [words(f"{title}: {said or 'none'}")]


def _counts(kind: type[Role] | type[Outcome], values: NDArray[np.uint8]) -> dict[str, int]:
    codes, counts = np.unique(values, return_counts=True)
    return {kind(value).label: count for value, count in zip(codes.tolist(), counts.tolist(), strict=True)}
