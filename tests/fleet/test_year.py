"""MongoDB's jsCore over a year, with drift: what takes longest and what became slower is named."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tests import jscore
from tests.builders import T0
from tests.fleet.lake import DAY_NS, write_lake
from tests.fleet.runs import load, rows
from tracetui.fleet.queries.window import Window
from tracetui.fleet.report.asking import Question
from tracetui.fleet.report.regress import regress
from tracetui.fleet.report.slowest import slowest
from tracetui.fleet.schema import FACTS
from tracetui.fleet.schema.types import arrow_schema
from tracetui.fleet.store import open_store

DAYS, LATELY = 365, 14
DRIFT = 0.15
"""All tests take so much longer by the end of the year, little by little: that is no regression of any."""
SLOWER = 1.3
TIMES = ("own_ns", "total_ns", "setup_ns", "teardown_ns", "hook_ns", "archive_ns")


def year(day: pa.Table, slower: set[str]) -> pa.Table:
    """A run a day as `day`, on machines of 5 % more or less, with tests that vary by 8 % from run to run."""
    random = np.random.default_rng(4711)
    tests, place = np.unique(np.array(day["test"].to_pylist(), object).astype(str), return_inverse=True)
    is_slower = np.isin(tests, list(slower))
    made = []
    for number in range(DAYS):
        logs = random.normal(0, 0.08, len(tests)) + random.normal(0, 0.05) + DRIFT * number / DAYS
        logs += np.where(is_slower & (number >= DAYS - LATELY), np.log(SLOWER), 0)
        made.append(_on(day, number, np.exp(logs)[place]))
    return pa.concat_tables(made)


def _on(day: pa.Table, number: int, times: Any) -> pa.Table:
    columns: dict[str, Any] = {name: day[name] for name in day.column_names}
    start = day["start_ns"].to_numpy() + number * DAY_NS
    columns |= {name: (day[name].to_numpy() * times).astype(np.int64) for name in TIMES}
    columns |= {"start_ns": start, "ts": pa.array(start // 1000), "date": (start // DAY_NS).astype(np.int32)}
    columns["run"] = pa.array([f"run-{number}"] * len(day))
    columns["trace"] = pa.array([f"{number:032x}"] * len(day))
    schema = arrow_schema(FACTS)
    arrays = [
        pa.array(columns[name]) if isinstance(columns[name], np.ndarray) else columns[name]
        for name in schema.names
    ]
    return pa.table([each.cast(kind.type) for each, kind in zip(arrays, schema, strict=True)], schema=schema)


def usual(day: list[dict[str, Any]]) -> pa.Table:
    """The recorded run without its stall and its failure: those came once."""
    for row in day:
        if row["test"] in (jscore.STUCK, jscore.FAILED) and row["role"] == "test":
            row |= {"own_ns": 1_000_000_000, "total_ns": 2_000_000_000, "archive_ns": 0, "outcome": "passed"}
    return pa.Table.from_pylist(day, arrow_schema(FACTS))


@pytest.mark.nightly
def test_a_year_of_jscore(tmp_path: Path) -> None:
    """The long ones lead by their total, in order. Of slower ones 95 % are named; 5 % of what is named may be
    wrong.
    """
    load(f"lake://{tmp_path}/one", jscore.write(tmp_path / "spans"))
    day = usual(rows(f"lake://{tmp_path}/one"))
    names = sorted({name for name in day["test"].to_pylist() if "case_" in name})
    slower = set(names[::20])
    table = year(day, slower)
    last = T0 + (DAYS - LATELY) * DAY_NS
    base, new = Window(last - LATELY * DAY_NS, last), Window(last, last + LATELY * DAY_NS)
    with open_store(f"lake://{write_lake(tmp_path / 'year', table)}") as store:
        ranking = slowest(Question(store, Window()))
        changed = regress(Question(store, new), base)
    assert ranking.head["runs"] == DAYS
    longest = sorted(jscore.LONG, key=lambda name: -jscore.LONG[name])
    assert [row["test"] for row in ranking.rows[:3]] == longest
    assert ranking.rows[0]["count"] == DAYS
    found = {row["test"]: row for row in changed.rows if row["verdict"] == "slower"}
    wrong = [row for row in changed.rows if row["verdict"] == "faster"] + sorted(set(found) - slower)
    assert len(set(found) & slower) >= 0.95 * len(slower)
    assert len(wrong) <= 0.05 * len(found)
    assert np.median([row["ratio"] for row in found.values()]) == pytest.approx(SLOWER, rel=0.05)
