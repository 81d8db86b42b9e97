"""Which tests are flaky: cases with known answers, and what holds whatever the runs are."""

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analysis.flaky.runs import Ran, recorded
from tests.builders import S
from tracetui.analysis.flaky.fixes import parsed
from tracetui.analysis.flaky.flaky import Evidence, Flakiness, Flaky, flakiness, reruns_to_show
from tracetui.analysis.history.records import joined
from tracetui.errors import InputError
from tracetui.model.role import Outcome

PASSED, FAILED, RERUN = Outcome.PASSED, Outcome.FAILED, Outcome.RERUN


def judged(*runs: Ran, fixed: tuple[str, ...] = ()) -> Flakiness:
    return flakiness(recorded(runs), parsed(fixed, {}))


def ran(*outcomes: str, revision: str = "aaaa") -> list[Ran]:
    """Runs of one test at one revision."""
    return [Ran(revision, {"t": outcome}) for outcome in outcomes]


def only(found: Flakiness) -> Flaky:
    (test,) = found.flaky
    return test


def test_both_outcomes_at_one_revision() -> None:
    """Four runs, the third of which failed: it and a run that passed are the evidence."""
    test = only(judged(*ran("P", "P", "F", "P")))
    assert (test.name, test.runs, test.failed, test.suite_runs, test.red, test.unclear) == (
        "t",
        4,
        1,
        4,
        1,
        0,
    )
    assert test.evidence == (Evidence(0, 1, PASSED, 2, 1), Evidence(2, 1, FAILED, 0, 1))
    # Wilson by its formula, with z = 1.959964: (1 + z^2/2 -+ z sqrt(1 * 3/4 + z^2/4)) / (4 + z^2).
    z = 1.959963984540054
    half = z * sqrt(0.75 + z * z / 4)
    assert test.interval == pytest.approx(
        ((1 + z * z / 2 - half) / (4 + z * z), (1 + z * z / 2 + half) / (4 + z * z))
    )
    assert test.cost_ns == S
    assert test.last_run == 2


def test_a_rerun_that_passed() -> None:
    """Within one run, whatever its code: two attempts failed, the third passed."""
    test = only(judged(Ran("", {"t": "rrP", "u": "P"})))
    assert (test.runs, test.failed, test.suite_runs, test.red) == (3, 2, 1, 0)
    assert test.evidence == (
        Evidence(0, 1, RERUN, 0, 3),
        Evidence(0, 2, RERUN, 0, 3),
        Evidence(0, 3, PASSED, 0, 2),
    )
    assert test.cost_ns == (1 + 2 + 3) * S, "both failed attempts, and the rerun that passed"


def test_reruns_that_all_failed_are_no_evidence() -> None:
    """A broken test fails however often it is run again."""
    found = judged(Ran("aaaa", {"t": "rrF"}))
    assert found.flaky == ()
    assert [(test.name, test.runs, test.since) for test in found.broken] == [("t", 1, 0)]


def test_such_reruns_and_a_run_that_passed() -> None:
    """At one revision that is flaky, and each attempt that failed counts."""
    test = only(judged(Ran("aaaa", {"t": "rrF"}), Ran("aaaa", {"t": "P"})))
    assert (test.runs, test.failed, test.red) == (4, 3, 1)
    assert test.evidence == (Evidence(0, 3, FAILED, 1, 1), Evidence(1, 1, PASSED, 0, 3))
    assert test.cost_ns == (1 + 2 + 3) * S


def test_broken_is_not_flaky() -> None:
    """It fails from a revision on until it is fixed: each revision has one outcome."""
    runs = [
        Ran(revision, {"t": outcome})
        for revision, outcome in (("aaaa", "P"), ("bbbb", "F"), ("bbbb", "F"), ("cccc", "F"), ("dddd", "P"))
    ]
    assert judged(*runs).flaky == ()
    assert judged(*runs).broken == ()
    (broken,) = judged(*runs[:4]).broken
    assert (broken.name, broken.runs, broken.since) == ("t", 3, 1)


