"""A plan as lines and as the file that the pytest plugin applies: an order of tests, or shards of them.

The text and the file come from one value.
"""

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import NamedTuple

from tracetui import units
from tracetui.analysis.forecasts.checks import Accuracy, Forecast
from tracetui.analysis.plan.choice import choose
from tracetui.analysis.plan.shards import shard
from tracetui.analysis.plan.ways import in_order
from tracetui.analysis.schedule.policy import Policy
from tracetui.analysis.schedule.prediction import DRAWS, Prediction, predict
from tracetui.analysis.schedule.workload import Workload
from tracetui.analysis.study.findings import Findings
from tracetui.report.as_json import about
from tracetui.report.as_json import document as with_rows
from tracetui.report.deciding import forecasts
from tracetui.report.drawing.style import PLAIN, QUIET, STRONG, WARNING, Line, words

SCHEMA = "tracetui.plan/1"
NAME_CELLS, NUMBER_CELLS = 18, 10
MOST_SHOWN = 12


class TriedRow(NamedTuple):
    """A tried alternative: what it is, how xdist would hand tests out, and the mean of some simulations."""

    way: str
    dist: str
    maxschedchunk: int | None
    wall_ns: int


class ShardRow(NamedTuple):
    """A shard: its node ids, its time in ns from its first test to the end of the last, and its set-up."""

    tests: Sequence[str]
    predicted_ns: int
    setup_ns: int


class PlanValue(NamedTuple):
    """A plan for some `workers`, or for `shards`; `order` and `shards` hold foreign texts.

    Times are in ns, from the start of the first test to the end of the last. The run was recorded on
    `recorded_workers`. Without a plan the next one takes `unplanned_ns`, and at best `floor_ns`. `is_better`
    is false if nothing that was `tried` is worth it. If `was_planned`, the recorded run had a plan itself:
    its order is not that of collection.
    """

    prediction: Prediction
    recorded_workers: int
    recorded_dist: str
    workers: int | None
    way: str
    policy: Policy
    unplanned: Policy
    unplanned_ns: int
    floor_ns: int
    is_better: bool
    was_planned: bool
    order: Sequence[str]
    shards: Sequence[ShardRow]
    tried: Sequence[TriedRow]


def for_workers(
    workload: Workload, workers: int, dists: Sequence[str] = (), *, was_planned: bool = False
) -> PlanValue:
    """The plan for `workers` workers, using one of the ways to hand out tests."""
    choice = choose(workload, workers, dists)
    way, unordered = choice.best.way, choice.unordered.way
    planned = in_order(workload, way)
    return PlanValue(
        prediction=predict(planned, way.policy, workers, workload),
        recorded_workers=workload.workers,
        recorded_dist=workload.dist,
        workers=workers,
        way=way.name,
        policy=way.policy,
        unplanned=unordered.policy,
        unplanned_ns=predict(workload, unordered.policy, workers, workload).predicted_ns,
        floor_ns=choice.floor_ns,
        is_better=way is not unordered,
        was_planned=was_planned,
        order=[item.name for item in planned.items],
        shards=(),
        tried=[
            TriedRow(option.way.name, option.way.policy.dist, option.way.policy.chunk, option.wall_ns)
            for option in choice.tried
        ],
    )


def for_shards(workload: Workload, shards: int, *, was_planned: bool = False) -> PlanValue:
    """The plan for `shards` shards."""
    sharding = shard(workload, shards)
    policy = Policy("shards", shares=tuple(planned.tests for planned in sharding.shards))
    return PlanValue(
        prediction=predict(workload, policy, shards, workload),
        recorded_workers=workload.workers,
        recorded_dist=workload.dist,
        workers=None,
        way="shards that end together",
        policy=policy,
        unplanned=Policy("shards"),
        unplanned_ns=predict(workload, Policy("shards"), shards, workload).predicted_ns,
        floor_ns=sharding.floor_ns,
        is_better=sharding.wall_ns < sharding.unplanned_ns,
        was_planned=was_planned,
        order=(),
        shards=[
            ShardRow(
                [workload.items[number].name for number in planned.tests], planned.wall_ns, planned.setup_ns
            )
            for planned in sharding.shards
        ],
        tried=(),
    )


def forecast(value: PlanValue) -> Forecast | None:
    """A forecast to check against the next run by this plan; None for shards, which have no such run."""
    if value.workers is None:
        return None
    seen = value.prediction
    return Forecast(
        kind="plan",
        made_ns=0,
        suite="",
        workers=value.workers,
        predicted_ns=seen.predicted_ns,
        low_ns=seen.low_ns,
        high_ns=seen.high_ns,
        dist=value.policy.dist if value.policy.dist in DISTS else "",
        plan=plan_id(value) if value.policy.dist in DISTS else "",
    )


