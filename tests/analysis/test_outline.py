"""What can be seen of the tree."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.analysis.graphs import runs
from tests.budgets import examples
from tests.builders import T0, line, snapshot, span
from tracetui.analysis.tree.tree import Tree, build
from tracetui.analysis.waterfall.outline import Outline, outline
from tracetui.store.snapshot import Snapshot


def nodes(seen: Outline) -> list[int]:
    """What is in sight."""
    return [seen.node(index) for index in range(len(seen))]


def no_folds(tree: Tree) -> NDArray[np.bool_]:
    """Nothing is folded."""
    return np.zeros(len(tree.position), np.bool_)


@settings(max_examples=examples(50))
@given(runs(), st.lists(st.booleans(), min_size=14, max_size=14), st.lists(st.integers(0, 13), max_size=8))
def test_folds_hide_what_is_below_and_nothing_else(
    read: Snapshot, folds: list[bool], toggles: list[int]
) -> None:
    """However often nodes are folded and unfolded, exactly what has no fold above it is in sight."""
    tree = build(read)
    folded = np.array(folds[: len(read)], np.bool_)
    seen = outline(tree, folded, {})
    for toggle in toggles:
        if not len(seen):
            return
        seen = seen.toggled(seen.node(toggle % len(seen)))
    visible = [row for row in tree.order.tolist() if not any(map(seen.is_folded, tree.ancestors(row)))]
    assert nodes(seen) == visible
    assert [seen.index(row) for row in visible] == list(range(len(visible)))
    assert nodes(outline(tree, folded, seen.chosen)) == visible


def test_a_hidden_row_is_found_under_its_fold() -> None:
    """The place of a row under a fold is that of the fold."""
    top = span("top")
    tree = build(snapshot(line(span("before", start=T0 - 1), top, span("below", parent=top))))
    seen = outline(tree, no_folds(tree), {1: True})
    assert (len(seen), seen.index(2), seen.can_fold(1), seen.can_fold(0)) == (2, 1, True, False)


def test_what_is_left_out_is_never_in_sight() -> None:
    """It is not there at first, nor when what is above it is folded and unfolded."""
    top = span("top")
    below = [span(name, start=T0 + place, parent=top) for place, name in enumerate("abc")]
    tree = build(snapshot(line(top, *below)))
    seen = outline(tree, no_folds(tree), {}, np.array([False, False, True, False]))
    assert nodes(seen) == nodes(seen.toggled(0).toggled(0)) == [0, 1, 3]


def test_a_fold_costs_what_it_shows() -> None:
    """Folding and unfolding leave the pieces around them as they are, uncopied."""
    tops = [span("top", start=T0 + number) for number in range(50)]
    below = [span("below", start=T0 + number, parent=top) for number, top in enumerate(tops)]
    tree = build(snapshot(line(*tops, *below)))
    seen = outline(tree, no_folds(tree), {})
    (whole,) = seen.pieces
    folded = seen.toggled(20)
    assert all(np.shares_memory(piece, whole) for piece in folded.pieces)
    assert [len(piece) for piece in folded.toggled(20).pieces] == [41, 1, 58]
