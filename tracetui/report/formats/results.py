"""The results of a run's tests, one per test with its attempts: the source of every format here.

What failed outside tests (a hook, a suite itself) is a result of its own: no report is green without it.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui import units
from tracetui.analysis.failures.causes import Cause
from tracetui.analysis.failures.decoding import Causes, SpanOf
from tracetui.analysis.failures.failures import failures
from tracetui.analysis.query.filters.lens import Lens
from tracetui.analysis.query.filters.places import file_of
from tracetui.analysis.study.findings import Findings
from tracetui.analysis.tree.tree import nearest, outermost
from tracetui.errors import InputError
from tracetui.model.role import Outcome, Role
from tracetui.model.span import Attributes

RAN_BADLY = (Outcome.FAILED, Outcome.ERROR, Outcome.CUT_OFF, Outcome.RERUN)
GOOD = (Outcome.PASSED, Outcome.XPASSED)
_UNFINISHED = {
    "cut off": (Outcome.CUT_OFF, "the run was cut off"),
    "incomplete": (Outcome.CUT_OFF, "the run is incomplete: its suite is missing"),
    "live": (Outcome.RUNNING, "the run has not ended"),
}
_REASONS = ("pytest.skip.reason", "pytest.xfail.reason", "test.case.result.reason")


class Attempt(NamedTuple):
    """One attempt at a test; times in ns, since the epoch or durations. `cause` is None if it did not fail.

    `own_ns` excludes the hooks, wider fixtures and archiving in `total_ns`. `reason` is why it was skipped or
    expected to fail: foreign text.
    """

    outcome: Outcome
    start_ns: int
    own_ns: int
    total_ns: int
    cause: Cause | None
    reason: str

    @property
    def hooks_ns(self) -> int:
        """The time of hooks, wider fixtures and archiving in it."""
        return max(0, self.total_ns - self.own_ns)

    @property
    def message(self) -> str:
        """Why it failed, was skipped or is not over, in one line: foreign text."""
        if self.cause:
            return self.cause.headline
        return self.reason or ("has not ended" if self.outcome is Outcome.RUNNING else "")

    @property
    def kind(self) -> str:
        """The type of its first exception, else its outcome: foreign text."""
        thrown = self.cause.thrown if self.cause else ()
        return (thrown[0].kind if thrown else "") or self.outcome.label

    @property
    def stack(self) -> str:
        """Its exceptions in full: foreign text of many lines."""
        thrown = self.cause.thrown if self.cause else ()
        return "\n".join(exception.stack or exception.headline for exception in thrown)


class Result(NamedTuple):
    """A test, or a failure outside tests; `line` is 0 if unknown. All texts are foreign."""

    role: Role
    name: str
    suite: str
    file: str
    line: int
    lane: str
    attempts: tuple[Attempt, ...]

    @property
    def last(self) -> Attempt:
        """The attempt that counts."""
        return self.attempts[-1]

    @property
    def is_flaky(self) -> bool:
        """Whether it passed after a failed attempt in this run."""
        return len(self.attempts) > 1 and self.last.outcome in GOOD


class Results(Struct, frozen=True, eq=False, dict=True):
    """The results of the shown run, or those that match a filter; decoded one at a time."""

    findings: Findings
    span_of: SpanOf
    lens: Lens | None = None

    @cached_property
    def chains(self) -> Sequence[tuple[int, ...]]:
        """The rows of the attempts at each test, the last one last; suite by suite, in order of start."""
        start = self.findings.snapshot.start_ns
        chains = [chain for chain in self._all_chains() if self._is_meant(chain)]
        chains += [(row,) for row in self._others() if self._is_meant((row,))]
        first = {suite: int(start[suite]) if suite >= 0 else 0 for suite in set(self._suite.tolist())}

        def place(chain: tuple[int, ...]) -> tuple[int, int, int]:
            suite = int(self._suite[chain[0]])
            return first[suite], suite, int(start[chain[0]])

        return sorted(chains, key=place)

    def by_suite(self) -> Iterator[tuple[str, Sequence[tuple[int, ...]]]]:
        """The same in parts, with each suite's name: foreign text."""
        begin = 0
        for place, chain in enumerate(self.chains):
            following = self.chains[place + 1] if place + 1 < len(self.chains) else None
            if following is None or self._suite[following[0]] != self._suite[chain[0]]:
                yield self._suite_name(chain[0]), self.chains[begin : place + 1]
                begin = place + 1

    def outcomes(self, chains: Sequence[tuple[int, ...]]) -> list[Outcome]:
        """The outcomes of some of them, without decoding any."""
        return [Outcome(int(self.findings.snapshot.outcome[chain[-1]])) for chain in chains]

    @property
    def all_outcomes(self) -> list[Outcome]:
        """The outcomes of all of them, including that of an unfinished run."""
        return self.outcomes(self.chains) + ([self.unfinished.last.outcome] if self.unfinished else [])

    @cached_property
    def unfinished(self) -> Result | None:
        """A result that says that the run did not end or is incomplete; None otherwise."""
        run = self.findings.summary
        if run.state not in _UNFINISHED:
            return None
        outcome, why = _UNFINISHED[run.state]
        why += f"; {run.tests} of {units.many(run.expected, 'test')}" if run.expected else ""
        attempt = Attempt(outcome, run.start_ns, 0, 0, None, why)
        return Result(Role.SUITE, f"run {run.name}", run.name, "", 0, "", (attempt,))

    def result(self, chain: tuple[int, ...]) -> Result:
        """One of them, decoded."""
        snapshot, row = self.findings.snapshot, chain[-1]
        attributes = [self._attributes(attempt_row) for attempt_row in chain]
        role, title = Role(int(snapshot.role[row])), self.findings.title(row)
        path, line = attributes[-1].get("code.file.path"), attributes[-1].get("code.line.number")
        file = file_of(title) if "::" in title else path if isinstance(path, str) else title
        return Result(
            role=role,
            name=title if role is Role.TEST else f"{role.label} {title}",
            suite=self._suite_name(row),
            file=file if role is Role.TEST else "",
            line=line if isinstance(line, int) and line > 0 else 0,
            lane=self._lane(row),
            attempts=tuple(
                self._attempt(attempt_row, some) for attempt_row, some in zip(chain, attributes, strict=True)
            ),
        )

    def __iter__(self) -> Iterator[Result]:
        yield from map(self.result, self.chains)
        if self.unfinished:
            yield self.unfinished

    def _all_chains(self) -> Iterator[tuple[int, ...]]:
        """The attempts with one name in one suite, up to one that was not run again."""
        snapshot, rows = self.findings.snapshot, self.findings.tests
        order = np.lexsort((snapshot.start_ns[rows], snapshot.title_id[rows], self._suite[rows]))
        chain: tuple[int, ...] = ()
        for row in rows[order].tolist():
            if chain and not self._goes_on(chain[-1], row):
                yield chain
                chain = ()
            chain = (*chain, row)
        if chain:
            yield chain

    def _goes_on(self, row: int, following: int) -> bool:
        snapshot = self.findings.snapshot
        same = snapshot.title_id[row] == snapshot.title_id[following]
        in_suite = self._suite[row] == self._suite[following]
        return bool(same and in_suite and snapshot.outcome[row] == Outcome.RERUN)

    def _others(self) -> list[int]:
        """The rows that failed by themselves and are not tests."""
        rows = failures(self.findings, self.findings.within)
        others: list[int] = rows[self.findings.snapshot.role[rows] != Role.TEST].tolist()
        return others

    def _is_meant(self, chain: tuple[int, ...]) -> bool:
        return self.lens is None or bool(self.lens.matched[list(chain)].any())

    @cached_property
    def _suite(self) -> NDArray[np.int32]:
        snapshot, parent = self.findings.snapshot, self.findings.tree.parent
        return nearest(outermost(snapshot.role == Role.SUITE, parent), parent)

    def _suite_name(self, row: int) -> str:
        suite = int(self._suite[row])
        return self.findings.title(suite) if suite >= 0 else self.findings.snapshot.service(row) or "tests"

    @cached_property
    def _lane_of(self) -> NDArray[np.int32]:
        number = np.full(len(self.findings.snapshot), -1, np.int32)
        for place, lane in enumerate(self.findings.lanes.lanes):
            number[lane.rows] = place
        return number

    def _lane(self, row: int) -> str:
        number = int(self._lane_of[row])
        return self.findings.lanes.lanes[number].name if number >= 0 else ""

    def _attributes(self, row: int) -> Attributes:
        try:
            return self.span_of(self.findings.snapshot, row).attributes
        except InputError:
            return {}  # Its bytes are gone: how it ended is known all the same.

    def _attempt(self, row: int, attributes: Attributes) -> Attempt:
        findings, outcome = self.findings, Outcome(int(self.findings.snapshot.outcome[row]))
        reason = next(filter(None, map(attributes.get, _REASONS)), "")
        return Attempt(
            outcome,
            int(findings.snapshot.start_ns[row]),
            int(findings.times.own[row]),
            int(findings.times.total[row]),
            Causes(self.span_of).of(findings, row) if outcome in RAN_BADLY else None,
            reason if isinstance(reason, str) else "",
        )
