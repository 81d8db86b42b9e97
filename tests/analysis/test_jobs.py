"""Pipeline runs and their jobs: what is one run, what is told apart, and what can be chosen."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.builders import T0, Json, S, case, line, span, table
from tests.recordings import RUNS, recorded
from tracetui.analysis.runs.choosing import choice_of
from tracetui.analysis.runs.runs import ALL
from tracetui.analysis.study.findings import Findings, study
from tracetui.errors import InputError
from tracetui.model.role import Outcome

HOUR = 3600 * S
Told = dict[str, Any]


def shard(
    tests: Sequence[str], at: int = 0, trace: str = "a", outcome: str = "passed", **resource: Any
) -> bytes:
    """One pytest, `at` seconds after the first; `__` in the name of a resource's attribute is a dot."""
    start = T0 + at * S
    told = {"tracetui.span.role": "suite", "test.suite.name": resource.get("title", "proj")}
    top = span("proj", told, start=start, end=start + 9 * S, trace=trace * 32)
    made: list[Json] = [
        case(name, outcome, start=start + 1, end=start + S, parent=top, trace=trace * 32) for name in tests
    ]
    attributes = {key.replace("__", "."): value for key, value in resource.items() if key != "title"}
    return line(top, *made, resource={"service.name": "proj"} | attributes)


def findings(*files: bytes) -> Findings:
    """Of files that are not numbered on."""
    made = table(*files)
    made._sources[:] = [f"{chr(97 + number)}.jsonl" for number in range(len(files))]
    return study(made.snapshot(), T0 + 48 * HOUR)


def jobs(found: Findings, run: int = 0) -> list[tuple[str, int]]:
    """Name and number of tests of each job of a run."""
    return [(found.runs.job_name(job), found.runs.job(job).tests) for job in found.runs.jobs_of(run)]


def test_shards_that_begin_late_are_one_run() -> None:
    """Three shards of six tests, 40 and 95 s apart, of one pipeline run; suites are told apart by runner."""
    found = recorded(RUNS / "shards_late")
    summary = found.summary
    assert (len(found.runs), summary.suites, summary.tests, summary.spans) == (1, 3, 18, 126)
    assert summary.outcomes == {Outcome.PASSED: 17, Outcome.FAILED: 1}
    assert sorted(found.runs.suites_apart.values()) == ["runner-1", "runner-2", "runner-3"]
    assert [tests for _, tests in jobs(found)] == [18]


@pytest.mark.parametrize(
    ("job", "tests", "apart"),
    [("runner-2", 6, "runner-2"), ("runner-1", 6, "runner-1"), ("3", 6, "runner-3"), ("1", 18, "")],
)
def test_one_shard_is_chosen_alone(job: str, tests: int, apart: str) -> None:
    """By what it is called, as if it were a job; the job itself has the number."""
    found = recorded(RUNS / "shards_late")
    choice = choice_of(found.runs, None, job) if job != "3" else choice_of(found.runs, "1", "NER-3")
    assert choice is not None
    chosen = found.chosen(choice)
    assert (chosen.summary.tests, chosen.summary.apart, len(chosen.tests)) == (tests, apart, tests)
    assert chosen.within is None or chosen.within.sum() == chosen.summary.spans
    assert sum(lane.tests for lane in chosen.lanes.lanes) == tests
    assert len(chosen.rank(only=chosen.shown)) == tests


@pytest.mark.parametrize("number", [1, 2])
def test_a_shard_has_a_name_and_a_job(number: int) -> None:
    """Of two jobs with two shards each: `2/2` alone is in both, a job's name with it in one."""
    parts = [
        shard([f"{name}{at}"], at + 2 * place, "abcd"[2 * place + at], cicd__pipeline__run__id="7",
              cicd__pipeline__task__name=f"{name} {at + 1}/2")
        for place, name in enumerate(("quick", "slow"))
        for at in range(2)
    ]  # fmt: skip
    found = findings(*parts)
    assert jobs(found) == [("quick", 2), ("slow", 2)]
    for job in found.runs.jobs_of(0):
        assert [found.runs.shards.name(each) for each in found.runs.shards_of(job)] == [
            "shard 1/2",
            "shard 2/2",
        ]
    choice = choice_of(found.runs, "7", f"slow {number}/2")
    assert choice is not None
    assert [found.snapshot.title(int(row)) for row in found.chosen(choice).tests] == [f"slow{number - 1}"]
    with pytest.raises(
        InputError, match=r"several jobs are called 2/2; known are quick shard 2/2; slow shard 2/2"
    ):
        choice_of(found.runs, "7", "2/2")


