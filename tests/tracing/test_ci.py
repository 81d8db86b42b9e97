"""The CI run that a process is part of, from what each CI system sets."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tracing.recording import spans_in
from tracetui.model.resource_facts import facts_of
from tracetui.tracing import set_up_tracing
from tracetui.tracing.about.ci import ci_attributes, repository_url

RUNS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "GitHub, a pull request": (
        {
            "GITHUB_ACTIONS": "true",
            "GITHUB_WORKFLOW": "CI",
            "GITHUB_RUN_ID": "42",
            "GITHUB_RUN_ATTEMPT": "2",
            "GITHUB_JOB": "test",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REPOSITORY": "org/repo",
            "GITHUB_REF": "refs/pull/7/merge",
            "GITHUB_REF_NAME": "7/merge",
            "GITHUB_HEAD_REF": "feature",
            "GITHUB_SHA": "abc",
            "RUNNER_NAME": "runner 1",
            "GITHUB_TOKEN": "canary",
        },
        {
            "cicd.pipeline.name": "CI",
            "cicd.pipeline.run.id": "42",
            "cicd.pipeline.run.url.full": "https://github.com/org/repo/actions/runs/42",
            "cicd.pipeline.task.name": "test",
            "cicd.pipeline.task.run.id": "42/2/test",
            "github.run.attempt": "2",
            "cicd.worker.name": "runner 1",
            "vcs.repository.url.full": "https://github.com/org/repo",
            "vcs.repository.name": "repo",
            "vcs.ref.head.name": "feature",
            "vcs.ref.head.revision": "abc",
            "vcs.change.id": "7",
        },
    ),
    "GitHub, a push": (
        {
            "GITHUB_ACTIONS": "true",
            "GITHUB_REF": "refs/heads/main",
            "GITHUB_REF_NAME": "main",
            "GITHUB_HEAD_REF": "",
        },
        {"vcs.ref.head.name": "main"},
    ),
    "GitLab": (
        {
            "GITLAB_CI": "true",
            "CI_PROJECT_PATH": "org/repo",
            "CI_PROJECT_NAME": "repo",
            "CI_PROJECT_URL": "https://gitlab.example/org/repo",
            "CI_PIPELINE_ID": "9",
            "CI_PIPELINE_URL": "https://gitlab.example/org/repo/-/pipelines/9",
            "CI_JOB_NAME": "unit",
            "CI_JOB_ID": "11",
            "CI_NODE_INDEX": "2",
            "CI_NODE_TOTAL": "5",
            "CI_JOB_URL": "https://gitlab.example/org/repo/-/jobs/11",
            "CI_RUNNER_ID": "3",
            "CI_RUNNER_DESCRIPTION": "docker",
            "CI_COMMIT_REF_NAME": "main",
            "CI_COMMIT_SHA": "abc",
            "CI_MERGE_REQUEST_IID": "5",
            "CI_JOB_TOKEN": "canary",
            "CI_REPOSITORY_URL": "https://gitlab-ci-token:canary@gitlab.example/org/repo.git",
        },
        {
            "cicd.pipeline.name": "org/repo",
            "cicd.pipeline.run.id": "9",
            "cicd.pipeline.run.url.full": "https://gitlab.example/org/repo/-/pipelines/9",
            "cicd.pipeline.task.name": "unit",
            "cicd.pipeline.task.run.id": "11",
            "ci.node.index": "2",
            "ci.node.total": "5",
            "cicd.pipeline.task.run.url.full": "https://gitlab.example/org/repo/-/jobs/11",
            "cicd.worker.id": "3",
            "cicd.worker.name": "docker",
            "vcs.repository.url.full": "https://gitlab.example/org/repo",
            "vcs.repository.name": "repo",
            "vcs.ref.head.name": "main",
            "vcs.ref.head.revision": "abc",
            "vcs.change.id": "5",
        },
    ),
    "Jenkins": (
        {
            "JENKINS_URL": "https://ci.example/",
            "JOB_NAME": "nightly",
            "BUILD_TAG": "jenkins-nightly-12",
            "BUILD_NUMBER": "12",
            "BUILD_URL": "https://me:canary@ci.example/job/nightly/12/",
            "STAGE_NAME": "Test",
            "NODE_NAME": "agent-1",
            "GIT_URL": "git@git.example:org/repo.git",
            "GIT_BRANCH": "origin/main",
            "GIT_COMMIT": "abc",
        },
        {
            "cicd.pipeline.name": "nightly",
            "cicd.pipeline.run.id": "jenkins-nightly-12",
            "cicd.pipeline.run.url.full": "https://ci.example/job/nightly/12/",
            "cicd.pipeline.task.name": "Test",
            "cicd.worker.id": "agent-1",
            "cicd.worker.name": "agent-1",
            "vcs.repository.url.full": "ssh://git.example/org/repo",
            "vcs.repository.name": "repo",
            "vcs.ref.head.name": "origin/main",
            "vcs.ref.head.revision": "abc",
        },
    ),
    "Buildkite": (
        {
            "BUILDKITE": "true",
            "BUILDKITE_PIPELINE_SLUG": "pipe",
            "BUILDKITE_BUILD_ID": "b1",
            "BUILDKITE_BUILD_URL": "https://buildkite.com/org/pipe/builds/1",
            "BUILDKITE_LABEL": "tests",
            "BUILDKITE_JOB_ID": "j1",
            "BUILDKITE_AGENT_ID": "a1",
            "BUILDKITE_AGENT_NAME": "agent",
            "BUILDKITE_REPO": "https://user:canary@github.com/org/repo.git",
            "BUILDKITE_BRANCH": "main",
            "BUILDKITE_COMMIT": "abc",
            "BUILDKITE_PULL_REQUEST": "false",
        },
        {
            "cicd.pipeline.name": "pipe",
            "cicd.pipeline.run.id": "b1",
            "cicd.pipeline.run.url.full": "https://buildkite.com/org/pipe/builds/1",
            "cicd.pipeline.task.name": "tests",
            "cicd.pipeline.task.run.id": "j1",
            "cicd.pipeline.task.run.url.full": "https://buildkite.com/org/pipe/builds/1#j1",
            "cicd.worker.id": "a1",
            "cicd.worker.name": "agent",
            "vcs.repository.url.full": "https://github.com/org/repo",
            "vcs.repository.name": "repo",
            "vcs.ref.head.name": "main",
            "vcs.ref.head.revision": "abc",
        },
    ),
    "Evergreen": (
        {"EVR_TASK_ID": "t1", "CI": "true"},
        {
            "cicd.pipeline.task.run.id": "t1",
            "cicd.pipeline.task.run.url.full": "https://spruce.mongodb.com/task/t1",
        },
    ),
    "Evergreen, with its expansions": (
        {
            "EVR_TASK_ID": "t1",
            "build_variant": "linux-64",
            "version_id": "v1",
            "task_name": "jsCore",
            "distro_id": "rhel8",
            "github_org": "mongodb",
            "github_repo": "mongo",
            "branch_name": "master",
            "revision": "abc",
            "github_pr_number": "3",
            "requester": "github_pull_request",
        },
        {
            "cicd.pipeline.name": "linux-64",
            "cicd.pipeline.run.id": "v1",
            "cicd.pipeline.run.url.full": "https://spruce.mongodb.com/version/v1",
            "cicd.pipeline.task.name": "jsCore",
            "cicd.pipeline.task.run.id": "t1",
            "cicd.pipeline.task.run.url.full": "https://spruce.mongodb.com/task/t1",
            "cicd.worker.name": "rhel8",
            "evergreen.variant.name": "linux-64",
            "evergreen.requester": "github_pull_request",
            "vcs.repository.url.full": "https://github.com/mongodb/mongo",
            "vcs.repository.name": "mongo",
            "vcs.ref.head.name": "master",
            "vcs.ref.head.revision": "abc",
            "vcs.change.id": "3",
        },
    ),
    "nobody": ({"CI": "true", "BUILD_URL": "https://x"}, {}),
}


@pytest.mark.parametrize("case", RUNS)
def test_each_system_is_recognised(case: str) -> None:
    """Its environment gives these facts and no others; a fact it does not give is left out."""
    environment, expected = RUNS[case]
    assert ci_attributes(environment) == expected
    assert "canary" not in str(ci_attributes(environment))


ADDRESSES = {
    "https://github.com/org/repo.git": "https://github.com/org/repo",
    "https://user:pass@host:8443/a/b/": "https://host:8443/a/b",
    "https://host/a?token=canary": "https://host/a",
    "ssh://git@host:22/a/b.git": "ssh://host:22/a/b",
    "git@github.com:org/repo.git": "ssh://github.com/org/repo",
    "host:path/repo": "ssh://host/path/repo",
    "/srv/git/repo.git": "/srv/git/repo",
    "": None,
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_is_a_url_without_its_user(address: str) -> None:
    """Every way to write a repository's address gives one URL, which holds no user, password or query."""
    assert repository_url(address) == ADDRESSES[address]


