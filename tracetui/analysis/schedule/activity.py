"""A worker's work for a test: the test itself, and fixtures that it is the first or the last to use."""

from collections.abc import Sequence

from msgspec import Struct

from tracetui.analysis.schedule.workload import Item, Workload, unit_of

STOP, UNDECIDED = -1, -2
"""Instead of the test that follows: there is none, or nobody knows yet."""


class Activity(Struct, frozen=True, eq=False):
    """By test its own time in ns, without waiting for a processor, and the share of it that computes; by
    fixture its unit and cost.
    """

    takes: Sequence[float]
    share: Sequence[float]
    needs: Sequence[tuple[int, ...]]
    units: Sequence[dict[str, str]]
    setup: Sequence[int]
    teardown: Sequence[int]
    lives: Sequence[tuple[str, str]]
    computing: Sequence[float]

    def of(self, test: int, following: int, active: set[int]) -> tuple[float, float]:
        """The work of a worker with `active` fixtures before it can run the `following` test.

        A total in ns, and the share of it that computes. Set-ups and teardowns update `active`; nothing is
        torn down while it is `UNDECIDED` what follows, everything if it is `STOP`.
        """
        total = self.takes[test]
        computes = self.share[test] * total
        for fixture in self.needs[test]:
            if fixture not in active:
                active.add(fixture)
                total += self.setup[fixture]
                computes += self.setup[fixture] * self.computing[fixture]
        if active and following != UNDECIDED:
            for fixture in self._ended(following, active):
                total += self.teardown[fixture]
                computes += self.teardown[fixture] * self.computing[fixture]
        return total, computes / total if total else 0.0

    def _ended(self, following: int, active: set[int]) -> list[int]:
        """Remove from `active` the fixtures that do not cover the following test."""
        units = self.units[following] if following >= 0 else {}
        ended = [fixture for fixture in active if units.get(self.lives[fixture][0]) != self.lives[fixture][1]]
        active.difference_update(ended)
        return ended


def _share(item: Item) -> float:
    """The share of its time that a test computes where it need not wait for a processor."""
    took = item.took_ns - item.queued_ns
    return min(1.0, max(0, item.computing_ns) / took) if took else 0.0


def activities(workload: Workload, factors: Sequence[float] = ()) -> Activity:
    """The activity of a workload, each test `factors` times as long, if there are any."""
    items = workload.items
    scopes = {fixture.scope for fixture in workload.fixtures}
    takes = [float(item.took_ns - item.queued_ns) for item in items]
    return Activity(
        [ns * factor for ns, factor in zip(takes, factors, strict=True)] if factors else takes,
        [_share(item) for item in items],
        [item.fixtures for item in items],
        [{scope: unit_of(item, scope) for scope in scopes} for item in items],
        [fixture.setup_ns for fixture in workload.fixtures],
        [fixture.teardown_ns for fixture in workload.fixtures],
        [(fixture.scope, fixture.unit) for fixture in workload.fixtures],
        [fixture.computing for fixture in workload.fixtures],
    )
