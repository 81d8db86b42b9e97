"""What a comparison says of each test: hand-made runs with right answers."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.analysis.compare.noisy import OTHERS, noisy, row, several
from tests.analysis.compare.recorded import HEAD, Took, runs
from tests.builders import MS, S
from tracetui.analysis.compare.comparison import Verdict, compare
from tracetui.analysis.compare.timing import Method
from tracetui.analysis.history.records import Records, Variant, nothing
from tracetui.model.role import HookKind, Outcome, Role


@pytest.mark.parametrize(
    ("count", "method"), [(5, Method.MODERATED_T), (9, Method.MODERATED_T), (10, Method.RANK_SUM)]
)
def test_with_enough_runs_there_is_a_verdict(count: int, method: Method) -> None:
    """Slower, faster, or the same, with the statistic and the n that say so."""
    found = compare(several(count, a=S, b=2 * S), several(count, 50, a=2 * S, b=S))
    a, b, same = row(found, "a"), row(found, "b"), row(found, "t07")
    assert (a.verdict, b.verdict, same.verdict) == (Verdict.SLOWER, Verdict.FASTER, Verdict.SAME)
    assert a.ratio == pytest.approx(2, rel=0.05)
    assert b.ratio == pytest.approx(0.5, rel=0.05)
    assert a.added_ns == pytest.approx(S, rel=0.1)
    assert b.added_ns == pytest.approx(-S, rel=0.1)
    assert (a.method, a.n_base, a.n_new) == (method, count, count)
    assert a.p is not None
    assert a.q is not None
    assert a.p <= a.q <= 0.05
    assert found.needs is None


@pytest.mark.parametrize("count", [1, 4])
def test_few_runs_are_never_a_verdict(count: int) -> None:
    """However large the change: it is suspect, the others are undecided, and it says what it would need."""
    found = compare(several(count, a=S), several(count, 50, a=9 * S))
    verdicts = {each.verdict for each in found.rows}
    assert verdicts == {Verdict.SUSPECT, Verdict.UNDECIDED}
    assert [each.subject.name for each in found.of(Verdict.SUSPECT)] == ["a"]
    assert row(found, "a").p is None
    assert found.needs == 5  # These tests vary so little that the moderated t would tell.


def test_a_suspect_stands_out_of_the_noise_of_tests_about_as_long() -> None:
    """What is much for steady tests is nothing for those that always vary."""
    noise = np.random.default_rng(1).normal(1, 0.3, (2, 60))
    steady = {f"s{n:02d}": round((5 + n) * S * (1 + 0.01 * by)) for n, by in enumerate(noise[0])}
    wild = {f"w{n:02d}": round((5 + n) * MS * max(by, 0.2)) for n, by in enumerate(noise[1])}
    before = {f"s{n:02d}": (5 + n) * S for n in range(60)} | {f"w{n:02d}": (5 + n) * MS for n in range(60)}
    after = {**steady, **wild, "s30": 35 * S * 5 // 4, "w30": 35 * MS * 5 // 4}
    found = compare(runs(before), runs(after))
    assert (row(found, "s30").verdict, row(found, "w30").verdict) == (Verdict.SUSPECT, Verdict.UNDECIDED)


def test_against_many_earlier_runs_its_own_noise_decides() -> None:
    """One new run against ten: 1.3 times is much for a steady test, and not for one that varies by half."""
    noise = np.random.default_rng(5)
    base = [
        noisy(n, steady=round(S * noise.normal(1, 0.02)), wild=round(S * noise.lognormal(0, 0.5)))
        for n in range(10)
    ]
    found = compare(runs(*base), runs(noisy(70, steady=13 * S // 10, wild=13 * S // 10)))
    assert [each.subject.name for each in found.of(Verdict.SUSPECT)] == ["steady"]


def test_the_speed_of_runs_is_divided_out_and_told() -> None:
    """Everything takes 1.5 times as long; one test does not, and is the one that got faster."""
    base, new = several(10, a=S), several(10, 50, a=S)
    slow = np.where([new.texts[name] != "a" for name in new.columns.name], 1.5, 1)
    new = Records(
        new.heads, new.texts, replace(new.columns, own_ns=(new.columns.own_ns * slow).astype(np.int64))
    )
    found = compare(base, new)
    assert found.speed_ratio == pytest.approx(1.5, rel=0.02)
    assert {each.verdict for each in found.rows} == {Verdict.FASTER, Verdict.SAME}
    assert row(found, "a").ratio == pytest.approx(2 / 3, rel=0.05)


def test_of_few_tests_nobody_knows_the_speed() -> None:
    """Where one of four changed, it may as well be the machine: nothing is divided out."""
    four = {"a": S, "b": S, "c": S, "d": S}
    found = compare(runs(four), runs({name: 2 * ns for name, ns in four.items()}))
    assert (found.is_speed_known, found.speed_ratio) == (False, 1)
    assert compare(runs(four | {"e": S}), runs(four | {"e": S})).is_speed_known


def test_tests_come_and_go() -> None:
    """What was not there before, or is not any more; all that it takes counts."""
    found = compare(runs(OTHERS | {"old": 3 * S}), runs(OTHERS | {"new": 2 * S}))
    old, new = row(found, "old"), row(found, "new")
    assert (old.verdict, old.base_ns, old.new_ns, old.added_ns, old.ratio) == (
        Verdict.GONE,
        3 * S,
        None,
        -3 * S,
        None,
    )
    assert (new.verdict, new.base_ns, new.new_ns, new.added_ns) == (Verdict.ADDED, None, 2 * S, 2 * S)
    assert [each.subject.name for each in found.rows[:1]] == ["new"]
    assert found.rows[-1].subject.name == "old"


def test_what_a_live_run_has_not_come_to_is_not_gone() -> None:
    """It waits; once any new run has ended, it is."""
    live = runs({"a": S}, heads=[HEAD._replace(state="live")])
    found = compare(runs({"a": S, "b": S}), live)
    assert [each.subject.name for each in found.rows] == ["a"]
    assert found.waiting == 1


def test_a_skipped_test_did_not_run() -> None:
    """What it took says nothing; where it always was skipped there is nothing to say."""
    skipped = (MS, Outcome.SKIPPED)
    found = compare(runs(OTHERS | {"a": S, "b": skipped}), runs(OTHERS | {"a": skipped, "b": skipped}))
    assert (row(found, "a").verdict, row(found, "a").is_skipped) == (Verdict.GONE, True)
    assert "b" not in {each.subject.name for each in found.rows}


FAIL, PASS = (S, Outcome.FAILED), (S, Outcome.PASSED)


@pytest.mark.parametrize(
    ("base", "new", "verdict"),
    [
        ([PASS], [FAIL], Verdict.NEWLY_FAILING),
        ([PASS, PASS], [FAIL, FAIL], Verdict.NEWLY_FAILING),
        ([PASS, PASS], [FAIL, PASS], Verdict.NEWLY_FLAKY),
        ([FAIL, FAIL], [PASS, PASS], Verdict.FIXED),
        ([FAIL, PASS], [FAIL, FAIL], Verdict.UNDECIDED),  # Half of the time it failed before: chance is 1/4.
        ([FAIL, PASS], [FAIL] * 5, Verdict.NEWLY_FAILING),  # 1/32
        ([FAIL, PASS], [PASS] * 4, Verdict.UNDECIDED),  # 1/16
        ([FAIL, PASS], [PASS] * 5, Verdict.FIXED),
        ([FAIL], [FAIL], Verdict.UNDECIDED),
        ([PASS], [(S, Outcome.ERROR)], Verdict.NEWLY_FAILING),
        ([PASS], [(S, Outcome.CUT_OFF)], Verdict.NEWLY_FAILING),
        ([PASS], [(S, Outcome.XFAILED)], Verdict.UNDECIDED),
        ([PASS], [(S, Outcome.RUNNING)], Verdict.UNDECIDED),
    ],
)  # fmt: skip
def test_outcomes_that_changed(base: list[Took], new: list[Took], verdict: Verdict) -> None:
    """A flaky test that fails is not broken, nor fixed when it passes, unless that is unlikely."""
    found = compare(runs(*({"a": each} for each in base)), runs(*({"a": each} for each in new)))
    assert found.rows[0].verdict is verdict


def test_a_retry_that_passed_is_how_a_test_ended() -> None:
    """Attempts before the last neither fail nor take time."""
    columns = {"outcome": Outcome.RERUN, "own_ns": 9 * S}
    record = runs({"a": columns})
    both = Records(record.heads, record.texts, runs({"a": S}).columns)
    found = compare(runs({"a": S}), Records(both.heads, both.texts, _stacked(record, both)))
    assert (found.rows[0].verdict, found.rows[0].new_ns, found.rows[0].bad_new) == (Verdict.UNDECIDED, S, 0)


def _stacked(*parts: Records) -> Any:
    names = parts[0].columns.__struct_fields__
    return type(parts[0].columns)(
        **{name: np.concatenate([getattr(part.columns, name) for part in parts]) for name in names}
    )


def test_times_of_failures_do_not_count_beside_those_of_passes() -> None:
    """A test that fails ends early: that is no test that got faster."""
    found = compare(runs({"a": S}), runs({"a": (MS, Outcome.FAILED)}, {"a": S}))
    assert (found.rows[0].new_ns, found.rows[0].n_new) == (S, 1)


def test_what_was_killed_took_at_least_so_long() -> None:
    """It may prove to be slow, never fast."""
    cut: dict[str, Any] = {"own_ns": 9 * S, "outcome": Outcome.RUNNING, "at_least": True}
    quick = {**cut, "own_ns": MS}
    slow = compare(several(1, a=S), runs(noisy(3, a=cut)))
    assert (row(slow, "a").verdict, row(slow, "a").is_at_least) == (Verdict.SUSPECT, True)
    assert row(compare(several(1, a=S), runs(noisy(3, a=quick))), "a").verdict is Verdict.UNDECIDED
    assert row(compare(runs(noisy(3, a=quick)), several(1, a=S)), "a").verdict is Verdict.UNDECIDED


def test_hooks_and_fixtures_are_compared_alike() -> None:
    """By all that they take in a run; they have no say in how fast a run is. Scopes may change."""
    fixture: dict[str, Any] = {"role": Role.HOOK, "hook_kind": HookKind.SESSION, "own_ns": S}
    narrow = {**fixture, "hook_kind": HookKind.FUNCTION, "own_ns": 30 * S, "count": 30}
    found = compare(
        runs(noisy(1) | {"hook a": S, "db": fixture}), runs(noisy(2) | {"hook a": 2 * S, "db": narrow})
    )
    db, hook = row(found, "db"), row(found, "hook a")
    assert (db.verdict, db.calls_base, db.calls_new, db.subject.is_fixture) == (Verdict.SUSPECT, 1, 30, True)
    assert (hook.verdict, hook.subject.role, hook.subject.is_fixture) == (Verdict.SUSPECT, Role.HOOK, False)
    test, same_name = runs({"x": S}), runs({"x": {"own_ns": S, "role": Role.HOOK}})
    assert {each.verdict for each in compare(test, same_name).rows} == {Verdict.ADDED, Verdict.GONE}


def test_a_matrix_is_compared_job_by_job() -> None:
    """The same test in two jobs of one run are two; shards with their own tests are one run."""
    a, b = (HEAD._replace(run_id="7", job=job) for job in ("a", "b"))
    matrix = runs({"x": S}, {"x": 3 * S}, heads=[a, b])
    found = compare(matrix, matrix)
    assert [(each.subject.job, each.base_ns, each.n_base) for each in found.rows] == [
        ("a", S, 1),
        ("b", 3 * S, 1),
    ]
    assert (found.base_runs, found.new_runs) == (1, 1)
    shards = runs({"x": S}, {"y": 3 * S}, heads=[a, b])
    assert [each.subject.job for each in compare(shards, shards).rows] == ["", ""]


def test_unequal_machines_are_named() -> None:
    """Only what both sides tell, and tell differently."""
    small = HEAD._replace(variant=Variant(cores=4, image="ubuntu-22"), workers=2)
    large = HEAD._replace(variant=Variant(cores=16, image="ubuntu-22", system="linux"), workers=8)
    found = compare(runs({"a": S}, heads=[small]), runs({"a": S}, {"a": S}, heads=[large, small]))
    assert found.differences == (("cores", ("4",), ("16", "4")), ("workers", ("2",), ("2", "8")))


def test_ranks_alone_judge_runs_that_took_turns() -> None:
    """Few of them, all changed: nothing is divided out, and four a side are enough for one test."""
    found = compare(
        runs(*({"a": S + n} for n in range(4))), runs(*({"a": 2 * S + n} for n in range(4))), took_turns=True
    )
    assert found.rows[0].verdict is Verdict.SLOWER
    assert found.rows[0].p == pytest.approx(2 / 70)
    assert found.rows[0].method is Method.RANK_SUM


def test_a_change_below_ten_percent_is_none() -> None:
    """However sure it is."""
    base = runs(*({"a": 1000 * MS + n} for n in range(10)))
    almost, enough = (runs(*({"a": round(ns) * MS + n} for n in range(10))) for ns in (1099, 1101))
    assert compare(base, almost).rows[0].verdict is Verdict.SAME
    assert compare(base, almost).rows[0].q == pytest.approx(2 / 184756)
    assert compare(base, enough).rows[0].verdict is Verdict.SLOWER


def test_nothing_against_something() -> None:
    """Neither raises: all is gone, or added, or there is nothing."""
    none = Records([], [], nothing())
    assert compare(none, none).rows == []
    assert [each.verdict for each in compare(runs({"a": S}), runs({})).rows] == [Verdict.GONE]
    assert [each.verdict for each in compare(none, runs({"a": S})).rows] == [Verdict.ADDED]


@given(
    st.lists(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 10 * S)), min_size=2, max_size=8),
    st.data(),
)
def test_sides_mirror_each_other(took: list[dict[str, int]], data: st.DataObject) -> None:
    """Turned round, what was slower is faster, by the same p; and each test is there once."""
    at = data.draw(st.integers(1, len(took) - 1))
    base, new = runs(*took[:at]), runs(*took[at:])
    there, back = compare(base, new), compare(new, base)
    assert sorted(each.subject.name for each in there.rows) == sorted({name for run in took for name in run})
    mirrored = {Verdict.ADDED: Verdict.GONE, Verdict.GONE: Verdict.ADDED, Verdict.SLOWER: Verdict.FASTER}
    mirrored[Verdict.FASTER] = Verdict.SLOWER
    for each in there.rows:
        other = row(back, each.subject.name)
        assert other.verdict is mirrored.get(each.verdict, each.verdict)
        assert other.p == pytest.approx(each.p)
        assert other.q == pytest.approx(each.q)
        assert (other.base_ns, other.new_ns) == (each.new_ns, each.base_ns)
