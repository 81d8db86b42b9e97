"""Rankings, against sorted lists and `statistics`."""

import math
import statistics
from collections import defaultdict
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.analysis.graphs import runs
from tests.budgets import examples
from tests.builders import MS, T0, Json, S, case, line, snapshot, span
from tracetui.analysis.history.history import LAST
from tracetui.analysis.ranking import ranking_order
from tracetui.analysis.ranking.names import Names
from tracetui.analysis.ranking.rank_keys import AFTER_TEST, BEFORE_TEST
from tracetui.analysis.ranking.ranking import COLUMNS, GROUPINGS, Ranking
from tracetui.analysis.study.findings import Findings, study
from tracetui.model.role import Outcome, Role

NOW = 60


def findings(*spans: Json, scope: str = "tests") -> Findings:
    return study(snapshot(line(*spans, scope=scope)), T0)


def nearest_rank(values: list[int], percent: int) -> int:
    """The smallest value that at least so many per cent do not exceed."""
    return sorted(values)[max(0, math.ceil(percent / 100 * len(values)) - 1)]


def group_of(found: Findings, by: str, row: int) -> str | None:
    """The name a span is ranked under."""
    read, role = found.snapshot, Role(int(found.snapshot.role[row]))
    if by == "name":
        return read.name(row)
    if by == "role":
        return role.label
    if by == "file":
        return read.title(row).partition("::")[0] if role is Role.TEST else None
    return read.title(row) if role.label == by else None


@settings(max_examples=examples(35))
@given(runs(20).map(lambda read: study(read, NOW)), st.sampled_from(GROUPINGS))
def test_a_ranking_is_that_of_sorted_lists(found: Findings, by: str) -> None:
    """Count, failures, sums, mean, nearest-rank percentiles, maximum and share of every group."""
    groups: dict[str, list[int]] = defaultdict(list)
    for row in range(len(found.snapshot)):
        name = group_of(found, by, row)
        if name is not None:
            groups[name].append(row)
    ranking = found.rank(by)
    assert sorted(rank.name for rank in ranking) == sorted(groups)
    whole = sum(int(found.times.own[row]) for rows in groups.values() for row in rows)
    for rank in ranking:
        rows = groups[rank.name]
        own = [int(found.times.own[row]) for row in rows]
        assert (rank.count, rank.own_ns, rank.max_ns) == (len(rows), sum(own), max(own))
        assert rank.total_ns == sum(int(found.times.total[row]) for row in rows)
        assert rank.mean_ns == math.floor(statistics.mean(own))
        assert (rank.p50_ns, rank.p95_ns) == (nearest_rank(own, 50), nearest_rank(own, 95))
        assert rank.failed == sum(Outcome(int(found.snapshot.outcome[row])).bad for row in rows)
        assert rank.running == sum(found.snapshot.outcome[row] == Outcome.RUNNING for row in rows)
        assert rank.row in rows
        assert found.times.own[rank.row] == rank.max_ns
        assert rank.owns.tolist() == sorted(own)
        assert rank.range_ns == max(own) - min(own)
        assert rank.share == pytest.approx(rank.own_ns / whole if whole else 0)


@settings(max_examples=examples(50))
@given(
    runs(20).map(lambda read: study(read, NOW)), st.sampled_from(COLUMNS), st.booleans(), st.integers(0, 1)
)
def test_a_ranking_sorts_by_each_column(found: Findings, column: str, descending: bool, few: bool) -> None:
    """Each column in both directions; equal rows in the order of their names, whether few or many."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranking_order, "MOST_EQUAL", 9999 * few)
        ranks = list(found.rank("name").sorted(column, descending=descending))
    wanted = sorted(ranks, key=lambda rank: rank.name)
    wanted.sort(key=lambda rank: getattr(rank, column), reverse=descending)
    assert [rank.name for rank in ranks] == [rank.name for rank in wanted]
    assert len(ranks) == len(found.rank("name"))


def test_the_most_own_time_comes_first() -> None:
    """Unasked, a ranking is of own time, not of the longest wrapper."""
    slow = case("slow", end=T0 + 9 * MS)
    wide = span("wide", {"tracetui.span.role": "hook"}, end=T0 + 8 * MS, parent=slow)
    ranking = findings(slow, wide, case("quick", end=T0 + 2 * MS)).rank()
    assert [(rank.name, rank.own_ns, rank.total_ns) for rank in ranking] == [
        ("quick", 2 * MS, 2 * MS),
        ("slow", MS, 9 * MS),
    ]


def test_tests_that_share_a_base_name_are_ranked_apart() -> None:
    """Suite and case together are a test's name."""
    tests = [
        span("run", {"test.suite.name": suite, "test.case.name": "test_x"}) for suite in ("t", "te", "a")
    ]
    tests = [{**made, "spanId": f"{place + 1:016x}"} for place, made in enumerate(tests)]
    assert len(findings(*tests).rank()) == 3


