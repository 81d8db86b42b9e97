"""A study that adds to the one before finds what a study of the whole finds, field by field."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.alike import assert_alike, compare
from tests.budgets import examples
from tests.builders import T0, Json, S, line, span, start_record
from tests.store.arriving import documents
from tracetui.analysis.study.findings import Findings, study
from tracetui.analysis.study.study import Study
from tracetui.analysis.time import times_growth
from tracetui.analysis.tree import tree_growth
from tracetui.analysis.tree.tree import Tree, build
from tracetui.formats.otlp.otlp_json import OtlpJson
from tracetui.model.columns import STORED
from tracetui.model.numbers.revisions import Revisions
from tracetui.store.snapshot import Snapshot
from tracetui.store.table import SpanTable

pytestmark = pytest.mark.usefixtures("shared_pages")

BLOCKS = ("rows", "start", "end", "reached")
FIELDS = ("order", "position", "parent", "depth", "size", "cycles")


class Growing:
    """A store that is looked at after each batch."""

    def __init__(self) -> None:
        self.table = SpanTable()
        self.table.add_source("x")

    def add(self, records: Sequence[bytes]) -> Snapshot:
        reader = OtlpJson()
        reader.feed(b"".join(records))
        self.table.append(0, reader.take())
        return self.table.snapshot()


def assert_same_tree(one: Tree, other: Tree) -> None:
    for name in FIELDS:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)


@settings(max_examples=examples(20))
@given(st.lists(st.lists(documents(), max_size=6), max_size=8))
def test_a_tree_grows_to_what_is_built(batches: list[list[bytes]]) -> None:
    """Any order of arrival: late parents, ends after starts, other parents, cycles, collisions."""
    store, revisions = Growing(), Revisions()
    earlier = store.add([])
    tree = build(earlier)
    for batch in batches:
        snapshot = store.add(batch)
        whole = build(snapshot)
        tree = tree_growth.grown(tree, earlier, snapshot, revisions) or whole
        assert_same_tree(tree, whole)
        earlier = snapshot


@st.composite
def forests(draw: st.DrawFn) -> list[list[bytes]]:
    """Records of spans without a cycle of parents, in batches of any order: started, ended, or both."""
    made: list[Json] = []
    for number in range(draw(st.integers(1, 14))):
        above = draw(st.integers(-1, number - 1))
        start = T0 + draw(st.integers(0, 3)) * S
        role = draw(st.sampled_from(("suite", "worker", "test", "phase", "hook", "")))
        told = {"tracetui.span.role": role} if role else {}
        parent = made[above] if above >= 0 else None
        end = start + draw(st.integers(0, 3)) * S
        own = f"{number + 1:016x}"
        made.append(span(f"n{number % 3}", told, id=own, parent=parent, start=start, end=end))
    records = [line(each) for each in made if draw(st.integers(0, 4))]
    records += [start_record(each | {"name": "other"}) for each in made if draw(st.booleans())]
    order = draw(st.permutations(records))
    cuts = sorted(draw(st.lists(st.integers(0, len(order)), max_size=5)))
    return [order[begin:end] for begin, end in pairwise([0, *cuts, len(order)])]


@settings(max_examples=examples(20))
@given(forests())
def test_where_no_parents_bite_their_tails_a_tree_only_grows(batches: list[list[bytes]]) -> None:
    """Nothing is built anew."""
    store, revisions = Growing(), Revisions()
    earlier = store.add([])
    tree = build(earlier)
    for batch in batches:
        snapshot = store.add(batch)
        grown = tree_growth.grown(tree, earlier, snapshot, revisions)
        assert grown
        assert_same_tree(grown, build(snapshot))
        tree, earlier = grown, snapshot


@settings(max_examples=examples(20))
@given(
    forests(),
    st.lists(st.integers(0, 3), min_size=6, max_size=6),
    st.sampled_from((0, 2, 512)),
    st.sampled_from((0, 1, 128)),
)
def test_a_study_grows_to_what_a_study_of_all_is(
    batches: list[list[bytes]], moments: list[int], large: int, walked: int
) -> None:
    """Times too: of what runs, was cut off, ended; whatever becomes of parents, however large they are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(times_growth, "LARGE", large)
        patch.setattr(times_growth, "_MOST_WALKED", walked)
        store, grow, now = Growing(), Study(), T0 + 3 * S
        for batch, moment in zip([[], *batches], moments, strict=False):
            store.add(batch)
            if moment == 3:
                store.table.set_gone([0])
            now += moment * S
            snapshot = store.table.snapshot()
            assert_alike(grow(snapshot, now), study(snapshot, now))


@settings(max_examples=examples(20))
@given(forests(), st.lists(st.booleans(), min_size=6, max_size=6))
def test_readings_that_are_still_read_stay_as_they_were(batches: list[list[bytes]], read: list[bool]) -> None:
    """Arrays that nobody reads any more are written again; those of other readings are not."""
    store, grow, kept = Growing(), Study(), []
    for batch, is_read in zip(batches, read, strict=False):
        findings = grow(store.add(batch), T0)
        if is_read:
            kept.append((findings, _copied(findings)))
    for findings, copied in kept:
        compare(_arrays(findings), copied, "kept")


def _arrays(findings: Findings) -> dict[str, np.ndarray]:
    tree, times = findings.tree, findings.times
    parts = {name: getattr(tree, name) for name in FIELDS[:-1]} | {"total": times.total[:], "own": times.own}
    lanes = {
        f"{lane.name} {name}": getattr(lane.blocks, name) for lane in findings.lanes.lanes for name in BLOCKS
    }
    return parts | lanes | {name: getattr(findings.written, name) for name in STORED}


def _copied(findings: Findings) -> dict[str, np.ndarray]:
    return {name: array.copy() for name, array in _arrays(findings).items()}
