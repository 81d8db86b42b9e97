"""What a resource says of the process and the CI job that wrote spans: decoded once for each resource."""

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
    PRESSURE,
    REPOSITORIES,
    REQUESTS,
    RETRIES,
    REVISIONS,
    RUN_IDS,
    RUN_QUEUE,
    RUNNERS,
    SHARDS,
    VARIANTS,
)

CLOCK, DURATIONS = "tracetui.clock", "durations"
"""What a resource says of times that stand for durations alone, neither for when something was nor for an
order (results of tests: `formats.results`).
"""

_RUN_QUEUE, _PRESSURE = (key.replace("_", ".") for key in (RUN_QUEUE, PRESSURE))
_OURS = re.compile(r"[^/]+/(\d{1,9})/.+", re.DOTALL)
_SHARD_AT_END = re.compile(r"\s[\[(]?(\d{1,4})\s?/\s?(\d{1,4})[\])]?\Z")
_LONGEST_SHARD = 20


class ResourceFacts(NamedTuple):
    """What one resource says; unknown texts are empty, unknown numbers 0. Texts are foreign.

    `run_id` is the run of the pipeline, `attempt` counts from 1, `job` is the name and `job_id` the run of
    the job (OpenTelemetry: task); `shard` is such as `2/3`, `runner` the CI's name for the machine.
    `instance` is `service.instance.id`, `clock` is `relative` if times have no epoch, `DURATIONS` if they are
    none. `revision` is the code
    that was tested, on a `branch`. The machine: `runtime` is such as `cpython 3.13.2`, `system` such as
    `linux amd64`, `cores` how many processors the process may use, `image` what the machine was made from,
    `machine` its type as its provider calls it. `dist` is how pytest-xdist handed out the tests, `plan` the
    id of the plan that was applied. The code's origin: the `repository`, the name of the `pipeline`, its
    `variant` (a build variant), the `request` that started it (a patch, a merge), and the tests' `owner`. How
    long it waited for a processor while its tests ran (`run_queue_ns`), and anything on its machine did.
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
    chunk: int = 0
    plan: str = ""
    repository: str = ""
    pipeline: str = ""
    variant: str = ""
    request: str = ""
    owner: str = ""
    run_queue_ns: int = 0
    pressure_ns: int = 0

    @property
    def process(self) -> tuple[str, int, str]:
        """The identity of the process: all empty if unknown."""
        return self.host, self.pid, self.instance

    @property
    def pipeline_run(self) -> tuple[str, int]:
        """The identity of a pipeline run: its id and the attempt."""
        return self.run_id, max(1, self.attempt)

    def over(self, other: "ResourceFacts") -> "ResourceFacts":
        """The same, completed by what only `other` says."""
        known = {name: value for name, value in self._asdict().items() if value}
        return other._replace(**known)


NOTHING_TOLD = ResourceFacts()


def resource_facts(resource: bytes) -> ResourceFacts:
    """The facts in a resource as OTLP/JSON, the form in which every format hands it on."""
    return facts_of(attribute_texts(resource))


def facts_of(attributes: Mapping[str, str]) -> ResourceFacts:
    """The facts in attributes, values as text."""
    if not attributes:
        return NOTHING_TOLD
    attributes = {key.lower().replace("_", "."): value for key, value in attributes.items()}
    job_id, (job, shard) = _first(attributes, JOB_IDS), _without_shard(_first(attributes, JOB_NAMES))
    return ResourceFacts(
        service=attributes.get("service.name", ""),
        run_id=_first(attributes, RUN_IDS),
        attempt=_attempt(attributes, job_id),
        job=job,
        job_id=job_id,
        shard=_shard(attributes) or shard,
        runner=_first(attributes, RUNNERS),
        host=attributes.get("host.name", ""),
        pid=_number(attributes.get("process.pid", "")),
        instance=attributes.get("service.instance.id", ""),
        clock=attributes.get(CLOCK, ""),
        revision=_first(attributes, REVISIONS),
        branch=_first(attributes, BRANCHES),
        runtime=_joined(attributes, "process.runtime.name", "process.runtime.version"),
        system=_joined(attributes, "os.type", "host.arch"),
        cores=_number(_first(attributes, CORES)),
        image=_first(attributes, IMAGES),
        machine=_first(attributes, MACHINES),
        dist=attributes.get("pytest.xdist.dist", ""),
        chunk=_number(attributes.get("pytest.xdist.maxschedchunk", "")),
        plan=attributes.get("tracetui.plan.id", ""),
        repository=_first(attributes, REPOSITORIES),
        pipeline=_first(attributes, PIPELINES),
        variant=_first(attributes, VARIANTS),
        request=_first(attributes, REQUESTS),
        owner=_first(attributes, OWNERS),
        run_queue_ns=_number(attributes.get(_RUN_QUEUE, "")),
        pressure_ns=_number(attributes.get(_PRESSURE, "")),
    )


def attribute_texts(resource: bytes) -> dict[str, str]:
    """The plain attributes of a resource as text; others, and invalid JSON, are left out."""
    try:
        decoded = orjson.loads(resource or b"{}")
    except orjson.JSONDecodeError:
        decoded = _lenient(resource)
    pairs = decoded.get("attributes") if isinstance(decoded, dict) else None
    texts = {}
    for pair in pairs if isinstance(pairs, list) else ():
        if isinstance(pair, dict) and isinstance(pair.get("key"), str):
            text = _text(pair.get("value"))
            if text:
                texts[pair["key"]] = text
    return texts


def _lenient(resource: bytes) -> Any:
    """Decode JSON even with bad UTF-8, half surrogates and NaN in it."""
    try:
        return json.loads(resource.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None


def _text(value: Any) -> str:
    if not isinstance(value, dict) or len(value) != 1:
        return ""
    (content,) = value.values()
    return str(content) if isinstance(content, str | int | float) else ""


def _first(attributes: Mapping[str, str], keys: tuple[str, ...]) -> str:
    return next((attributes[key] for key in keys if attributes.get(key)), "")


def _joined(attributes: Mapping[str, str], *keys: str) -> str:
    return " ".join(filter(None, map(attributes.get, keys)))


def _number(text: str) -> int:
    """A number of at most 18 digits; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _attempt(attributes: Mapping[str, str], job_id: str) -> int:
    """Which attempt it was, given by itself or inside the id that our writer gives a GitHub job."""
    attempt = _number(_first(attributes, ATTEMPTS))
    if attempt:
        return attempt
    retry = _first(attributes, RETRIES)
    if retry:
        return _number(retry) + 1
    ours = _OURS.fullmatch(job_id)
    return _number(ours[1]) if ours else 0


def _shard(attributes: Mapping[str, str]) -> str:
    for index, first, total in SHARDS:
        if attributes.get(index) and attributes.get(total):
            return f"{_number(attributes[index]) + 1 - first}/{attributes[total]}"
    return ""


def _without_shard(job: str) -> tuple[str, str]:
    """A job's name without the shard at its end (GitLab: `test 2/3`), and that shard."""
    match = _SHARD_AT_END.search(job, max(0, len(job) - _LONGEST_SHARD))
    if match is None or not 0 < int(match[1]) <= int(match[2]):
        return job, ""
    return job[: match.start()], f"{int(match[1])}/{int(match[2])}"