def test_a_job_of_one_shard_is_not_split() -> None:
    """Suites of one process are one shard: there is nothing to choose."""
    parts = [shard([name], at, "ab"[at], process__pid=1, host__name="h") for at, name in enumerate("ab")]
    found = findings(*parts)
    assert found.runs.jobs.suites.tolist() == [2]
    assert found.runs.shards_of(0) == []


@pytest.mark.parametrize("hours", [0, 1, 30])
def test_a_pipeline_run_joins_however_late(hours: int) -> None:
    """By its id, whatever the traces and files."""
    run: Told = {"cicd__pipeline__run__id": "7"}
    found = findings(shard(["a"], **run), shard(["b"], hours * 3600, "b", **run))
    assert [summary.tests for summary in found.runs] == [2]


def test_different_pipeline_runs_never_join() -> None:
    """Not at one time, not in one trace, not in one file."""
    first, second = shard(["a"], cicd__pipeline__run__id="7"), shard(["b"], 1, cicd__pipeline__run__id="8")
    assert [summary.tests for summary in findings(first + second).runs] == [1, 1]
    assert [
        summary.tests for summary in findings(first, shard(["b"], trace="b", github__run__id="8")).runs
    ] == [1, 1]


def test_what_tells_no_pipeline_joins_as_ever() -> None:
    """At once: one run; with a pipeline's run only in its trace."""
    found = findings(shard(["a"]), shard(["b"], 1, "b"), shard(["c"], 2, "c", cicd__pipeline__run__id="7"))
    assert sorted(summary.tests for summary in found.runs) == [1, 2]
    found = findings(shard(["a"], 0, "a", cicd__pipeline__run__id="7"), shard(["b"], 1, "a"))
    assert [summary.tests for summary in found.runs] == [2]


def test_what_is_no_test_joins_the_pipeline_run_that_it_lies_in() -> None:
    """Services under test tell of no pipeline."""
    server = line(span("GET /", start=T0 + 2 * S, end=T0 + 3 * S, trace="e" * 32))
    found = findings(shard(["a"], cicd__pipeline__run__id="7"), server)
    assert [summary.spans for summary in found.runs] == [3]


def test_attempts_are_told_apart() -> None:
    """The second attempt is a run of its own, and says so."""
    one: Told = {"cicd__pipeline__run__id": "7", "cicd__pipeline__task__run__id": "7/1/test"}
    two = one | {"cicd__pipeline__task__run__id": "7/2/test"}
    found = findings(shard(["a"], outcome="failed", **one), shard(["a"], 600, "b", **two))
    assert [found.runs.full_name(number) for number in range(2)] == ["proj attempt 2", "proj attempt 1"]
    assert [summary.outcome for summary in found.runs] == [Outcome.PASSED, Outcome.FAILED]


def test_jobs_of_a_matrix_stay_apart() -> None:
    """They run the same tests: each is a job, told by what differs."""
    run: Told = {"cicd__pipeline__run__id": "7", "cicd__pipeline__task__name": "test"}
    tests = ["a", "b", "c"]
    found = findings(
        shard(tests, cicd__worker__name="py310", **run),
        shard(tests, 60, "b", cicd__worker__name="py311", **run),
    )
    assert jobs(found) == [("py310", 3), ("py311", 3)]
    assert (found.summary.tests, found.summary.suites) == (6, 2)
    one = found.chosen(found.runs.job_choice(found.runs.jobs_of(0)[1]))
    assert (one.summary.tests, one.summary.apart, len(one.tests)) == (3, "py311", 3)


@pytest.mark.parametrize(
    ("first", "second", "number"),
    [
        ("abcd", "efgh", 1),
        ("abcd", "cdef", 1),
        ("abcd", "bcde", 2),
        ("abcd", "a", 2),
        ("ab", "abcdefgh", 2),
        ("a", "", 1),
    ],
)
def test_shards_share_few_tests(first: str, second: str, number: int) -> None:
    """At most half of the smaller one's: a few smoke tests may run everywhere."""
    run: Told = {"cicd__pipeline__run__id": "7"}
    found = findings(shard(list(first), **run), shard(list(second), 60, "b", **run))
    assert len(found.runs.jobs_of(0)) == number


