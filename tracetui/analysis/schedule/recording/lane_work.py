"""What each lane of a recording did, test by test, and what fixtures, hooks and archiving took of it."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from msgspec import Struct, field

from tracetui.analysis.hooks.derived import derived_hooks
from tracetui.analysis.lanes.lanes import Lane
from tracetui.analysis.ranking.rank_keys import AFTER_TEST, BEFORE_TEST
from tracetui.analysis.study.findings import Findings
from tracetui.analysis.time.times import Nanoseconds
from tracetui.analysis.tree.tree import Rows, nearest_above
from tracetui.model.numbers.distinct import among
from tracetui.model.numbers.processor_time import UNKNOWN, cpu_ns
from tracetui.model.role import BILLED, HookKind, Outcome, Role


class Stage(NamedTuple):
    """A fixture's set-up or teardown, without other fixtures inside; `name` is foreign text.

    `computing_ns` is its processor time, 0 if not recorded.
    """

    name: str
    scope: str
    is_teardown: bool
    ns: int
    computing_ns: int


class Ran(Struct):
    """A test as a lane ran it, times in ns since the epoch; `rows` are those of its attempts.

    `own_ns` is its time without `hooks` (by name), archiving and wider fixtures (`stages`); fixtures that are
    set up for it alone are a part of that, `of_functions` by name. `before_ns` and `after_ns` are noted times
    outside of it. `computing_ns` is the processor time in `own_ns`, `UNKNOWN` if not recorded; `place` is its
    place in the order of collection, from 1, 0 if not recorded; `group` is the number of its `xdist_group`.
    """

    name: str
    rows: list[int]
    start_ns: int
    end_ns: int
    own_ns: int
    computing_ns: int = 0
    place: int = 0
    group: int = 0
    hooks: dict[str, int] = field(default_factory=dict)
    archiving_ns: int = 0
    stages: list[Stage] = field(default_factory=list)
    of_functions: dict[str, int] = field(default_factory=dict)
    before_ns: int = 0
    after_ns: int = 0

    def note(self, span: "_Around") -> None:
        """Note something that took time around it, or while it ran."""
        if span.start_ns < self.start_ns:
            self.before_ns += span.ns
        elif span.start_ns >= self.end_ns:
            self.after_ns += span.ns
        else:
            self.own_ns -= span.ns
            self.computing_ns = max(min(self.computing_ns, 0), self.computing_ns - span.computing_ns)
        if span.stage is not None:
            self.stages.append(span.stage)
        elif span.is_archiver:
            self.archiving_ns += span.ns
        else:
            self.hooks[span.name] = self.hooks.get(span.name, 0) + span.ns


class _Around(NamedTuple):
    """A hook, fixture or archiver on a lane, by its own time in ns."""

    start_ns: int
    name: str
    ns: int
    computing_ns: int
    is_archiver: bool
    stage: Stage | None

    @property
    def is_behind(self) -> bool:
        """Whether it belongs to the test that ran before it."""
        return self.is_archiver or (self.stage is not None and self.stage.is_teardown)


def lane_work(findings: Findings) -> list[list[Ran]]:
    """For each lane, its tests by start."""
    around = _Surroundings(findings)
    lanes = [_ran(findings, lane, list(around.of(lane))) for lane in findings.lanes.lanes]
    _note_function_fixtures(findings, lanes)
    return lanes


def _note_function_fixtures(findings: Findings, lanes: list[list[Ran]]) -> None:
    snapshot, times = findings.snapshot, findings.times
    is_fixture = (snapshot.role == Role.HOOK) & (snapshot.hook_kind == HookKind.FUNCTION)
    above = nearest_above((snapshot.role == Role.TEST) | is_fixture, findings.tree.parent)
    by_row = {row: ran for lane in lanes for ran in lane for row in ran.rows}
    for row in np.flatnonzero(is_fixture).tolist():
        ran = by_row.get(int(above[row]))
        if ran is not None:
            name = _stage_name(findings.title(row))[0]
            ran.of_functions[name] = ran.of_functions.get(name, 0) + int(times.total[row])


def _stage_name(title: str) -> tuple[str, bool]:
    """The fixture in a span's title, and whether it is its teardown."""
    name, _, when = title.rpartition(" ")
    return (name, when == "teardown") if when in ("setup", "teardown") else (title, False)