def test_the_facts_are_in_the_resource(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every span's resource tells the CI run; what the user says of it wins."""
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_WORKFLOW", "CI")
    monkeypatch.setenv("GITHUB_SHA", "abc")
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "cicd.pipeline.name=mine")
    with set_up_tracing(tmp_path, service_name="s") as tracing:
        tracing.tracer.start_span("root").end()
    resource = spans_in(tmp_path)[0].resource
    assert (resource["cicd.pipeline.name"], resource["vcs.ref.head.revision"]) == ("mine", "abc")


@pytest.mark.parametrize(
    ("environment", "attempt", "shard"),
    [
        ({"GITHUB_ACTIONS": "true", "GITHUB_RUN_ATTEMPT": "2"}, 2, ""),
        ({"GITLAB_CI": "true", "CI_NODE_INDEX": "2", "CI_NODE_TOTAL": "5"}, 0, "2/5"),
        ({"BUILDKITE": "true", "BUILDKITE_RETRY_COUNT": "1"}, 2, ""),
        ({"BUILDKITE": "true", "BUILDKITE_PARALLEL_JOB": "0", "BUILDKITE_PARALLEL_JOB_COUNT": "3"}, 0, "1/3"),
        ({"EVR_TASK_ID": "t", "execution": "2"}, 3, ""),
    ],
)
def test_the_viewer_tells_attempts_and_shards_of_each_system(
    environment: dict[str, str], attempt: int, shard: str
) -> None:
    facts = facts_of(ci_attributes(environment))
    assert (facts.attempt, facts.shard) == (attempt, shard)
