"""What a recording holds, and what was wrong with it: one value for the page and for the JSON."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracetui import units
from tracetui.analysis.findings import Findings
from tracetui.model.role import Outcome, Role
from tracetui.report.style import BAD, PLAIN, QUIET, STRONG, Line, many, right, words
from tracetui.store.health import Trouble

COUNT_CELLS = 12


@dataclass(frozen=True, slots=True)
class Check:
    """Counts over a whole recording; `roles` and `outcomes` hold only what occurs, `outcomes` only of tests.

    `running` and `cut_off` count spans of any role, `problems` are the first examples.
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
    problems: tuple[Trouble, ...]


_SAID = {
    "orphans": "spans whose parent is not in the recording",
    "duplicates": "records of spans that were there already (kept once)",
    "collisions": "spans under ids that another span has (all kept)",
    "cycles": "circles of parents (cut at their oldest span)",
    "running": "spans that are still open",
    "cut_off": "spans that started and never ended; their writer is gone",
    "rejected": "records that are no spans",
    "torn": "records without an end",
    "dropped": "spans that their writer says it lost",
    "unreadable": "files or directories that cannot be read",
    "resets": "files that were cut or rewritten while they were read",
}
_LOSSES = ("rejected", "torn", "dropped", "unreadable", "resets")


def check(findings: Findings, files: int) -> Check:
    """The check of a recording of so many files."""
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
        problems=health.problems,
    )


def page(found: Check) -> Iterator[Line]:
    """The same in plain words."""
    size = f"{many(found.files, 'file')}, {units.size(found.bytes)}"
    yield [words(f"{many(found.spans, 'span')} in {many(found.traces, 'trace')}, {size}", STRONG)]
    yield _tally("spans by role", found.roles)
    yield _tally("tests by outcome", found.outcomes)
    for key, said in _SAID.items():
        number = getattr(found, key)
        style = QUIET if not number else BAD if key in _LOSSES else PLAIN
        yield [words(f"{right(units.count(number), COUNT_CELLS)}  {said}", style)]
    for problem in found.problems:
        yield [words(f"{problem.file}: byte {problem.offset}: {problem.reason}", BAD)]
    untold = sum(getattr(found, key) for key in _LOSSES) - found.dropped - len(found.problems)
    if untold > 0:
        yield [words(f"... {many(untold, 'more problem')} like these", QUIET)]


def _tally(title: str, counts: Mapping[str, int]) -> Line:
    said = "  ".join(f"{name} {units.count(number)}" for name, number in counts.items())
    return [words(f"{title}: {said or 'none'}")]


def _counts(kind: type[Role] | type[Outcome], values: NDArray[np.uint8]) -> dict[str, int]:
    found, counts = np.unique(values, return_counts=True)
    return {kind(value).label: count for value, count in zip(found.tolist(), counts.tolist(), strict=True)}