def test_shards_of_a_matrix() -> None:
    """Two shards in each of two rows, as their services tell: two jobs of four tests."""
    run: Told = {"cicd__pipeline__run__id": "7"}
    parts = [
        shard(list(tests), 60 * place, "abcd"[place], service__name=service, **run)
        for place, (service, tests) in enumerate([("x", "ab"), ("y", "ab"), ("y", "cd"), ("x", "cd")])
    ]
    assert [tests for _, tests in jobs(findings(*parts))] == [4, 4]


@pytest.mark.parametrize(
    ("run", "job", "apart"),
    [
        ("7/1", None, "attempt 1"),
        ("7/1", "py311", "attempt 1 py311"),
        ("7/1", "py311 1/2", "attempt 1 py311 shard 1/2"),
        ("7/1", "py312 2/2", "attempt 1 py312 shard 2/2"),
        ("7/2", "1", "attempt 2"),
    ],
)
def test_what_is_chosen_alone_says_what_it_is_of(run: str, job: str | None, apart: str) -> None:
    """Each of the words would be that of others, too: there are two attempts, two jobs, two first shards."""
    parts = [
        shard(
            tests,
            60 * place,
            "abcde"[place],
            cicd__pipeline__run__id="7",
            cicd__pipeline__run__attempt=1 + place // 4,
            cicd__pipeline__task__name=f"{name} {number}/2",
        )
        for place, (name, number, tests) in enumerate(
            [
                ("py311", 1, "ab"),
                ("py312", 1, "ab"),
                ("py311", 2, "cd"),
                ("py312", 2, "cd"),
                ("py312", 2, "cd"),
            ]
        )
    ]
    found = findings(*parts)
    choice = choice_of(found.runs, run, job)
    assert choice is not None
    assert found.chosen(choice).summary.apart == apart


def test_a_shard_without_its_suite_is_told_apart_like_one_with_it() -> None:
    """Its suite never came: lanes are of shards all the same, and none has an empty name."""
    run: Told = {"cicd__pipeline__run__id": "7", "cicd__pipeline__task__name": "unit 1/2"}
    lost = case("c", start=T0 + 1, end=T0 + S, parent="f" * 16, trace="b" * 32)
    resource = {"service.name": "proj", "cicd.pipeline.run.id": "7", "cicd.pipeline.task.name": "unit 2/2"}
    found = findings(shard(["a", "b"], **run), line(lost, resource=resource))
    names = [lane.name for lane in found.lanes.lanes]
    assert names == ["job1", "shard 1/2:job0", "shard 2/2:job0"]
    bare = findings(shard(["a"]), line(lost, resource={"service.name": "proj"}))
    assert all(lane.name and not lane.name.startswith(":") for lane in bare.lanes.lanes)


def test_jobs_have_names() -> None:
    """Other names are other jobs, though their tests differ; shards are told by number."""
    run: Told = {"cicd__pipeline__run__id": "7"}
    found = findings(
        shard(["a"], cicd__pipeline__task__name="unit 1/2", **run),
        shard(["b"], 1, "b", cicd__pipeline__task__name="unit 2/2", **run),
        shard(["c"], 2, "c", cicd__pipeline__task__name="end to end", **run),
    )
    assert jobs(found) == [("unit", 2), ("end to end", 1)]


def test_one_process_only_repeats_itself() -> None:
    """Suites of one process with the same tests are one job."""
    process: Told = {"host__name": "h", "process__pid": 7}
    found = findings(shard(["a"], **process) + shard(["a"], 3, "b", **process))
    assert jobs(found) == [("proj", 2)]


def test_environments_at_once_are_jobs_too() -> None:
    """`tox -p`, without any pipeline."""
    found = findings(shard(["a", "b"], process__pid=1), shard(["a", "b"], 1, "b", process__pid=2))
    assert jobs(found) == [("pid 1", 2), ("pid 2", 2)]


def test_a_job_is_held_against_jobs_of_its_name() -> None:
    """In earlier runs too."""
    parts = [
        shard(["t"], 3600 * night + place, "abcd"[2 * night + place], cicd__pipeline__run__id=str(night),
              cicd__pipeline__task__name=name)
        for night in range(2)
        for place, name in enumerate(("quick", "slow"))
    ]  # fmt: skip
    found = findings(*parts)
    assert found.history.count.tolist() == [2]
    of_job = found.chosen(found.runs.job_choice(found.runs.jobs_of(0)[1]))
    assert (of_job.history.runs, of_job.history.count.tolist()) == (1, [1])


