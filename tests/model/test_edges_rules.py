"""What decides between two outcomes, two roles, two shards: each rule where it turns."""

import pytest

from tests.model.clues import ERROR, OK, UNSET, facts, resmoke
from tracetui.model.resource_facts import facts_of
from tracetui.model.role import Outcome, StatusCode


@pytest.mark.parametrize(
    ("code", "told", "status", "outcome"),
    [
        ("0", "skipped", OK, Outcome.SKIPPED),
        ("0", "skip", OK, Outcome.PASSED),
        ("0", "", OK, Outcome.PASSED),
        ("1", "skipped", OK, Outcome.FAILED),
        ("2", "skipped", OK, Outcome.ERROR),
        ("", "skipped", OK, Outcome.UNKNOWN),
        ("", "skipped", ERROR, Outcome.ERROR),
        ("00", "skipped", OK, Outcome.ERROR),
    ],
)
def test_only_a_good_suite_of_resmoke_is_skipped(
    code: str, told: str, status: StatusCode, outcome: Outcome
) -> None:
    """What a suite says of itself counts where its return code is 0."""
    attributes = {"suite_return_code": code, "suite_return_status": told}
    found = resmoke(
        "run.__init__._execute_suite", status, **{key: each for key, each in attributes.items() if each}
    )
    assert found.outcome is outcome


@pytest.mark.parametrize(
    ("told", "exit_status", "status", "outcome"),
    [
        ("success", "0", OK, Outcome.PASSED),
        ("success", "5", OK, Outcome.PASSED),
        ("success", "", OK, Outcome.PASSED),
        ("success", "1", OK, Outcome.FAILED),
        ("success", "6", OK, Outcome.FAILED),
        ("success", "0", ERROR, Outcome.FAILED),
        ("success", "0", UNSET, Outcome.PASSED),
        ("aborted", "1", ERROR, Outcome.ERROR),
        ("skipped", "0", ERROR, Outcome.SKIPPED),
    ],
)
def test_a_suite_of_ours_is_as_bad_as_its_exit(
    told: str, exit_status: str, status: StatusCode, outcome: Outcome
) -> None:
    """0 (fine) and 5 (no tests) change nothing; what is bad already keeps its own word."""
    attributes = {
        "tracetui.span.role": "suite",
        "test.suite.run.status": told,
        "pytest.exitstatus": exit_status,
    }
    assert (
        facts("s", {key: each for key, each in attributes.items() if each}, status=status).outcome is outcome
    )


@pytest.mark.parametrize(
    ("attributes", "shard"),
    [
        ({"CI_NODE_INDEX": "1", "CI_NODE_TOTAL": "3"}, "1/3"),
        ({"CI_NODE_INDEX": "3", "CI_NODE_TOTAL": "3"}, "3/3"),
        ({"BUILDKITE_PARALLEL_JOB": "0", "BUILDKITE_PARALLEL_JOB_COUNT": "3"}, "1/3"),
        ({"BUILDKITE_PARALLEL_JOB": "2", "BUILDKITE_PARALLEL_JOB_COUNT": "3"}, "3/3"),
        ({"CIRCLE_NODE_INDEX": "0", "CIRCLE_NODE_TOTAL": "2"}, "1/2"),
        ({"CI_NODE_INDEX": "1", "CI_NODE_TOTAL": "1"}, "1/1"),
        ({"test.shard.index": "0", "test.total.shards": "4"}, "1/4"),
        ({"GTEST_SHARD_INDEX": "3", "GTEST_TOTAL_SHARDS": "4"}, "4/4"),
        ({}, ""),
    ],
)
def test_shards_count_from_one(attributes: dict[str, str], shard: str) -> None:
    """Whatever a CI counts from."""
    assert facts_of({"service.name": "x", **attributes}).shard == shard


@pytest.mark.parametrize(("digits", "pid"), [(18, 10**17), (19, 0)])
def test_a_number_has_at_most_eighteen_digits(digits: int, pid: int) -> None:
    """So that it fits into whatever it is put."""
    assert facts_of({"process.pid": "1" + "0" * (digits - 1)}).pid == pid