def test_one_test_in_many_runs_is_one_row() -> None:
    """Occurrences in several traces are one row; the ranking says how many runs it covers."""
    traces = [f"{number + 1:032x}" for number in range(5)]
    tops, tests = [], []
    for place, trace in enumerate(traces):
        start = T0 + place * 60_000 * MS
        outcome = ("passed", "failed")[place % 2]
        tops.append(span("suite", {"tracetui.span.role": "suite"}, trace=trace, start=start, end=start + S))
        tests.append(case("test", outcome, trace=trace, start=start, end=start + (place + 1) * MS))
    ranking = findings(*tops, *tests).rank()
    (rank,) = ranking
    assert ranking.runs == 5
    assert (rank.count, rank.failed, rank.p50_ns, rank.p95_ns) == (5, 2, 3 * MS, 5 * MS)


def five_runs(*took_ms: int | None) -> Findings:
    """A test in runs a minute apart, in which it took so long; None where it was not in it."""
    spans: list[Json] = []
    for place, took in enumerate(took_ms):
        trace, start = f"{place + 1:032x}", T0 + place * 60 * S
        spans.append(span("suite", {"tracetui.span.role": "suite"}, trace=trace, start=start, end=start + S))
        spans.append(case("a.py::other", trace=trace, start=start, end=start + MS))
        if took is not None:
            spans.append(case("a.py::test", trace=trace, start=start, end=start + took * MS))
    return findings(*spans)


def test_the_last_runs() -> None:
    """Own time per run, the oldest first, and the last one against the median of the others."""
    found = five_runs(2, None, 4, 3, 9)
    (rank, _) = found.rank("test", found.within)
    assert rank.last_ns == (-1, -1, -1, 2 * MS, -1, 4 * MS, 3 * MS, 9 * MS)
    assert rank.trend == pytest.approx(9 / 3)
    assert (rank.count, rank.own_ns) == (1, 9 * MS)


def test_the_last_runs_of_an_earlier_run() -> None:
    """Of a run that is not the newest, the runs before it; what came later is not told."""
    found = five_runs(2, 4, 3, 9)
    earlier = found.chosen(int(found.runs.key[1]))
    (rank, _) = earlier.rank("test", earlier.within)
    assert rank.last_ns[-3:] == (2 * MS, 4 * MS, 3 * MS)
    assert rank.trend == pytest.approx(1)


def test_what_is_new_has_no_trend() -> None:
    """A test of the last run alone, and one that is not in it, have no trend; a file adds its tests up."""
    assert [rank.trend for rank in five_runs(None, 5).rank()] == [0.0, pytest.approx(1)]
    assert five_runs(5, None).rank().sorted("trend")[1].trend == 0.0
    found = five_runs(2, 3)
    (rank,) = found.rank("file", found.within)
    assert (rank.name, rank.last_ns[-2:], rank.count) == ("a.py", (3 * MS, 4 * MS), 2)


def test_narrowing() -> None:
    """Only names that hold a text are shown, whatever its case; sorting keeps that, shares stay."""
    ranking = findings(case("Tests/A", end=T0 + MS), case("tests/b", end=T0 + 3 * MS)).rank()
    narrow = ranking.narrowed("TESTS/a").sorted("share")
    assert [(rank.name, rank.share) for rank in narrow] == [("Tests/A", 0.25)]
    assert (narrow.hidden, narrow.place("Tests/A"), narrow.place("tests/b")) == (1, 0, 0)
    assert ranking.narrowed("").hidden == 0


