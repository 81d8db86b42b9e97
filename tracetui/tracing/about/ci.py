"""Which CI run this is, from the environment that the CI system gives its jobs.

Names follow OpenTelemetry's conventions (https://opentelemetry.io/docs/specs/semconv/registry/attributes/cicd/
and `.../vcs/`). They have no names for attempts and shards, so those keep the names of each system. Nothing
else of the environment is read, and no URL keeps a user or password.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tracetui.tracing.redact import without_user

Environment = Mapping[str, str]
_Way = str | Callable[[Environment], str | None]
"""The name of a variable, or a function of the environment."""


@dataclass(frozen=True)
class _System:
    """One CI system: the variables that only it sets, and where it says what, the best place first."""

    known_by: tuple[str, ...]
    facts: Mapping[str, tuple[_Way, ...]]


def ci_attributes(environment: Environment) -> dict[str, str]:
    """Resource attributes that tell of the CI run `environment` belongs to; empty outside of CI."""
    system = next((system for system in _SYSTEMS if any(environment.get(by) for by in system.known_by)), None)
    if system is None:
        return {}
    attributes = {key: _first(ways, environment) for key, ways in system.facts.items()}
    return {key: value for key, value in attributes.items() if value}


def repository_url(address: str | None) -> str | None:
    """The address of a repository as a URL, without user, password and `.git`."""
    if not address:
        return None
    short = re.fullmatch(r"(?:[^@/:]+@)?([^@/:]+):(?!//)(.+)", address)
    url = f"ssh://{short[1]}/{short[2].lstrip('/')}" if short else without_user(address)
    return url.partition("?")[0].rstrip("/").removesuffix(".git")


def _first(ways: tuple[_Way, ...], environment: Environment) -> str | None:
    values = (environment.get(way) if isinstance(way, str) else way(environment) for way in ways)
    return next((value for value in values if value), None)


def _joined(template: str) -> Callable[[Environment], str | None]:
    """`{NAME}`s filled in from the environment; None if one is missing."""
    names = re.findall(r"{(\w+)}", template)

    def join(environment: Environment) -> str | None:
        has_all = all(environment.get(name) for name in names)
        return template.format_map(environment) if has_all else None

    return join


def _address(way: _Way) -> Callable[[Environment], str | None]:
    return lambda environment: repository_url(_first((way,), environment))


def _page(way: _Way) -> Callable[[Environment], str | None]:
    return lambda environment: without_user(_first((way,), environment) or "")


def _last_part(way: _Way) -> Callable[[Environment], str | None]:
    return lambda environment: (repository_url(_first((way,), environment)) or "").rpartition("/")[2]


def _pull_request(environment: Environment) -> str | None:
    match = re.fullmatch(r"refs/pull/(\d+)/\w+", environment.get("GITHUB_REF", ""))
    return match and match[1]


def _buildkite_change(environment: Environment) -> str | None:
    number = environment.get("BUILDKITE_PULL_REQUEST")
    return None if number == "false" else number


_GITHUB_REPOSITORY = _joined("{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}")
_EVERGREEN_REPOSITORY = _joined("https://github.com/{github_org}/{github_repo}")

_SYSTEMS = (
    _System(
        ("GITHUB_ACTIONS",),
        {
            "cicd.pipeline.name": ("GITHUB_WORKFLOW",),
            "cicd.pipeline.run.id": ("GITHUB_RUN_ID",),
            "cicd.pipeline.run.url.full": (
                _page(_joined("{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}")),
            ),
            "cicd.pipeline.task.name": ("GITHUB_JOB",),
            "cicd.pipeline.task.run.id": (_joined("{GITHUB_RUN_ID}/{GITHUB_RUN_ATTEMPT}/{GITHUB_JOB}"),),
            "github.run.attempt": ("GITHUB_RUN_ATTEMPT",),
            "cicd.worker.name": ("RUNNER_NAME",),
            "vcs.repository.url.full": (_address(_GITHUB_REPOSITORY),),
            "vcs.repository.name": (_last_part(_GITHUB_REPOSITORY),),
            "vcs.ref.head.name": ("GITHUB_HEAD_REF", "GITHUB_REF_NAME"),
            "vcs.ref.head.revision": ("GITHUB_SHA",),
            "vcs.change.id": (_pull_request,),
        },
    ),
    _System(
        ("GITLAB_CI",),
        {
            "cicd.pipeline.name": ("CI_PIPELINE_NAME", "CI_PROJECT_PATH"),
            "cicd.pipeline.run.id": ("CI_PIPELINE_ID",),
            "cicd.pipeline.run.url.full": (_page("CI_PIPELINE_URL"),),
            "cicd.pipeline.task.name": ("CI_JOB_NAME",),
            "cicd.pipeline.task.run.id": ("CI_JOB_ID",),
            "ci.node.index": ("CI_NODE_INDEX",),
            "ci.node.total": ("CI_NODE_TOTAL",),
            "cicd.pipeline.task.run.url.full": (_page("CI_JOB_URL"),),
            "cicd.worker.id": ("CI_RUNNER_ID",),
            "cicd.worker.name": ("CI_RUNNER_DESCRIPTION",),
            "vcs.repository.url.full": (_address("CI_PROJECT_URL"), _address("CI_REPOSITORY_URL")),
            "vcs.repository.name": ("CI_PROJECT_NAME",),
            "vcs.ref.head.name": ("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "CI_COMMIT_REF_NAME"),
            "vcs.ref.head.revision": ("CI_COMMIT_SHA",),
            "vcs.change.id": ("CI_MERGE_REQUEST_IID",),
        },
    ),
    _System(
        ("BUILDKITE",),
        {
            "cicd.pipeline.name": ("BUILDKITE_PIPELINE_NAME", "BUILDKITE_PIPELINE_SLUG"),
            "cicd.pipeline.run.id": ("BUILDKITE_BUILD_ID",),
            "cicd.pipeline.run.url.full": (_page("BUILDKITE_BUILD_URL"),),
            "cicd.pipeline.task.name": ("BUILDKITE_LABEL", "BUILDKITE_STEP_KEY"),
            "cicd.pipeline.task.run.id": ("BUILDKITE_JOB_ID",),
            "buildkite.retry.count": ("BUILDKITE_RETRY_COUNT",),
            "buildkite.parallel.job": ("BUILDKITE_PARALLEL_JOB",),
            "buildkite.parallel.job.count": ("BUILDKITE_PARALLEL_JOB_COUNT",),
            "cicd.pipeline.task.run.url.full": (_page(_joined("{BUILDKITE_BUILD_URL}#{BUILDKITE_JOB_ID}")),),
            "cicd.worker.id": ("BUILDKITE_AGENT_ID",),
            "cicd.worker.name": ("BUILDKITE_AGENT_NAME",),
            "vcs.repository.url.full": (_address("BUILDKITE_REPO"),),
            "vcs.repository.name": (_last_part("BUILDKITE_REPO"),),
            "vcs.ref.head.name": ("BUILDKITE_BRANCH",),
            "vcs.ref.head.revision": ("BUILDKITE_COMMIT",),
            "vcs.change.id": (_buildkite_change,),
        },
    ),
    _System(
        # The first is always there; the other names are those of expansions, where a project exports them.
        ("EVR_TASK_ID", "EVERGREEN_TASK_ID"),
        {
            "cicd.pipeline.name": ("build_variant", "EVERGREEN_VARIANT_NAME"),
            "cicd.pipeline.run.id": ("version_id", "EVERGREEN_VERSION_ID"),
            "cicd.pipeline.run.url.full": (_joined("https://spruce.mongodb.com/version/{version_id}"),),
            "cicd.pipeline.task.name": ("task_name", "EVERGREEN_TASK_NAME"),
            "cicd.pipeline.task.run.id": ("EVR_TASK_ID", "EVERGREEN_TASK_ID"),
            "evergreen.task.execution": ("execution", "EVERGREEN_EXECUTION"),
            "cicd.pipeline.task.run.url.full": (_joined("https://spruce.mongodb.com/task/{EVR_TASK_ID}"),),
            "cicd.worker.name": ("distro_id", "EVERGREEN_DISTRO_ID"),
            "evergreen.variant.name": ("build_variant", "EVERGREEN_VARIANT_NAME"),
            "evergreen.requester": ("requester", "EVERGREEN_REQUESTER"),
            "vcs.repository.url.full": (_EVERGREEN_REPOSITORY,),
            "vcs.repository.name": ("github_repo",),
            "vcs.ref.head.name": ("branch_name",),
            "vcs.ref.head.revision": ("revision", "EVERGREEN_REVISION"),
            "vcs.change.id": ("github_pr_number",),
        },
    ),
    _System(
        # Last, since an agent of Jenkins may start any other of these.
        ("JENKINS_URL", "JENKINS_HOME"),
        {
            "cicd.pipeline.name": ("JOB_NAME",),
            "cicd.pipeline.run.id": ("BUILD_TAG", "BUILD_NUMBER", "BUILD_ID"),
            "cicd.pipeline.run.url.full": (_page("BUILD_URL"),),
            "cicd.pipeline.task.name": ("STAGE_NAME",),
            "cicd.worker.id": ("NODE_NAME",),
            "cicd.worker.name": ("NODE_NAME",),
            "vcs.repository.url.full": (_address("GIT_URL"),),
            "vcs.repository.name": (_last_part("GIT_URL"),),
            "vcs.ref.head.name": ("CHANGE_BRANCH", "BRANCH_NAME", "GIT_BRANCH"),
            "vcs.ref.head.revision": ("GIT_COMMIT",),
            "vcs.change.id": ("CHANGE_ID",),
        },
    ),
)