class _Surroundings:
    """What is billed to no test, by lane."""

    def __init__(self, findings: Findings) -> None:
        snapshot, parent, times = findings.snapshot, findings.tree.parent, findings.times
        self._findings = findings
        billed = among(snapshot.role, BILLED) & ~snapshot.own
        rows = np.flatnonzero(billed).astype(np.int32)
        above = nearest_above(billed | (snapshot.role == Role.TEST), parent)[rows]
        nested, host = rows[(above >= 0) & billed[above]], above[(above >= 0) & billed[above]]
        self._own_ns = _without(times.total[rows], rows, nested, host, len(snapshot))
        computing = np.maximum(cpu_ns(snapshot.cpu[rows]), 0)
        self._computing_ns = _without(computing, rows, nested, host, len(snapshot))
        self._derived = derived_hooks(snapshot, findings.tree, times)

    def of(self, lane: Lane) -> Iterator[_Around]:
        """What is on one lane, in no order."""
        snapshot = self._findings.snapshot
        blocks = lane.rows[among(snapshot.role[lane.rows], BILLED)]
        rows = np.concatenate((blocks, lane.inner))
        for row in rows[snapshot.hook_kind[rows] != HookKind.COLLECTION].tolist():
            stage = self._stage(row)
            name, start = self._findings.title(row), int(snapshot.start_ns[row])
            is_archiver = bool(snapshot.role[row] == Role.ARCHIVER)
            ns, computing_ns = int(self._own_ns[row]), int(self._computing_ns[row])
            yield _Around(start, name, ns, computing_ns, is_archiver, stage)
        derived = self._derived.only(np.flatnonzero(np.isin(self._derived.host, lane.rows)))
        for start, end, is_after in zip(*(column.tolist() for column in derived[1:]), strict=True):
            yield _Around(
                start, AFTER_TEST if is_after else BEFORE_TEST, end - start, 0, is_archiver=False, stage=None
            )

    def _stage(self, row: int) -> Stage | None:
        snapshot = self._findings.snapshot
        kind = HookKind(int(snapshot.hook_kind[row]))
        if kind < HookKind.FIXTURE:
            return None
        name, is_teardown = _stage_name(snapshot.title(row))
        scope = kind.name.lower() if kind > HookKind.FUNCTION else "session"
        return Stage(name, scope, is_teardown, int(self._own_ns[row]), int(self._computing_ns[row]))


def _without(took: Nanoseconds, rows: Rows, nested: Rows, host: Rows, count: int) -> Nanoseconds:
    """By row the time of `rows` without those that are `nested` in their `host`; 0 for all others."""
    own = np.zeros(count, np.int64)
    own[rows] = took
    whole = own.copy()
    np.subtract.at(own, host, whole[nested])
    return np.maximum(own, 0)


def _ran(findings: Findings, lane: Lane, around: list[_Around]) -> list[Ran]:
    tests = list(_attempts_joined(findings, _tests(findings, lane.rows)))
    if not tests:
        return []
    starts = np.array([ran.start_ns for ran in tests])
    for span in around:
        place = int(np.searchsorted(starts, span.start_ns, "right")) - 1
        if place < 0 and span.stage is None:
            continue  # It belongs to the session, and not to its tests.
        if place < 0 or (span.start_ns >= tests[place].end_ns and not span.is_behind):
            place += 1  # What lies between two tests is done for the next one.
        if place < len(tests):
            tests[place].note(span)
    for ran in tests:
        ran.own_ns = max(0, ran.own_ns)
    return tests


def _tests(findings: Findings, blocks: Rows) -> Rows:
    """The tests of a lane that are not inside others, by start."""
    tests: Rows = blocks[findings.snapshot.role[blocks] == Role.TEST]
    return tests


def _attempts_joined(findings: Findings, rows: Rows) -> Iterator[Ran]:
    """The tests of a lane, all attempts at a test as one."""
    snapshot, times = findings.snapshot, findings.times
    earlier: dict[str, Ran] = {}
    for row, computing in zip(rows.tolist(), cpu_ns(snapshot.cpu[rows]).tolist(), strict=True):
        name, start = snapshot.title(row), int(snapshot.start_ns[row])
        ran = earlier.pop(name, None) or Ran(name, [], start, start, 0)
        ran.rows.append(row)
        ran.end_ns = max(ran.end_ns, int(times.end[row]))
        ran.own_ns += int(times.total[row])
        is_known = min(ran.computing_ns, computing) >= 0
        ran.computing_ns = ran.computing_ns + computing if is_known else UNKNOWN
        ran.place, ran.group = int(snapshot.place[row]), int(snapshot.group[row])
        if snapshot.outcome[row] == Outcome.RERUN:
            earlier[name] = ran
        else:
            yield ran
    yield from earlier.values()
