"""What a resource tells of the process and the CI job that wrote spans: decoded once for each resource."""

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson

from tracetui.model.ci_names import (
    ATTEMPTS,
    BRANCHES,
    CORES,
    IMAGES,
    JOB_IDS,
    JOB_NAMES,
    MACHINES,
    OWNERS,
    PIPELINES,
    REPOSITORIES,
    REQUESTS,
    RETRIES,
    REVISIONS,
    RUN_IDS,
    RUNNERS,
    SHARDS,
    VARIANTS,
)

_OURS = re.compile(r"[^/]+/(\d{1,9})/.+", re.DOTALL)
_SHARD_AT_END = re.compile(r"\s[\[(]?(\d{1,4})\s?/\s?(\d{1,4})[\])]?\Z")
_LONGEST_SHARD = 20


class ResourceFacts(NamedTuple):
    """What one resource tells; texts are foreign and empty, numbers 0, where it does not.

    `run_id` is the run of the pipeline, `attempt` counts from 1, `job` is the name and `job_id` the run of
    the job (OpenTelemetry: task); `shard` is such as `2/3`, `runner` the machine as the CI calls it.
    `instance` is `service.instance.id`, `clock` is `relative` where times have no epoch. `revision` is the
    code that was tested, on a `branch`. On what it ran: `runtime` is such as `cpython 3.13.2`, `system` such
    as `linux amd64`, `cores` how many processors the process may use, `image` what the machine was made from,
    `machine` its kind as who rents it out calls it. `dist` is how pytest-xdist handed out the tests, `plan`
    the id of the plan that was applied. Of whose code: the `repository`, the name of the `pipeline`, which
    `variant` of it (a build variant), by what `request` it ran (a patch, a merge), and the tests' `owner`.
    """

    service: str = ""
    run_id: str = ""
    attempt: int = 0
    job: str = ""
    job_id: str = ""
    shard: str = ""
    runner: str = ""
    host: str = ""
    pid: int = 0
    instance: str = ""
    clock: str = ""
    revision: str = ""
    branch: str = ""
    runtime: str = ""
    system: str = ""
    cores: int = 0
    image: str = ""
    machine: str = ""
    dist: str = ""
    plan: str = ""
    repository: str = ""
    pipeline: str = ""
    variant: str = ""
    request: str = ""
    owner: str = ""

    @property
    def process(self) -> tuple[str, int, str]:
        """What tells one process from another: all empty where nothing does."""
        return self.host, self.pid, self.instance

    @property
    def pipeline_run(self) -> tuple[str, int]:
        """What tells one run of a pipeline from another: its id and the attempt."""
        return self.run_id, max(1, self.attempt)

    def over(self, other: "ResourceFacts") -> "ResourceFacts":
        """The same, and what only `other` tells."""
        told = {name: value for name, value in self._asdict().items() if value}
        return other._replace(**told)


NOTHING_TOLD = ResourceFacts()


def resource_facts(resource: bytes) -> ResourceFacts:
    """The facts in a resource as OTLP/JSON, the form in which every format hands it on."""
    return facts_of(attribute_texts(resource))


def facts_of(told: Mapping[str, str]) -> ResourceFacts:
    """The facts in attributes, values as text."""
    if not told:
        return NOTHING_TOLD
    told = {key.lower().replace("_", "."): value for key, value in told.items()}
    job_id, (job, shard) = _first(told, JOB_IDS), _without_shard(_first(told, JOB_NAMES))
    return ResourceFacts(
        service=told.get("service.name", ""),
        run_id=_first(told, RUN_IDS),
        attempt=_attempt(told, job_id),
        job=job,
        job_id=job_id,
        shard=_shard(told) or shard,
        runner=_first(told, RUNNERS),
        host=told.get("host.name", ""),
        pid=_number(told.get("process.pid", "")),
        instance=told.get("service.instance.id", ""),
        clock=told.get("tracetui.clock", ""),
        revision=_first(told, REVISIONS),
        branch=_first(told, BRANCHES),
        runtime=_joined(told, "process.runtime.name", "process.runtime.version"),
        system=_joined(told, "os.type", "host.arch"),
        cores=_number(_first(told, CORES)),
        image=_first(told, IMAGES),
        machine=_first(told, MACHINES),
        dist=told.get("pytest.xdist.dist", ""),
        plan=told.get("tracetui.plan.id", ""),
        repository=_first(told, REPOSITORIES),
        pipeline=_first(told, PIPELINES),
        variant=_first(told, VARIANTS),
        request=_first(told, REQUESTS),
        owner=_first(told, OWNERS),
    )


def attribute_texts(resource: bytes) -> dict[str, str]:
    """The plain attributes of a resource as text; what is none, or no JSON, is left out."""
    try:
        told = orjson.loads(resource or b"{}")
    except orjson.JSONDecodeError:
        told = _lenient(resource)
    pairs = told.get("attributes") if isinstance(told, dict) else None
    found = {}
    for pair in pairs if isinstance(pairs, list) else ():
        if isinstance(pair, dict) and isinstance(pair.get("key"), str):
            text = _text(pair.get("value"))
            if text:
                found[pair["key"]] = text
    return found


def _lenient(resource: bytes) -> Any:
    """Also with bad UTF-8, half surrogates and NaN in it."""
    try:
        return json.loads(resource.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None


def _text(value: Any) -> str:
    if not isinstance(value, dict) or len(value) != 1:
        return ""
    (content,) = value.values()
    return str(content) if isinstance(content, str | int | float) else ""


def _first(told: Mapping[str, str], keys: tuple[str, ...]) -> str:
    return next((told[key] for key in keys if told.get(key)), "")


def _joined(told: Mapping[str, str], *keys: str) -> str:
    return " ".join(filter(None, map(told.get, keys)))


def _number(text: str) -> int:
    """A number of at most 18 digits; 0 for whatever is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _attempt(told: Mapping[str, str], job_id: str) -> int:
    """Which attempt it was, told by itself or inside the id that our writer gives a job of GitHub's."""
    attempt = _number(_first(told, ATTEMPTS))
    if attempt:
        return attempt
    retry = _first(told, RETRIES)
    if retry:
        return _number(retry) + 1
    ours = _OURS.fullmatch(job_id)
    return _number(ours[1]) if ours else 0


def _shard(told: Mapping[str, str]) -> str:
    for index, first, total in SHARDS:
        if told.get(index) and told.get(total):
            return f"{_number(told[index]) + 1 - first}/{told[total]}"
    return ""


def _without_shard(job: str) -> tuple[str, str]:
    """A job's name without the shard at its end (GitLab: `test 2/3`), and that shard."""
    found = _SHARD_AT_END.search(job, max(0, len(job) - _LONGEST_SHARD))
    if found is None or not 0 < int(found[1]) <= int(found[2]):
        return job, ""
    return job[: found.start()], f"{int(found[1])}/{int(found[2])}"
