"""Which of several spans under one pair of ids is a child's parent: the fit that decides, at its edges."""

from itertools import permutations

import numpy as np
import pytest

from tests.builders import Json, line, snapshot, span, start_record
from tracetui.model.batch import SpanBatch
from tracetui.store.suites import Suites

SHARED = "5" * 16


def candidate(name: str, start: int, end: int) -> Json:
    return span(name, id=SHARED, start=start, end=end)


def parent_of(child: Json, *candidates: Json) -> str:
    """The name of the parent; the same in any order of arrival, in one file or in several."""
    found = set()
    for order in permutations([child, *candidates]):
        records = [line(each) if "endTimeUnixNano" in each else start_record(each) for each in order]
        for files in ([b"".join(records)], records):
            read = snapshot(*files)
            names = [read.name(row) for row in range(len(read))]
            parent = int(read.parent_row[names.index("child")])
            found.add(names[parent] if parent >= 0 else "")
    (name,) = found
    return name


@pytest.mark.parametrize(
    ("start", "end", "parent"),
    [
        pytest.param(50, 60, "inner", id="begins when the inner one does"),
        pytest.param(49, 60, "outer", id="begins before the inner one"),
        pytest.param(50, 90, "inner", id="ends when the inner one does"),
        pytest.param(50, 91, "outer", id="ends after the inner one"),
        pytest.param(50, 101, "inner", id="ends after both: the one that began last"),
        pytest.param(50, 0, "inner", id="has not ended: the one that began last"),
        pytest.param(5, 60, "inner", id="begins before both, ends within both: the one that began last"),
    ],
)
def test_the_parent_is_what_the_child_fits_into(start: int, end: int, parent: str) -> None:
    """Not before it, not after it; of several that fit the one that began last."""
    outer, inner = candidate("outer", 10, 100), candidate("inner", 50, 90)
    child = span("child", start=start, end=end, parent=SHARED)
    assert parent_of(child, outer, inner) == parent


def test_that_it_began_before_weighs_more() -> None:
    """Of one that began in time and ended early, and one that began late and ended in time, the first."""
    child = span("child", start=20, end=60, parent=SHARED)
    assert parent_of(child, candidate("early", 10, 59), candidate("late", 21, 90)) == "early"


def test_what_has_not_ended_ends_after_all() -> None:
    """An open span holds whatever began after it; a closed one only what ended before it did."""
    child = span("child", start=20, end=60, parent=SHARED)
    assert parent_of(child, candidate("closed", 15, 59), candidate("open", 10, 0)) == "open"
    assert parent_of(child, candidate("closed", 15, 60), candidate("open", 10, 0)) == "closed"


def test_of_two_that_began_at_once_the_name_decides() -> None:
    """There has to be one, whichever came first."""
    child = span("child", start=20, end=30, parent=SHARED)
    assert parent_of(child, candidate("a", 10, 90), candidate("b", 10, 90)) == "b"


def test_nobody_is_its_own_parent() -> None:
    """A span that names its own ids as its parent's is below its namesake, though it fits itself better."""
    child = span("child", id=SHARED, start=50, end=60, parent=SHARED)
    assert parent_of(child, candidate("other", 70, 71)) == "other"


@pytest.mark.parametrize(
    ("first", "second", "known"), [(3, 5, 5), (5, 3, 5), (5, 5, 5), (0, 1, 1), (1, 0, 1)]
)
def test_a_suites_greatest_word_counts(first: int, second: int, known: int) -> None:
    """How many tests a suite expects, and on how many workers: the greatest, whichever record comes first."""
    suites, keys = Suites(), np.array([7], np.uint64)
    suites.note(keys, SpanBatch(expected={0: first}, workers={0: second}))
    suites.note(keys, SpanBatch(expected={0: second}, workers={0: first}))
    assert (suites.expected, suites.workers) == ({7: known}, {7: known})


def test_a_suite_may_say_that_it_has_no_tests() -> None:
    """None is a number too, and no other one."""
    suites = Suites()
    suites.note(np.array([7], np.uint64), SpanBatch(expected={0: 0}))
    assert suites.expected == {7: 0}