def document(findings: Findings, value: PlanValue, accuracy: Accuracy) -> Iterator[str]:
    """`tracetui.plan/1`, which is the plan's file too; its rows are the tried alternatives."""
    policy = value.policy
    head: dict[str, object] = {
        "schema": SCHEMA,
        "id": plan_id(value),
        **about(findings),
        "workers": value.workers,
        "dist": None if value.shards else policy.dist,
        "maxschedchunk": policy.chunk,
        "loadscope_reorder": policy.reorder,
        "way": value.way,
        **value.prediction._asdict(),
        "recorded_workers": value.recorded_workers,
        "recorded_dist": value.recorded_dist,
        "unplanned_ns": value.unplanned_ns,
        "floor_ns": value.floor_ns,
        "is_better": value.is_better,
        "forecasts": forecasts.document(accuracy),
        "order": list(value.order),
        "shards": [row._asdict() for row in value.shards],
    }
    return with_rows(head, (row._asdict() for row in value.tried))


def plan_id(value: PlanValue) -> str:
    """The id of a plan, derived from what the plugin applies."""
    applied = (value.policy, list(value.order), [list(planned.tests) for planned in value.shards])
    return blake2b(repr(applied).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def page(value: PlanValue, commands: Sequence[str], accuracy: Accuracy) -> Iterator[Line]:
    """The plan, its expected gain, the tried alternatives, and the `commands` that apply it."""
    yield [words(_title(value), STRONG)]
    yield []
    columns = f"{'':{NAME_CELLS}}{'wall':>{NUMBER_CELLS}}  over best"
    yield [words(f"{columns}  from the first test's start to the last one's end", QUIET)]
    for name, ns, remark in _figures(value):
        yield [words(_figure(name, ns, value.floor_ns)), words("  " + remark, QUIET)]
    if value.prediction.outside:
        yield [words(f"cannot be sure: {value.prediction.outside}", WARNING)]
    yield from forecasts.line(accuracy)
    yield []
    yield from _shards(value) if value.shards else _tried(value)
    yield []
    for command in commands:
        yield [words(command, PLAIN)]


def _title(value: PlanValue) -> str:
    if value.shards:
        return f"plan for {units.many(len(value.shards), 'shard')}, each with its own set-up"
    workers = units.many(value.workers or 0, "worker")
    if not value.is_better:
        return f"no order of tests is worth it for {workers}: as collected, {_how(value.policy)}, is as good"
    return f"plan for {workers}: {value.way}, {_how(value.policy)}"


def _how(policy: Policy) -> str:
    """How tests are handed out, as pytest options."""
    if policy.dist not in DISTS:
        return policy.dist
    chunk = f" --maxschedchunk={policy.chunk}" if policy.chunk else ""
    return f"--dist={policy.dist}{chunk}{'' if policy.reorder else ' --no-loadscope-reorder'}"


DISTS = ("load", "worksteal", "loadfile", "loadscope", "loadgroup")


def _figures(value: PlanValue) -> Iterator[tuple[str, int, str]]:
    on = units.many(value.recorded_workers, "worker")
    seen = value.prediction
    dist = f", {_how(Policy(value.recorded_dist))}" if value.recorded_dist in DISTS else ""
    if seen.recorded_ns:  # Results do not say how long a run took.
        yield "recorded", seen.recorded_ns, f"on {on}{dist}{', by a plan' * value.was_planned}"
    order = "in the order of its plan" if value.was_planned else "as collected"
    unplanned = "pytest-split's own chunks" if value.shards else f"{order}, {_how(value.unplanned)}"
    name = "without this plan" if value.was_planned else "without a plan"
    yield name, value.unplanned_ns, f"simulated: {unplanned}"
    spread = f"{units.duration(seen.low_ns)} to {units.duration(seen.high_ns)}"
    yield "with the plan", seen.predicted_ns, f"median of {DRAWS} simulations; 9 of 10 take {spread}"
    of = "shards" if value.shards else "workers"
    yield "best case", value.floor_ns, f"work spread evenly over the {of}, no shared fixtures"


def _figure(name: str, ns: int, floor_ns: int) -> str:
    over = f"+{ns / floor_ns - 1:.0%}" if ns > floor_ns > 0 else ""
    return f"{name:{NAME_CELLS}}{units.duration(ns):>{NUMBER_CELLS}}{over:>11}"


def _shards(value: PlanValue) -> Iterator[Line]:
    yield [
        words(f"{'shard':{NAME_CELLS}}{'wall':>{NUMBER_CELLS}}{'set-up':>{NUMBER_CELLS}}{'tests':>8}", QUIET)
    ]
    for number, row in enumerate(value.shards[:MOST_SHOWN], 1):
        wall, setup = units.duration(row.predicted_ns), units.duration(row.setup_ns)
        name = f"{number} of {len(value.shards)}"
        tests = units.count(len(row.tests))
        yield [words(f"{name:{NAME_CELLS}}{wall:>{NUMBER_CELLS}}{setup:>{NUMBER_CELLS}}{tests:>8}")]
    if len(value.shards) > MOST_SHOWN:
        yield [words(f"... {len(value.shards) - MOST_SHOWN} more", QUIET)]


def _tried(value: PlanValue) -> Iterator[Line]:
    yield [words("what was tried, by simulation:", QUIET)]
    for row in value.tried:
        how = _how(Policy(row.dist, row.maxschedchunk))
        yield [words(f"{units.duration(row.wall_ns):>{NUMBER_CELLS}}  {row.way}, {how}")]
