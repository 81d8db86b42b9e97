"""How much is kept of what was wrong, and what is counted beyond: each limit at its edge."""

import pytest

from tracetui.model.batch import Problem, Problems
from tracetui.model.kind import Kind
from tracetui.store.health import Health, Trouble


def problems(number: int) -> Problems:
    made = Problems()
    for at in range(number):
        made.append(Problem(at, "odd"))
    return made


@pytest.mark.parametrize("beyond", [-1, 0, 1])
def test_so_many_problems_of_a_batch(beyond: int) -> None:
    """A thousand are kept, the others counted."""
    made = problems(1000 + beyond)
    assert (len(made), made.more) == (min(1000, 1000 + beyond), max(0, beyond))


@pytest.mark.parametrize(
    ("there", "others", "kept", "more"), [(999, 1, 1000, 0), (999, 2, 1000, 1), (0, 1001, 1000, 1)]
)
def test_problems_of_two_batches(there: int, others: int, kept: int, more: int) -> None:
    """Those of another list count as if they had come one by one, and are gone from there."""
    made, other = problems(there), problems(others)
    made.take(other)
    assert (len(made), made.more, len(other), other.more) == (kept, more, 0, 0)


@pytest.mark.parametrize("beyond", [-1, 0, 1])
def test_so_many_examples(beyond: int) -> None:
    """A hundred of a kind, however they come; all of them are counted."""
    troubles = [Trouble("a", at, "odd", 1, b"") for at in range(100 + beyond)]
    kept = min(100, len(troubles))
    at_once = Health().more(Kind.REJECTED, troubles, len(troubles))
    one_by_one = Health()
    for trouble in troubles:
        one_by_one = one_by_one.more(Kind.REJECTED, [trouble], 1)
    for health in (at_once, one_by_one, Health().now(Kind.REJECTED, len(troubles), troubles)):
        assert (len(health.problems), health.rejected, health.room(Kind.REJECTED)) == (
            kept,
            len(troubles),
            100 - kept,
        )