def test_always_failing_is_broken() -> None:
    """Since the first run there is."""
    (broken,) = judged(*ran("F", "E", "F")).broken
    assert (broken.runs, broken.since) == (3, 0)


def test_broken_after_it_was_flaky() -> None:
    """Both are said, each of its own runs: what fails since is not counted as chance."""
    found = judged(*ran("P", "F"), *ran("F", "F", revision="bbbb"))
    test = only(found)
    assert (test.runs, test.failed, test.unclear) == (2, 1, 2)
    assert [(broken.runs, broken.since) for broken in found.broken] == [(2, 2)]


def test_runs_that_passed_at_other_revisions_count() -> None:
    """A revision at which it only passed works: its runs say how seldom it fails."""
    test = only(judged(*ran("P", "F"), *ran("P", revision="bbbb"), *ran("P", "P", revision="cccc")))
    assert (test.runs, test.failed) == (5, 1)


@pytest.mark.parametrize("differs", ["revision", "runtime", "job"])
def test_another_revision_or_variant_is_another_code(differs: str) -> None:
    """What passes on one and fails on the other does so by its code, its interpreter or its job."""
    base = Ran("aaaa", {"t": "P"})
    failed = base._replace(tests={"t": "F"})
    assert judged(base, failed).flaky
    assert judged(base, Ran(**failed._asdict() | {differs: "other"})).flaky == ()


def test_unknown_revision() -> None:
    """Two runs that did not say what they ran are not compared; it is said how many there are."""
    found = judged(Ran("", {"t": "P"}), Ran("", {"t": "F"}), Ran("aaaa", {"t": "P"}))
    assert found.flaky == ()
    assert (found.unknown_code, found.repeated) == (2, 0)


def test_attempts_of_a_pipeline_run_have_the_same_code() -> None:
    """Though nobody told the revision: whoever re-runs failed jobs gets the same commit."""
    found = judged(Ran("", {"t": "F"}, "777"), Ran("", {"t": "P"}, "777", 2), Ran("", {"t": "F"}, "778"))
    assert only(found).evidence == (Evidence(0, 1, FAILED, 1, 1), Evidence(1, 1, PASSED, 0, 1))
    assert only(found).unclear == 1
    assert (found.unknown_code, found.repeated) == (0, 2)


def test_a_parameter_is_not_a_retry() -> None:
    """A name that ran twice in a run, without being rerun, stands for two tests: one of them is broken."""
    found = judged(*ran("PF", "FP", "PF"))
    assert found.flaky == ()
    assert [broken.runs for broken in found.broken] == [3]
    test = only(judged(*ran("PF", "PP", "PF")))
    assert test.failed == 2, "another number of them failed at the same code: that is chance"
    assert judged(*ran("PF", "P", "FPF")).flaky == (), "as many as another run had: nothing to compare"


def test_parameters_in_names_are_tests_of_their_own() -> None:
    """One fails always, the other passes."""
    assert (
        judged(Ran("aaaa", {"t[1]": "P", "t[2]": "F"}), Ran("aaaa", {"t[1]": "P", "t[2]": "F"})).flaky == ()
    )


@pytest.mark.parametrize("neutral", "sxXcR")
def test_what_says_nothing(neutral: str) -> None:
    """Skipped, expected to fail, cut off or still running: neither passed nor failed."""
    for outcome in "PF":
        assert judged(*ran(neutral, outcome)).flaky == ()
    assert only(judged(*ran("P", neutral, "F"))).runs == 2


def test_an_accepted_fix_resets_it() -> None:
    """From the first run with that revision on; also for all parameters, also by a date."""
    runs = [*ran("P", "F"), *ran("P", "P", revision="bbbb"), *ran("P", "F", revision="cccc")]
    assert only(judged(*runs)).runs == 6
    assert only(judged(*runs, fixed=("t@bbbb",))).runs == 4
    assert judged(*runs[:4], fixed=("t@bbbb",)).flaky == ()
    assert judged(*runs, fixed=("t@bbbb", "t@2026-12-31")).flaky == ()
    assert only(judged(*runs, fixed=("u@bbbb",))).runs == 6
    named = [run._replace(tests={"t[1]": run.tests["t"]}) for run in runs[:4]]
    assert judged(*named, fixed=("t@BBBB",)).flaky == ()
    assert len(judged(*named, fixed=("t[2]@bbbb",)).flaky) == 1


