"""Repeated siblings as one row."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.graphs import runs
from tests.budgets import examples
from tests.builders import MS, T0, Json, case, line, snapshot, span
from tracetui.analysis.study.findings import study
from tracetui.analysis.tree.tree import Tree, build
from tracetui.analysis.waterfall.patterns import Patterns, pattern
from tracetui.analysis.waterfall.sibling_groups import Grouper, Grouping, Groups
from tracetui.analysis.waterfall.tree_with_groups import with_groups
from tracetui.store.snapshot import Snapshot


@pytest.mark.parametrize(
    ("name", "common"),
    [
        ("core/txns/many_writes.js", "core/txns/*.js"),
        ("core/txns/README", "core/txns/*"),
        ("tests/test_route.py::TestLong::test_a[x/y::z]", "tests/test_route.py::*"),
        ("worker gw12", "worker gw*"),
        ("before_suite", "before_suite"),
        ("", ""),
        ("/", "/*"),
        (".../..", ".../*."),
    ],
)
def test_patterns(name: str, common: str) -> None:
    """The file of a node id, the folder and ending of a path, else the name without its numbers."""
    assert pattern(name) == common


def test_patterns_are_found_once() -> None:
    """Texts that were there before keep the number of their pattern."""
    patterns = Patterns()
    assert patterns.of(["a1", "b"]).tolist() == [0, 1]
    assert patterns.of(["a1", "b", "a2", "c"]).tolist() == [0, 1, 0, 2]
    assert patterns.names == ["a*", "b", "c"]


@settings(max_examples=examples(50))
@given(runs(), st.lists(st.integers(0, 2), min_size=14, max_size=14))
def test_the_tree_with_groups_is_what_it_is_by_hand(read: Snapshot, colours: list[int]) -> None:
    """Members stand below their group, which stands where the first of them stood; all else as before."""
    tree = build(read)
    nodes: dict[tuple[int, int], int] = {}
    of = np.zeros(len(read), np.int32)
    for row in tree.order.tolist():
        if colours[row]:
            of[row] = nodes.setdefault((int(tree.parent[row]), colours[row]), -2 - len(nodes))
    found = with_groups(tree, of, len(nodes) + 2)
    assert found.order.tolist() == by_hand(tree, of, -1)
    for place, node in enumerate(found.order.tolist()):
        assert found.position[node] == place
        below = below_of(found, node)
        assert found.size[node] == 1 + len(below)
        assert found.order[place : place + 1 + len(below)].tolist() == [node, *below]
        assert found.depth[node] == len(found.ancestors(node))


def by_hand(tree: Tree, of: np.ndarray, parent: int) -> list[int]:
    """The nodes below a row in display order, each group where its first member is."""
    found: list[int] = []
    done: set[int] = set()
    children = [row for row in tree.order.tolist() if tree.parent[row] == parent]
    for row in children:
        node = int(of[row])
        if node in done:
            continue
        done.add(node or 1)
        members = [other for other in children if of[other] == node] if node else [row]
        found += [node] if node else []
        for member in members:
            found += [member, *by_hand(tree, of, member)]
    return found


def below_of(tree: Tree, node: int) -> list[int]:
    """All nodes with `node` above them, in display order."""
    return [other for other in tree.order.tolist() if other != node and is_above(tree, node, other)]


def is_above(tree: Tree, node: int, other: int) -> bool:
    """Whether `other` lies below `node`."""
    while other != -1:
        other = int(tree.parent[other])
        if other == node:
            return True
    return False


def some(count: int, folder: str = "core", **more: Any) -> list[Json]:
    """Tests of a folder, one after the other, each a millisecond longer than the one before."""
    return [
        case(f"{folder}/{number}.js", start=T0 + number * MS, end=T0 + (2 * number + 1) * MS, **more)
        for number in range(count)
    ]


def groups(
    read: Snapshot, grouping: Grouping, grouper: Grouper | None = None, *, settled: bool = True
) -> Groups:
    """The groups of a snapshot."""
    findings = study(read, T0)
    alone = np.zeros(len(read), np.bool_)
    return (grouper or Grouper()).groups(
        read, findings.tree, findings.times, grouping, alone, settled=settled
    )


def test_a_group_says_what_its_members_took() -> None:
    """Count, sums, percentiles and the costliest of them."""
    found = groups(snapshot(line(*some(5))), Grouping.ALWAYS)
    group = found.group(-2)
    assert (group.pattern, len(group.rows), group.costliest) == ("core/*.js", 5, 4)
    assert (group.own_ns, group.total_ns, group.percentiles) == (15 * MS, 15 * MS, (3 * MS, int(4.8 * MS)))
    assert group.span_ns == (T0, T0 + 9 * MS)


def test_peaks() -> None:
    """The longest own time among those that start in each interval; none where none starts."""
    group = groups(snapshot(line(*some(5))), Grouping.ALWAYS).group(-2)
    edges = T0 + np.array([-9, -1, 1, 3, 3, 90]) * MS
    assert group.peaks(edges).tolist() == [-1, MS, 3 * MS, -1, 5 * MS]


def test_what_needs_a_look_stays_alone() -> None:
    """A failed test and one under way are in no group."""
    tests = some(5)
    bad = case("core/bad.js", "failed", start=T0, end=T0 + MS)
    found = groups(snapshot(line(*tests, bad, case("core/open.js", "", start=T0, end=0))), Grouping.ALWAYS)
    assert found.of.tolist() == [-2] * 5 + [0, 0]


def test_enough() -> None:
    """A few make a group when the reader wants groups, many do so by themselves; none if none are wanted."""
    read = snapshot(line(*some(Grouping.AUTO.value - 1)))
    assert not groups(read, Grouping.AUTO).bounds
    assert groups(read, Grouping.ALWAYS).bounds
    assert groups(snapshot(line(*some(Grouping.AUTO.value))), Grouping.AUTO).bounds
    assert not groups(snapshot(line(*some(Grouping.AUTO.value))), Grouping.NEVER).bounds


def test_nothing_folds_itself_afterwards() -> None:
    """Siblings that were shown one by one stay so when more come; while reading goes on they do not."""
    few, many = (snapshot(line(*some(number))) for number in (10, 100))
    grouper = Grouper()
    groups(few, Grouping.AUTO, grouper)
    assert not groups(many, Grouping.AUTO, grouper).bounds
    grouper = Grouper()
    groups(few, Grouping.AUTO, grouper, settled=False)
    assert groups(many, Grouping.AUTO, grouper).bounds


def test_a_group_keeps_its_node() -> None:
    """However many groups come later."""
    top = span("top", start=T0 - 1)
    grouper = Grouper()
    groups(snapshot(line(top, *some(9, "b"))), Grouping.ALWAYS, grouper)
    later = groups(
        snapshot(line(top, *some(9, "b"), *some(9, "a"), *some(9, "c", parent=top))), Grouping.ALWAYS, grouper
    )
    assert later.group(-2).pattern == "b/*.js"
    assert later.slots == 4
