"""A fleet that was never run: facts by a seed, with slow, flaky, regressed and broken tests planted in them.

The speed of a run is shared by all its tests, as on real machines; by and by each test is a little off too.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tests.fleet.lakes import declare
from tracetui.fleet.schema import FACTS, Kind
from tracetui.fleet.schema.types import arrow_schema

FIRST = dt.date(2026, 9, 21)
DAY_NS = 86_400 * 1_000_000_000
FIRST_NS = int(dt.datetime(2026, 9, 21, tzinfo=dt.UTC).timestamp()) * 1_000_000_000


@dataclass(frozen=True)
class Plan:
    """How large a fleet is, and what is planted: first regressed tests, then flaky ones, and so on."""

    seed: int = 14
    days: int = 14
    runs_a_day: int = 2
    tests: int = 160
    suites: int = 4
    variants: tuple[str, ...] = ("linux", "macos")
    regressed: int = 10
    flaky: int = 6
    broken: int = 3
    only_on_one: int = 2
    factor: float = 1.25
    from_day: int = 7
    run_noise: float = 0.12
    test_noise: float = 0.1
    hooks: int = 2

    def names(self, kind: str) -> list[str]:
        """The tests of a kind."""
        kinds = ("regressed", "flaky", "broken", "only_on_one")
        at = sum(getattr(self, each) for each in kinds[: kinds.index(kind)])
        return [name(number) for number in range(at, at + getattr(self, kind))]


def name(number: int) -> str:
    """What a test is called."""
    return f"tests/test_{number % 20}.py::test_{number}"


@dataclass
class Fleet:
    """The columns of all facts, as they are made."""

    plan: Plan
    parts: list[dict[str, Any]] = field(default_factory=list)

    def table(self) -> pa.Table:
        """All facts."""
        schema = arrow_schema(FACTS)
        tables = []
        for part in self.parts:
            rows = max(len(value) for value in part.values() if isinstance(value, np.ndarray | list))
            tables.append(pa.table([_column(part, column, rows) for column in FACTS], schema=schema))
        return pa.concat_tables(tables)


def _column(part: dict[str, Any], column: Any, rows: int) -> Any:
    kind = arrow_schema([column]).field(0).type
    value = part.get(column.name, None if column.optional else "" if column.kind is Kind.TEXT else 0)
    if isinstance(value, np.ndarray | list):
        return pa.array(value).cast(kind)
    return pa.repeat(pa.scalar(value, kind), rows)


def fleet(plan: Plan) -> pa.Table:
    """The facts of a fleet."""
    rng = np.random.default_rng(plan.seed)
    usual = np.exp(rng.normal(np.log(2e8), 1.2, plan.tests))
    noise = plan.test_noise * rng.uniform(0.5, 1.5, plan.tests)
    made = Fleet(plan)
    for run in range(plan.days * plan.runs_a_day):
        for variant in plan.variants:
            _run(made, rng, run, variant, usual, noise)
    return made.table()


def _run(
    made: Fleet,
    rng: np.random.Generator,
    run: int,
    variant: str,
    usual: np.ndarray[Any, Any],
    noise: np.ndarray[Any, Any],
) -> None:
    """All tests of a run on one kind of machine, what hooks did between them, and the suites."""
    plan = made.plan
    day = run // plan.runs_a_day
    start = FIRST_NS + day * DAY_NS + run % plan.runs_a_day * (DAY_NS // plan.runs_a_day) + 17
    revision = hashlib.sha1(f"{run // 2}".encode()).hexdigest()
    number = np.arange(plan.tests)
    speed = rng.normal(0, plan.run_noise)
    logs = np.log(usual) + speed + rng.normal(0, 1, plan.tests) * noise
    logs += np.where((number < plan.regressed) & (day >= plan.from_day), np.log(plan.factor), 0)
    own = np.exp(logs).astype(np.int64)
    hook = (own * 0.1).astype(np.int64)
    begin = start + np.cumsum(own + hook) - own - hook
    suite = [f"suite{each}" for each in (number % plan.suites).tolist()]
    common = _common(run, variant, revision, f"{run:016x}{len(made.parts):016x}")
    names = [name(each) for each in number.tolist()]
    made.parts.append(
        common
        | _times(begin)
        | {
            "role": "test",
            "span": [f"{each:016x}" for each in number.tolist()],
            "parent": [_suite_id(plan, each) for each in (number % plan.suites).tolist()],
            "test": names,
            "file": [each.partition("::")[0] for each in names],
            "owner": [f"team{each % 3}" if each % 10 else "" for each in number.tolist()],
            "suite": suite,
            "outcome": _outcomes(plan, rng, run, variant),
            "own_ns": own,
            "total_ns": own + hook,
            "hook_ns": hook,
        }
    )
    made.parts.append(_hooks(plan, common, begin + own, hook))
    made.parts.append(_suites(plan, common, begin, own + hook))


def _suite_id(plan: Plan, number: int) -> str:
    """The span of a suite; the next after them is what was archived."""
    return f"{number + 2 * plan.tests:016x}"


def _times(begin: np.ndarray[Any, Any]) -> dict[str, Any]:
    return {
        "ts": pa.array(begin // 1000).cast(pa.timestamp("us", "UTC")).to_pylist(),
        "start_ns": begin,
        "date": (begin // DAY_NS).astype(np.int32),
    }


def _outcomes(plan: Plan, rng: np.random.Generator, run: int, variant: str) -> list[str]:
    outcome = np.full(plan.tests, "passed", object)
    names = [name(each) for each in range(plan.tests)]
    flaky = np.isin(names, plan.names("flaky")) & (rng.random(plan.tests) < 0.25)
    broken = np.isin(names, plan.names("broken")) & (run >= 2 * plan.runs_a_day)
    alone = np.isin(names, plan.names("only_on_one")) & (variant == plan.variants[-1])
    outcome[flaky | broken | alone] = "failed"
    outcome[-1] = "skipped"
    return list(outcome)


def _hooks(
    plan: Plan, common: dict[str, Any], begin: np.ndarray[Any, Any], took: np.ndarray[Any, Any]
) -> dict[str, Any]:
    number = np.arange(plan.tests)
    return (
        common
        | _times(begin)
        | {
            "role": np.where(number % 3 == 0, "fixture", "hook").tolist(),
            "span": [f"{each:016x}" for each in (number + plan.tests).tolist()],
            "parent": [f"{each:016x}" for each in number.tolist()],
            "test": [name(each) for each in number.tolist()],
            "suite": [f"suite{each}" for each in (number % plan.suites).tolist()],
            "hook": [f"hook{each % plan.hooks}" for each in number.tolist()],
            "outcome": "unknown",
            "own_ns": took,
            "total_ns": took,
        }
    )


def _suites(
    plan: Plan, common: dict[str, Any], begin: np.ndarray[Any, Any], took: np.ndarray[Any, Any]
) -> dict[str, Any]:
    """All suites of a run begin and end with it, and something was archived at the end."""
    whole = int(begin[-1] + took[-1] - begin[0]) // 3
    suites = np.arange(plan.suites)
    return (
        common
        | _times(np.repeat(begin[0], plan.suites + 1))
        | {
            "role": ["suite"] * plan.suites + ["archiver"],
            "span": [_suite_id(plan, each) for each in range(plan.suites + 1)],
            "parent": [""] * plan.suites + [_suite_id(plan, 0)],
            "suite": [f"suite{each}" for each in suites.tolist()] + ["suite0"],
            "hook": [""] * plan.suites + ["data files"],
            "outcome": ["passed"] * plan.suites + ["unknown"],
            "own_ns": np.append(np.repeat(whole, plan.suites), 7_000_000),
            "total_ns": np.append(np.repeat(whole, plan.suites), 7_000_000),
        }
    )


def write_lake(directory: Path, table: pa.Table) -> Path:
    """A lake of these facts, a file a day."""
    days = table["date"].combine_chunks()
    files = []
    for day in days.unique().to_pylist():
        part = table.filter(pa.compute.equal(table["date"], pa.scalar(day))).drop_columns(["date"])
        file = f"facts/date={day}/all.parquet"
        (directory / file).parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(part.sort_by([("test", "ascending"), ("start_ns", "ascending")]), directory / file)
        files.append(file)
    declare(directory, "all", *files)
    return directory


def _common(run: int, variant: str, revision: str, trace: str) -> dict[str, Any]:
    """What all facts of a run on one kind of machine say."""
    return {
        "run": f"run{run:04d}",
        "attempt": 1,
        "repository": "github.com/example/core",
        "branch": "main" if run % 5 else "release",
        "revision": revision,
        "task": "unit",
        "variant": variant,
        "request": "patch" if run % 3 else "commit",
        "runner": f"host{run % 7}",
        "cores": 8.0,
        "jobs": 4.0,
        "trace": trace,
    }
