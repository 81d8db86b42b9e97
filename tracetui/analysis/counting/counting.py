"""Which spans count as suites, workers, tests and hooks of a run, and which open spans still run.

Decided once for every reading: what does not count gets the role `other`, so that a question about tests or
suites never meets one of these:

* whole runs below a test, hook or fixture (pytester, a pytest that one of these starts), and tests below a
  test: they are drawn, and count nowhere;
* tests of a suite that called none, only set them up (`--setup-only`, `--setup-plan`).

A span without an end below a suite or worker that has ended does not run: its end was lost.
"""

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from tracetui.analysis.tree.tree import Rows, Tree, marked_above
from tracetui.model.numbers.distinct import among
from tracetui.model.resource_facts import NOTHING_TOLD
from tracetui.model.role import Outcome, Role
from tracetui.store.snapshot import Snapshot

Mask = NDArray[np.bool_]

MOST_PHASE_NAMES = 64
"""Where phases have more names than these, they are no names of kinds."""


class Uncounted(Struct, frozen=True, eq=False):
    """What does not count: by row, `nested` is below a test or hook, `idle` marks tests that did not run.

    `tests` are the rows of tests that ran inside those, each once, and `idle_tests` those of `idle`.
    """

    nested: Mask
    idle: Mask
    tests: NDArray[np.intp]
    idle_tests: NDArray[np.intp]


def counted(snapshot: Snapshot, tree: Tree) -> tuple[Snapshot, Uncounted | None]:
    """The snapshot with the roles and outcomes that count, and what does not count; None if everything
    counts.
    """
    snapshot = without_lost_ends(snapshot, tree)
    nested, idle = _nested(snapshot, tree), _idle(snapshot, tree)
    if nested is None and idle is None:
        return snapshot, None
    nothing = np.zeros(len(snapshot), np.bool_)
    nested, idle = nothing if nested is None else nested, nothing if idle is None else idle
    tests = (snapshot.role == Role.TEST) & (snapshot.outcome != Outcome.RERUN)
    uncounted = Uncounted(nested, idle, np.flatnonzero(tests & nested), np.flatnonzero(idle))
    return replace(snapshot, role=np.where(nested | idle, np.uint8(Role.OTHER), snapshot.role)), uncounted


def _nested(snapshot: Snapshot, tree: Tree) -> Mask | None:
    """The subtrees of suites and workers below a test or hook, and of tests below a test: O(tests) if there
    are none.

    A hook may run tests of its own run: only a run below it is another one.
    """
    is_test = snapshot.role == Role.TEST
    around = is_test | (snapshot.role == Role.HOOK)
    tests = np.flatnonzero(is_test)
    runs = np.flatnonzero(among(snapshot.role, (Role.SUITE, Role.WORKER)))
    inside = np.concatenate(
        [tests[marked_above(is_test, tree, tests) >= 0], runs[marked_above(around, tree, runs) >= 0]]
    )
    if not len(inside):
        return None
    begins = tree.position[inside].astype(np.int64)
    edges = np.bincount(begins, minlength=len(snapshot) + 1)
    edges -= np.bincount(begins + tree.size[inside], minlength=len(snapshot) + 1)
    mask: Mask = (np.cumsum(edges)[:-1] > 0)[tree.position]
    return mask


def _idle(snapshot: Snapshot, tree: Tree) -> Mask | None:
    """The tests of suites that called none: each says `passed` for its set-up and teardown alone."""
    phases = np.flatnonzero(snapshot.role == Role.PHASE)
    name = snapshot.name_id.take(phases)
    names = _phase_names(snapshot, name)
    if "setup" not in names or not (passed := snapshot.outcome == Outcome.PASSED).any():
        return None
    has_setup, has_call = (
        _tests_of(snapshot, tree, phases.take(np.flatnonzero(name == names.get(kind, -1))))
        for kind in ("setup", "call")
    )
    idle = has_setup & ~has_call & passed
    if not idle.any():
        return None
    suites = np.flatnonzero(snapshot.role == Role.SUITE)
    calls = np.concatenate([[0], np.cumsum(has_call[tree.order])])
    begin = tree.position[suites]
    ran = np.zeros(len(snapshot), np.bool_)
    ran[suites] = calls[begin + tree.size[suites]] == calls[begin]
    rows = np.flatnonzero(idle)
    idle[rows] = marked_above(ran, tree, rows) >= 0
    return idle if idle.any() else None


def _phase_names(snapshot: Snapshot, name: Rows) -> dict[str, int]:
    """The names of phases, and their numbers; if there are many, they are not names of kinds."""
    numbers = np.flatnonzero(np.bincount(name))
    if len(numbers) > MOST_PHASE_NAMES:
        return {}
    return {snapshot.texts[number]: number for number in numbers.tolist()}


def _tests_of(snapshot: Snapshot, tree: Tree, phases: NDArray[np.intp]) -> Mask:
    """The tests directly above some phases."""
    mask = np.zeros(len(snapshot) + 1, np.bool_)
    mask[tree.parent.take(phases)] = True
    mask[:-1] &= snapshot.role == Role.TEST
    return mask[:-1]


def without_lost_ends(snapshot: Snapshot, tree: Tree) -> Snapshot:
    """Ends open spans below a suite or worker that has ended, with an unknown outcome.

    Spans that were cut off only if the same process wrote them: it lived on.
    """
    rows = np.flatnonzero(among(snapshot.outcome, (Outcome.RUNNING, Outcome.CUT_OFF)))
    if not len(rows):
        return snapshot
    runs = np.flatnonzero(among(snapshot.role, (Role.SUITE, Role.WORKER)))
    ended = np.zeros(len(snapshot), np.bool_)
    ended[runs] = snapshot.end_ns[runs] != 0
    above = marked_above(ended, tree, rows)
    rows, above = rows[above >= 0], above[above >= 0]
    lived_on = _is_one_process(snapshot, rows, above)
    lost = rows[lived_on | (snapshot.outcome[rows] == Outcome.RUNNING)]
    if not len(lost):
        return snapshot
    outcome = snapshot.outcome.copy()
    outcome[lost] = Outcome.UNKNOWN
    return replace(snapshot, outcome=outcome)


def _is_one_process(snapshot: Snapshot, rows: NDArray[np.intp], others: Rows) -> Mask:
    """Which of `rows` were written by the process that wrote the row of `others` beside it, as far as
    known.
    """
    one, other = snapshot.origin_id[rows], snapshot.origin_id[others]
    processes = {origin: snapshot.resources[origin].process for origin in {*one.tolist(), *other.tolist()}}
    pairs = zip(one.tolist(), other.tolist(), strict=True)
    return np.array([processes[a] == processes[b] != NOTHING_TOLD.process for a, b in pairs], np.bool_)
