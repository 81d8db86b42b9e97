"""What a resource tells of the process and the CI job that wrote spans."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import builders
from tracetui.model.resource_facts import NOTHING_TOLD, ResourceFacts, facts_of, resource_facts


def resource(**told: object) -> bytes:
    """A resource as OTLP/JSON; `__` in a name stands for a dot."""
    attributes = {key.replace("__", "."): value for key, value in told.items()}
    return builders.compact({"attributes": builders.key_values(attributes)})


def test_opentelemetrys_names_tell_run_job_runner_and_process() -> None:
    """As our own writer writes them on GitHub."""
    told = resource(
        service__name="proj",
        cicd__pipeline__run__id="777",
        cicd__pipeline__task__name="test",
        cicd__pipeline__task__run__id="777/2/test",
        cicd__worker__name="runner-1",
        host__name="ci-runner-4",
        process__pid=16652,
        service__instance__id="d5c54a06",
        tracetui__clock="relative",
    )
    assert resource_facts(told) == ResourceFacts(
        service="proj",
        run_id="777",
        attempt=2,
        job="test",
        job_id="777/2/test",
        runner="runner-1",
        host="ci-runner-4",
        pid=16652,
        instance="d5c54a06",
        clock="relative",
    )


@pytest.mark.parametrize(
    "key",
    [
        "GITHUB_RUN_ID",
        "github.run_id",
        "CI_PIPELINE_ID",
        "BUILDKITE_BUILD_ID",
        "evergreen.version.id",
        "evergreen.build.id",
        "BUILD_TAG",
        "teamcity.build.id",
        "BITBUCKET_BUILD_NUMBER",
        "APPVEYOR_BUILD_ID",
        "SEMAPHORE_WORKFLOW_ID",
        "CODEBUILD_BUILD_ID",
        "CIRRUS_BUILD_ID",
        "CI_PIPELINE_URL",
    ],
)
def test_each_ci_calls_its_run_another_way(key: str) -> None:
    """As attributes, or as the variables of its environment."""
    assert facts_of({key: "r1"}).run_id == "r1"


def test_opentelemetrys_name_comes_before_a_cis_own() -> None:
    """Whichever stands first in the resource."""
    assert facts_of({"GITHUB_RUN_ID": "other", "cicd.pipeline.run.id": "7"}).run_id == "7"


@pytest.mark.parametrize(
    ("told", "attempt"),
    [
        ({"GITHUB_RUN_ATTEMPT": "2"}, 2),
        ({"evergreen.task.execution": "0"}, 1),
        ({"BUILDKITE_RETRY_COUNT": "1"}, 2),
        ({"cicd.pipeline.task.run.id": "777/3/test"}, 3),
        ({"cicd.pipeline.task.run.id": "a/b"}, 0),
        ({"cicd.pipeline.task.run.id": "777/x/test"}, 0),
        ({"GITHUB_RUN_ATTEMPT": "second"}, 0),
        ({}, 0),
    ],
)
def test_an_attempt_counts_from_one(told: dict[str, str], attempt: int) -> None:
    """0 where nothing tells of it."""
    assert facts_of(told).attempt == attempt


@pytest.mark.parametrize(
    ("told", "job", "shard"),
    [
        ({"CI_JOB_NAME": "unit tests 2/3"}, "unit tests", "2/3"),
        ({"CI_JOB_NAME": "unit [2/3]"}, "unit", "2/3"),
        ({"CI_JOB_NAME": "unit 4/3"}, "unit 4/3", ""),
        ({"CI_JOB_NAME": "a/b"}, "a/b", ""),
        ({"CI_NODE_INDEX": "2", "CI_NODE_TOTAL": "5"}, "", "2/5"),
        ({"SYSTEM_JOBPOSITIONINPHASE": "2", "SYSTEM_TOTALJOBSINPHASE": "4"}, "", "2/4"),
        ({"BITBUCKET_PARALLEL_STEP": "0", "BITBUCKET_PARALLEL_STEP_COUNT": "3"}, "", "1/3"),
        ({"BUILDKITE_PARALLEL_JOB": "0", "BUILDKITE_PARALLEL_JOB_COUNT": "4"}, "", "1/4"),
    ],
)
def test_a_shard_is_told_by_number_or_in_the_jobs_name(told: dict[str, str], job: str, shard: str) -> None:
    """Counted from one."""
    facts = facts_of(told)
    assert (facts.job, facts.shard) == (job, shard)


@pytest.mark.parametrize(
    "blob",
    [
        b"",
        b"{}",
        b"[]",
        b"nonsense",
        b'{"attributes": 3}',
        b'{"attributes": [3, {"key": 4}, {"key": "host.name"}, {"key": "host.name", "value": {}}]}',
        b'{"attributes": [{"key": "host.name", "value": {"arrayValue": {"values": []}}}]}',
    ],
)
def test_what_tells_nothing_costs_nothing(blob: bytes) -> None:
    """Whatever it is."""
    assert resource_facts(blob) == NOTHING_TOLD


def test_bad_utf_8_in_one_value_leaves_the_others() -> None:
    """As reading lets it pass."""
    assert (
        resource_facts(resource(host__name="a", service__name="b").replace(b'"a"', b'"\xff"')).service == "b"
    )


@given(st.dictionaries(st.text(), st.text()), st.binary())
def test_nothing_raises(told: dict[str, str], blob: bytes) -> None:
    """Whatever stands in a resource."""
    facts_of(told)
    resource_facts(blob)


def test_a_snapshot_knows_the_facts_of_each_row() -> None:
    """Of each resource once."""
    snapshot = builders.snapshot(
        builders.line(builders.span("a"), resource={"host.name": "one"})
        + builders.line(builders.span("b"), resource={"host.name": "two"}),
        builders.line(builders.span("c"), resource={"host.name": "one"}),
    )
    assert [snapshot.resource(row).host for row in range(3)] == ["one", "two", "one"]
    assert snapshot.resource(0) is snapshot.resource(2)


@pytest.mark.parametrize("key", ["vcs.ref.head.revision", "GITHUB_SHA", "CI_COMMIT_SHA", "BUILDKITE_COMMIT"])
def test_each_ci_system_tells_the_revision(key: str) -> None:
    assert facts_of({key: "abc"}).revision == "abc"


def test_a_resource_tells_on_what_a_run_ran() -> None:
    """Runtime and system are joined of what is told; what is missing leaves no gap."""
    told = {"process.runtime.name": "cpython", "process.runtime.version": "3.13.2", "host.arch": "amd64"}
    found = facts_of(told | {"tracetui.host.cores": "8", "host.type": "m7i.large", "ImageOS": "ubuntu24"})
    assert (found.runtime, found.system, found.cores) == ("cpython 3.13.2", "amd64", 8)
    assert (found.machine, found.image) == ("m7i.large", "ubuntu24")
