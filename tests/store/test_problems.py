"""Problems that a batch counts become counts by kind."""

from tracetui.model.batch import Problem, Problems
from tracetui.model.kind import Kind
from tracetui.store.health import Health


def test_one_problem_may_stand_for_many() -> None:
    """The count is theirs, the example the first of them; kinds that cost no span are no loss."""
    noted = Problems()
    noted.append(Problem(7, "counters", kind=Kind.EVENTS_LEFT_OUT, number=5))
    noted.append(Problem(9, "samples", kind=Kind.EVENTS_LEFT_OUT, number=2))
    noted.append(Problem(9, "`cat` is not text"))
    health = Health().problems_of("file", Kind.WRONG_TYPE, noted)
    assert (health.count(Kind.EVENTS_LEFT_OUT), health.count(Kind.WRONG_TYPE)) == (7, 1)
    assert [each.offset for each in health.kinds[Kind.EVENTS_LEFT_OUT].examples] == [7, 9]
    assert health.lost == 0
