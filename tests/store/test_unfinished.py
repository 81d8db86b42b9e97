"""What is decided again of spans that have not ended: no more than has changed, and never less."""

from collections.abc import Mapping

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.budgets import examples
from tracetui.model.role import Outcome
from tracetui.store.joining.unfinished import Unfinished

SOURCES = st.integers(0, 4)
SOME = st.frozensets(SOURCES, max_size=4)
TIMES = st.dictionaries(SOURCES, st.integers(0, 12), max_size=3)


class Decisions(RuleBasedStateMachine):
    """Rows begin, are told of again, end, and are renumbered; whoever writes goes and comes."""

    def __init__(self) -> None:
        super().__init__()
        self.unfinished = Unfinished()
        self.told: dict[int, list[int]] = {}
        self.outcomes: dict[int, Outcome] = {}
        self.next = 0

    @rule(source=SOURCES)
    def begin(self, source: int) -> None:
        """One more row."""
        self.unfinished.begin([self.next], [source])
        self.told[self.next] = [source]
        self.next += 1

    @rule(row=st.integers(0, 12), source=SOURCES)
    def tell(self, row: int, source: int) -> None:
        """A row is told of again, where it may have ended or never been."""
        self.unfinished.tell([row], [source])
        if row in self.told and source not in self.told[row][-2:]:
            self.told[row].append(source)

    @rule(row=st.integers(0, 12))
    def end(self, row: int) -> None:
        """A row ends."""
        self.unfinished.end([row])
        self.told.pop(row, None)
        self.outcomes.pop(row, None)

    @rule(keeps=st.lists(st.booleans(), min_size=16, max_size=16))
    def renumber(self, keeps: list[bool]) -> None:
        """Rows leave, so that others have other numbers."""
        marks = np.array([*keeps, *[True] * self.next][: self.next], np.bool_)
        self.unfinished.renumber(marks)
        rows = {int(row): number for number, row in enumerate(np.flatnonzero(marks))}
        self.told = {rows[row]: told for row, told in self.told.items() if row in rows}
        self.outcomes = {rows[row]: outcome for row, outcome in self.outcomes.items() if row in rows}
        self.next = len(rows)

    @rule(gone=SOME, closed=TIMES)
    def judge(self, gone: frozenset[int], closed: Mapping[int, int]) -> None:
        """Each row is as if all were decided anew; and nothing is decided twice."""
        for row in self.unfinished.judge(gone, closed):
            self.outcomes[row] = self.unfinished.outcome(row, row)
        assert self.outcomes == {row: self.expected(row, gone, closed) for row in self.told}
        assert not self.unfinished.judge(gone, dict(closed))

    def expected(self, row: int, gone: frozenset[int], closed: Mapping[int, int]) -> Outcome:
        """By the last two that told of it; row N began at N."""
        left = [source for source in self.told[row][-2:] if source not in closed or row > closed[source]]
        if not left:
            return Outcome.UNKNOWN
        return Outcome.CUT_OFF if gone.issuperset(left) else Outcome.RUNNING

    @invariant()
    def sources_are_known(self) -> None:
        """Those that told last of what has not ended, and no others."""
        assert self.unfinished.sources == {source for told in self.told.values() for source in told[-2:]}


TestDecisions = Decisions.TestCase
TestDecisions.settings = settings(max_examples=examples(100), stateful_step_count=30)


def test_a_decision_costs_what_has_changed() -> None:
    """Of a thousand rows that stay unfinished only those of a source that comes or goes are decided again."""
    unfinished = Unfinished()
    unfinished.begin(range(1000), (row // 10 for row in range(1000)))
    assert len(unfinished.judge(range(99))) == 1000
    assert unfinished.judge(range(100)) == list(range(990, 1000))
    assert unfinished.judge(range(100), {7: 5}) == list(range(70, 80))
    unfinished.tell([3], [50])
    assert unfinished.judge(range(100), {7: 5}) == [3]