def test_a_fix_that_nobody_has_run() -> None:
    """Nothing tells what came before it: it resets nothing, and that is said."""
    found = judged(*ran("P", "F"), fixed=("t@dddd",))
    assert only(found).runs == 2
    assert [fix.revision for fix in found.unplaced] == ["dddd"]


@pytest.mark.parametrize("text", ["t", "t@", "t@abc"])
def test_a_fix_without_a_revision(text: str) -> None:
    """Is refused with what to write."""
    with pytest.raises(InputError, match="expected TEST@REVISION"):
        parsed([text], {})


def test_fixes_of_settings() -> None:
    """By name; several revisions with commas."""
    assert parsed(["b@1234"], {"a": "abcd,ef01"}) == (("a", "abcd"), ("a", "ef01"), ("b", "1234"))


@pytest.mark.parametrize(
    ("share", "runs"), [(0.10, 29), (0.05, 59), (0.01, 299), (0.5, 5), (0.96, 1), (1.0, 1)]
)
def test_reruns_that_show_it(share: float, runs: int) -> None:
    """The known table of ln 0.05 / ln(1 - p)."""
    assert reruns_to_show(share) == runs


def test_nothing_at_all() -> None:
    """No runs, no verdicts."""
    assert judged() == Flakiness((), (), 0, 0, ())


OUTCOME = st.sampled_from(["P", "F", "rP", "rF", "rrP", "s", "c", "PF", "PP"])
RUNS = st.lists(
    st.builds(
        Ran,
        st.sampled_from(["", "aaaa", "bbbb", "cccc"]),
        st.dictionaries(st.sampled_from("tuv"), OUTCOME, max_size=3),
        st.sampled_from(["", "7", "8"]),
        attempt=st.just(1),
        job=st.just(""),
        runtime=st.just(""),
    ),
    max_size=8,
)


@given(RUNS, st.randoms(use_true_random=False))
def test_the_order_of_recordings_does_not_matter(runs: list[Ran], random: object) -> None:
    """Runs are put in order by when they began: however files come, the answer is the same."""
    whole = recorded(runs)
    parts = [whole.only([number]) for number in range(len(whole))]
    random.shuffle(parts)  # type: ignore[attr-defined]
    assert _told(flakiness(joined(parts))) == _told(flakiness(whole))


@given(RUNS, st.data())
def test_in_another_order_of_time_the_same_are_flaky(runs: list[Ran], data: st.DataObject) -> None:
    """Evidence and counts do not depend on which run was first; only what is broken now does."""
    other = data.draw(st.permutations(runs))
    before, after = (
        {(each.name, each.runs, each.failed, each.red) for each in judged(*some).flaky}
        for some in (runs, other)
    )
    assert before == after


@given(RUNS)
def test_a_passed_run_of_new_code_makes_nothing_flaky(runs: list[Ran]) -> None:
    """It is no evidence against any failure; it only mends what was broken."""
    more = judged(*runs, Ran("new1", dict.fromkeys("tuv", "P")))
    assert {test.name for test in more.flaky} == {test.name for test in judged(*runs).flaky}
    assert more.broken == ()


@given(RUNS)
def test_evidence_is_of_both_kinds(runs: list[Ran]) -> None:
    """Each verdict has a failure and what contradicts it; counts lie in their interval."""
    for test in judged(*runs).flaky:
        assert {entry.outcome is PASSED for entry in test.evidence} == {True, False}
        assert 0 <= test.interval.low <= test.failed / test.runs <= test.interval.high <= 1
        assert 0 < test.failed < test.runs


def _told(found: Flakiness) -> object:
    return found._replace(flaky=tuple(sorted(found.flaky)), broken=tuple(sorted(found.broken)))
