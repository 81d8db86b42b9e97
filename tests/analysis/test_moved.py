"""Where rows are in another snapshot: of the same recording, of one whose rows have left, of another."""

from msgspec.structs import replace

from tests.builders import T0, S, case, line, snapshot
from tracetui.analysis.tree.row_mapping import continues, moved

ONE, TWO, THREE = (
    case(f"t::{number}", start=T0 + number * S, end=T0 + number * S + 1) for number in range(3)
)


def test_what_grows_goes_on() -> None:
    """Rows of a recording that has grown are the same rows; an empty one grows into any."""
    old, new = snapshot(line(ONE, TWO)), snapshot(line(ONE, TWO, THREE))
    assert continues(old, new)
    assert continues(snapshot(), old)
    assert moved(old, new, [1, 0, 7, -3]) == {0: 0, 1: 1}


def test_what_shrinks_or_is_another_does_not() -> None:
    """Rows are found by their spans; those that are nowhere have no place."""
    old, other = snapshot(line(ONE, TWO, THREE)), snapshot(line(THREE, TWO))
    assert not continues(old, other)
    assert not continues(old, snapshot(line(ONE)))
    assert moved(old, other, [0, 1, 2]) == {1: 1, 2: 0}
    assert moved(old, snapshot(), [0]) == {}


def test_rows_have_left() -> None:
    """After an eviction nothing is taken for the same by its number alone."""
    old = snapshot(line(ONE, TWO))
    assert not continues(old, replace(old, renewals=old.renewals + 1))