CHOICES = findings(
    shard(["a", "b"], title="night", cicd__pipeline__run__id="7", cicd__worker__name="one"),
    shard(["a", "b"], 1, "b", title="night", cicd__pipeline__run__id="7", cicd__worker__name="two"),
    shard(["c"], 7200, "c", title="day", cicd__pipeline__run__id="1"),
)


@pytest.mark.parametrize(
    ("run", "job", "said"),
    [
        ("newest", None, ("day", 1)),
        (None, None, None),
        ("all", None, ("day", 5)),
        ("7", None, ("night", 4)),
        ("7/1", None, ("night", 4)),
        ("2", None, ("night", 4)),
        ("1", None, ("day", 1)),
        ("NIGHT", None, ("night", 4)),
        ("night", "two", ("night", 2)),
        ("night", "1", ("night", 2)),
        (None, "1", ("day", 1)),
    ],
)
def test_runs_and_jobs_are_chosen_by_what_they_are_called(
    run: str | None, job: str | None, said: tuple[str, int] | None
) -> None:
    """A pipeline's id comes before a place: run 1 is what its pipeline calls 1."""
    choice = choice_of(CHOICES.runs, run, job)
    if said is None:
        assert choice is None
        return
    assert choice is not None
    chosen = CHOICES.chosen(choice)
    assert (chosen.summary.name, chosen.summary.tests) == said
    assert (chosen.shown is None) == (choice == ALL)


@pytest.mark.parametrize(
    ("run", "job", "message"),
    [
        ("dusk", None, "no run is called dusk"),
        ("9", None, "1: day"),
        ("7", "three", "2: two"),
        ("7", "o", "several"),
    ],
)
def test_what_names_nothing_is_refused(run: str, job: str | None, message: str) -> None:
    """With what there is."""
    with pytest.raises(InputError, match=message):
        choice_of(CHOICES.runs, run, job)


def task(execution: int, trace: str, at: int, name: str = "jscore") -> bytes:
    """A task of Evergreen under resmoke, whose resource tells nothing: the spans do."""
    start = T0 + at * S
    told = {
        "evergreen.version.id": "66c0",
        "evergreen.task.name": name,
        "evergreen.task.id": f"{name}_66c0",
        "evergreen.task.execution": execution,
    }
    suite = {"suite_display_name": "core", "suite_return_code": 0} | told
    top = span(
        "run.__init__._execute_suite",
        suite,
        start=start,
        end=start + 9 * S,
        parent="e" * 16,
        trace=trace * 32,
    )
    test = {"test_long_name": "a.js"} | told
    made = span(
        "job._execute_test", test, start=start + S, end=start + 2 * S, parent=top, trace=trace * 32, status=1
    )
    return line(top, made, scope="resmoke", resource={"service.name": "resmoke"})


def test_resmokes_suites_tell_of_evergreen_themselves() -> None:
    """Tasks of one version are one run, a job each; the second execution is another attempt."""
    found = findings(task(0, "a", 0), task(0, "b", 3600, "sharding"), task(1, "c", 7200))
    assert [found.runs.full_name(number) for number in range(2)] == ["core attempt 2", "core attempt 1"]
    assert [summary.tests for summary in found.runs] == [1, 2]
    assert jobs(found, 1) == [("jscore", 1), ("sharding", 1)]


def test_a_matrix_is_no_trend() -> None:
    """Twice the jobs do not make a test twice as slow; of a job, jobs of its name are the measure."""
    night, matrix = "6", "7"
    named: list[Told] = [
        {"cicd__pipeline__run__id": run, "cicd__pipeline__task__name": name}
        for run, name in ((night, "quick"), (matrix, "quick"), (matrix, "slow"))
    ]
    found = findings(*(shard(["t"], 3600 * place, "abc"[place], **told) for place, told in enumerate(named)))
    assert found.rank()[0].trend == pytest.approx(1.0)
    assert found.rank()[0].last_ns[-2:] == (S - 1, S - 1)
    of_job = found.chosen(found.runs.job_choice(found.runs.jobs_of(0)[1]))
    assert of_job.rank(only=of_job.within)[0].last_ns[-2:] == (-1, S - 1)
