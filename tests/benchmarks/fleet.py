"""What questions of all runs cost beside SQL that was written by hand for the engine.

`python -m tests.benchmarks.fleet [RUNS_A_DAY] [TESTS]`

A lake of 14 days is asked on DuckDB: the expression of a question, and a statement that an engineer would
write for the same columns (exact percentiles where ours are of buckets). Seconds of processor time are the
least of five, taken in turns; both are fetched as Arrow. The last column is ours over that by hand.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.fleet.engines import BASE, NEW
from tests.fleet.lake import Plan, fleet, write_lake
from tracetui.fleet.queries import durations, money, outcomes, windows
from tracetui.fleet.queries.window import Window
from tracetui.fleet.store import Store, open_store

TURNS = 5
ALL = Window()
TESTS = "role = 'test' AND outcome <> 'skipped' AND own_ns >= 0 AND total_ns >= 0"
CORE = "total_ns::DOUBLE * coalesce(nullif(cores, 0), 1) / coalesce(nullif(jobs, 0), 1)"
ASKED: dict[str, Callable[[Any], Any]] = {
    "slowest": lambda facts: durations.slowest(facts, ALL),
    "hooks": lambda facts: durations.hooks(facts, ALL),
    "cost": lambda facts: money.cost(facts, ALL, "owner"),
    "flaky": lambda facts: outcomes.at_code(facts, ALL),
    "stats": lambda facts: outcomes.stats(facts, ALL),
    "regress": lambda facts: windows.regress(facts, BASE, NEW),
}
BY_HAND = {
    "slowest": f"""
        SELECT test, count(DISTINCT (run, attempt)) AS runs, count(*) AS n,
               count(*) FILTER (outcome IN ('failed', 'error')) AS failed, sum(own_ns)::BIGINT AS total,
               quantile_disc(own_ns, [0.5, 0.95]) AS p, max(own_ns) AS longest, sum({CORE}) AS core
        FROM test_facts WHERE {TESTS} GROUP BY test""",
    "hooks": f"""
        SELECT hook, role, count(DISTINCT (run, attempt)) AS runs, count(*) AS n,
               sum(own_ns)::BIGINT AS total, quantile_disc(own_ns, [0.5, 0.95]) AS p,
               max(own_ns) AS longest, sum({CORE}) AS core
        FROM test_facts WHERE role IN ('hook', 'fixture') AND own_ns >= 0 GROUP BY hook, role""",
    "cost": f"""
        SELECT owner, count(DISTINCT (run, attempt)) AS runs, count(*) AS n, sum(own_ns)::BIGINT AS own,
               sum(total_ns)::BIGINT AS total, sum({CORE}) AS core
        FROM test_facts WHERE {TESTS} GROUP BY owner""",
    "flaky": f"""
        WITH cells AS (
          SELECT test, suite, task, variant, revision, count(*) FILTER (outcome = 'passed') AS passed,
                 count(*) FILTER (outcome <> 'passed') AS failed,
                 min(start_ns) AS first, max(start_ns) AS last,
                 min(run) FILTER (outcome = 'passed') AS good, min(run) FILTER (outcome <> 'passed') AS bad
          FROM test_facts
          WHERE {TESTS} AND outcome IN ('passed', 'failed', 'error') AND revision <> '' GROUP BY ALL)
        SELECT * FROM cells WHERE test IN (SELECT test FROM cells WHERE failed > 0)""",
    "stats": f"""
        SELECT date, repository, variant, task, test, request,
               count(*) FILTER (outcome = 'passed') AS num_pass,
               count(*) FILTER (outcome <> 'passed') AS num_fail,
               sum(own_ns) FILTER (outcome = 'passed') AS total_pass_duration_ns
        FROM test_facts WHERE {TESTS} AND outcome IN ('passed', 'failed', 'error') GROUP BY ALL""",
    "regress": f"""
        WITH value AS (
          SELECT test, suite, variant, task, run, attempt, avg(ln(own_ns + 1)) AS log,
                 min(start_ns) >= {NEW.since_ns} AS is_new
          FROM test_facts
          WHERE {TESTS} AND outcome = 'passed' AND reruns = 0
            AND start_ns >= {BASE.since_ns} AND start_ns < {NEW.until_ns} GROUP BY ALL),
        beyond AS (SELECT *, log - avg(log) OVER (PARTITION BY test, suite, variant) AS d FROM value),
        free AS (SELECT *, d - median(d) OVER (PARTITION BY variant, task, run, attempt) AS f FROM beyond),
        ranked AS (
          SELECT *, rank() OVER w + (count(*) OVER (PARTITION BY test, suite, variant, f) - 1) / 2 AS r
          FROM free WINDOW w AS (PARTITION BY test, suite, variant ORDER BY f))
        SELECT test, suite, variant, count(*) AS n, count(*) FILTER (is_new) AS n_new,
               sum(r) FILTER (is_new) AS ranks, avg(f) FILTER (is_new) - avg(f) FILTER (NOT is_new) AS effect,
               sum(f * f) AS squares, sum(f * f) FILTER (is_new) AS new_squares,
               sum(f) FILTER (is_new) AS new_log
        FROM ranked GROUP BY ALL""",
}
"""What it would take without Ibis, in DuckDB's own words."""


def main() -> None:
    """Measure, and print the table."""
    runs, tests = (int(word) for word in (*sys.argv[1:], "12", "1500")[:2])
    with tempfile.TemporaryDirectory() as directory:
        table = fleet(Plan(runs_a_day=runs, tests=tests))
        write_lake(Path(directory), table)
        sys.stdout.write(f"{table.num_rows:,} facts of {14 * runs} runs\n\n")
        sys.stdout.write(
            "| | rows | expression, cpu s | by hand, cpu s | times as long |\n|---|---:|---:|---:|---:|\n"
        )
        with open_store(f"lake://{directory}") as store:
            for name, ask in ASKED.items():
                rows, ours, by_hand = measured(store, ask, BY_HAND[name])
                ratio = ours / by_hand
                sys.stdout.write(f"| {name} | {rows:,} | {ours:.3f} | {by_hand:.3f} | {ratio:.2f} |\n")


def measured(store: Store, ask: Callable[[Any], Any], by_hand: str) -> tuple[int, float, float]:
    """How many rows there are, and the least seconds of both ways."""
    seconds: tuple[list[float], list[float]] = ([], [])
    rows = 0
    for _ in range(TURNS):
        began = time.process_time()
        rows = store.rows(ask(store.facts)).num_rows
        middle = time.process_time()
        found = store.con.con.execute(by_hand).to_arrow_table()
        seconds[0].append(middle - began)
        seconds[1].append(time.process_time() - middle)
        assert found.num_rows == rows, by_hand
    return rows, min(seconds[0]), min(seconds[1])


if __name__ == "__main__":
    main()