@given(st.lists(st.text(max_size=3), unique=True, max_size=30), st.integers(1, 7))
def test_names_in_pieces(texts: list[str], piece: int) -> None:
    """The alphabetical order that is made in pieces is that of `sorted`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tracetui.analysis.ranking.names.PIECE", piece)
        names = Names(texts)
        assert [texts[place] for place in names.alphabetical] == sorted(texts)
        assert [sorted(texts).index(text) for text in texts] == names.rank.tolist()


@given(st.lists(st.text("ab", max_size=3), unique=True, max_size=30), st.integers(0, 30), st.data())
def test_the_place_of_a_name(texts: list[str], first: int, data: st.DataObject) -> None:
    """However often it is asked for, among the first names or more, and by whom that continues others."""
    names = [Names(texts[:first])]
    names.append(names[0].longer(texts[first:]))
    asked = st.lists(st.tuples(st.sampled_from(names), st.text("ab", max_size=3)), max_size=20)
    for some, text in data.draw(asked):
        known = texts[: len(some)]
        assert some.place(text) == (known.index(text) if text in known else -1)


def test_the_name_a_screen_stands_at_is_not_looked_for_again() -> None:
    """Its place is found where the ranking is made: among very many names that takes as long as a frame."""
    looked: list[str] = []

    class Texts(list[str]):
        def index(self, *told: Any) -> int:
            looked.append(told[0])
            return super().index(*told)

    ranking = findings(*(case(f"t{number}", start=T0, end=T0 + MS) for number in range(9))).rank("test")
    ranking.names.texts = Texts(ranking.names.texts)
    ranking.work_out("t7")
    assert ranking[ranking.place("t7")].name == "t7"
    assert looked == ["t7"]


def test_what_a_ranking_holds() -> None:
    """Of a recording of one run there is one column of own times, not ten; numbers of spans are small."""
    names = [f"t{number}" for number in range(50)]
    ranking = findings(*(case(name, start=T0, end=T0 + MS) for name in names)).rank("test")
    assert [rank.last_ns for rank in ranking] == [(*[-1] * (LAST - 1), MS)] * len(names)
    held = [run for run in ranking.last_ns if run.strides != (0,)]
    assert sum(run.nbytes for run in held) == 8 * len(names)
    assert _held(ranking) == {"count": 4 * len(names), "own_ns": 8 * len(names), "total_ns": 8 * len(names)}
    failing = findings(*(case(name, "failed", start=T0, end=T0 + MS) for name in names)).rank("test")
    assert _held(failing) == _held(ranking) | {"failed": 4 * len(names)}


def _held(ranking: Ranking) -> dict[str, int]:
    """The bytes of the columns that take memory: those of nothing but zeros do not."""
    return {name: held.nbytes for name, held in ranking.columns.held.items() if held.strides != (0,)}


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3)), max_size=12))
@example([("a", 2), ("a", 1), ("b", 3)])
@example([("a", 2)] * 20 + [("a", 3)])
def test_what_is_looked_up_in_own_times(ran: list[tuple[str, int]]) -> None:
    """Of whole columns, of some groups and of each rank: by the definitions, of no, one and several times."""
    begun = ((name, took, T0 + place * S) for place, (name, took) in enumerate(ran))
    ranking = findings(*(case(name, start=at, end=at + took * MS) for name, took, at in begun)).rank("test")
    for place, rank in enumerate(ranking):
        own = sorted(took * MS for name, took in ran if name == rank.name)
        wanted = {
            "mean_ns": sum(own) // len(own),
            "p50_ns": nearest_rank(own, 50),
            "p95_ns": nearest_rank(own, 95),
            "max_ns": own[-1],
            "range_ns": own[-1] - own[0],
            "share": sum(own) / max(1, sum(took * MS for _, took in ran)),
        }
        group = ranking.order[[place]]
        for name, value in wanted.items():
            assert getattr(rank, name) == ranking.columns[name][group[0]] == value, name
            assert ranking.columns.at(name, group) == [value], name
        assert rank.owns.tolist() == own
        assert rank == ranking[place]
        assert rank.row == ranking.columns["row"][group[0]]
        assert ran[rank.row] == (rank.name, own[-1] // MS)


def test_hooks_that_write_no_spans_are_derived_from_gaps() -> None:
    """resmoke's hooks around a test are the gaps before and after `run_test`, archiving left out."""
    wrapper = span("job._execute_test", {"test_long_name": "a.js"}, end=T0 + 100 * MS)
    inside = span("run_test", start=T0 + 10 * MS, end=T0 + 60 * MS, parent=wrapper)
    packing = "hook_test_archival._archive_hook_or_test"
    archiving = span(packing, start=T0 + 60 * MS, end=T0 + 85 * MS, parent=wrapper)
    found = findings(wrapper, inside, archiving, scope="resmoke")
    assert {rank.name: rank.own_ns for rank in found.rank("hook")} == {
        BEFORE_TEST: 10 * MS,
        AFTER_TEST: 15 * MS,
    }
    assert {rank.name: rank.own_ns for rank in found.rank("archiver")} == {packing: 25 * MS}


def test_an_empty_recording_ranks_nothing() -> None:
    """Every grouping of nothing is empty, and sorts."""
    for by in GROUPINGS:
        assert list(findings().rank(by).sorted("share")) == []


def test_the_place_of_what_is_not_there() -> None:
    """The first one, also where there is none."""
    found = findings(case("one"), case("two"))
    assert [found.rank().place(name) for name in ("one", "two", "three")] == [0, 1, 0]
    assert found.rank("hook").place("three") == 0
