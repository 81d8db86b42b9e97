"""The tree: every span exactly once, whatever the parents say."""

import numpy as np
from hypothesis import given, settings

from tests.analysis.graphs import ancestors, runs
from tests.budgets import examples
from tests.builders import T0, line, snapshot, span
from tracetui.analysis.tree.tree import Tree, build, nearest, sum_above
from tracetui.store.snapshot import Snapshot


def reference(read: Snapshot) -> tuple[list[int], list[int], int]:
    """Display order, parents and the number of cycles, by recursion and sets."""
    parent = read.parent_row.tolist()
    age = [(int(read.start_ns[row]), int(read.span_id[row])) for row in range(len(read))]
    cycles = 0
    for row in range(len(read)):
        circle = [row, *ancestors(parent, row)]
        if parent[circle[-1]] == row:
            parent[min(circle, key=age.__getitem__)] = -1
            cycles += 1
    order: list[int] = []

    def walk(above: int) -> None:
        for row in sorted((row for row, its in enumerate(parent) if its == above), key=age.__getitem__):
            order.append(row)
            walk(row)

    walk(-1)
    return order, parent, cycles


@settings(max_examples=examples(20))
@given(runs())
def test_the_tree_is_that_of_the_slow_way(read: Snapshot) -> None:
    """Order, parents and cycles of random graphs are those of a recursive walk."""
    tree = build(read)
    assert (tree.order.tolist(), tree.parent.tolist(), tree.cycles) == reference(read)


@settings(max_examples=examples(15))
@given(runs())
def test_columns_of_a_tree_agree_with_each_other(read: Snapshot) -> None:
    """Positions invert the order; depth, size, subtrees and ancestors follow from the parents."""
    tree = build(read)
    check(tree)
    for row in range(len(read)):
        above = ancestors(tree.parent.tolist(), row)
        assert tree.ancestors(row) == above
        assert tree.depth[row] == len(above)
        below = [other for other in range(len(read)) if row in ancestors(tree.parent.tolist(), other)]
        assert sorted(tree.subtree(row).tolist()) == sorted([row, *below])


def check(tree: Tree) -> None:
    """What holds for any tree, without recursion."""
    count = len(tree.order)
    assert sorted(tree.order.tolist()) == list(range(count))
    assert tree.position[tree.order].tolist() == list(range(count))
    below = tree.parent >= 0
    assert (tree.depth[~below] == 0).all()
    assert (tree.depth[below] == tree.depth[tree.parent[below]] + 1).all()
    assert (tree.position[below] > tree.position[tree.parent[below]]).all()
    assert tree.size[tree.roots].sum() == count


def test_an_empty_store_makes_an_empty_tree() -> None:
    """No span, no row, no complaint."""
    tree = build(snapshot(b""))
    assert (len(tree.order), tree.cycles, tree.roots.tolist()) == (0, 0, [])


def test_a_cycle_is_cut_above_its_oldest_span() -> None:
    """What bites its tail becomes a tree below the span that started first, and is counted."""
    ids = ["1" * 16, "2" * 16, "3" * 16]
    circle = [
        span(name, id=ids[place], parent=ids[place - 1], start=T0 + [5, 1, 9][place])
        for place, name in enumerate("abc")
    ]
    tail = span("tail", parent=ids[2], start=T0)
    read = snapshot(line(*circle, tail))
    tree = build(read)
    assert [(read.name(row), int(tree.depth[row])) for row in tree.order] == [
        ("b", 0),
        ("c", 1),
        ("tail", 2),
        ("a", 2),
    ]
    assert tree.cycles == 1


def test_a_long_chain_is_a_tree() -> None:
    """Depth is bounded by memory, not by a stack."""
    count = 20_000
    chain = [
        span("s", id=f"{n + 1:016x}", parent=f"{n:016x}" if n else "", start=T0 + n) for n in range(count)
    ]
    tree = build(snapshot(line(*reversed(chain))))
    assert tree.order.tolist() == list(range(count))[::-1]
    assert tree.depth[tree.order].tolist() == list(range(count))
    assert tree.size[tree.order].tolist() == list(range(count, 0, -1))
    check(tree)


def test_very_many_children_stand_in_order_of_their_start() -> None:
    """Width is only a sort."""
    count = 20_000
    top = span("top", id="f" * 16)
    spans = [span("s", id=f"{n + 1:016x}", parent=top, start=T0 + n * 7919 % count) for n in range(count)]
    read = snapshot(line(*spans, top))
    tree = build(read)
    check(tree)
    assert int(tree.size[count]) == count + 1
    assert (np.diff(read.start_ns[tree.order[1:]]) >= 0).all()


def test_a_long_circle_is_cut_once() -> None:
    """One long cycle is one cut."""
    count = 20_000
    ring = [span("s", id=f"{n + 1:016x}", parent=f"{(n or count):016x}", start=T0 + n) for n in range(count)]
    tree = build(snapshot(line(*ring)))
    assert (tree.cycles, int(tree.order[0]), int(tree.depth.max())) == (1, 0, count - 1)


@settings(max_examples=examples(20))
@given(runs())
def test_pointer_jumping_is_walking(read: Snapshot) -> None:
    """`nearest` and `sum_above` give what a walk upwards gives."""
    tree = build(read)
    stop, values = read.name_id == 0, read.length
    for row in range(len(read)):
        up = [row, *tree.ancestors(row)]
        assert int(nearest(stop, tree.parent)[row]) == next((other for other in up if stop[other]), -1)
        assert int(sum_above(values, tree.parent)[row]) == sum(int(values[other]) for other in up)
