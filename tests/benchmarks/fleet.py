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

from tests.benchmarks.fleet_sql import by_hand
from tests.fleet.engines import BASE, NEW
from tests.fleet.lake import Plan, fleet, write_lake
from tracetui.fleet.queries import durations, money, outcomes, windows
from tracetui.fleet.queries.window import Window
from tracetui.fleet.store import Store, open_store

TURNS = 5
ALL = Window()
ASKED: dict[str, Callable[[Any], Any]] = {
    "slowest": lambda facts: durations.slowest(facts, ALL),
    "hooks": lambda facts: durations.hooks(facts, ALL),
    "cost": lambda facts: money.cost(facts, ALL, "owner"),
    "flaky": lambda facts: outcomes.at_code(facts, ALL),
    "stats": lambda facts: outcomes.stats(facts, ALL),
    "regress": lambda facts: windows.regress(facts, BASE, NEW),
}


def main() -> None:
    """Measure, and print the table."""
    statements = by_hand("duckdb")
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
                rows, ours, theirs = measured(store, ask, statements[name])
                ratio = ours / theirs
                sys.stdout.write(f"| {name} | {rows:,} | {ours:.3f} | {theirs:.3f} | {ratio:.2f} |\n")


def measured(store: Store, ask: Callable[[Any], Any], statement: str) -> tuple[int, float, float]:
    """How many rows there are, and the least seconds of both ways."""
    seconds: tuple[list[float], list[float]] = ([], [])
    rows = 0
    for _ in range(TURNS):
        began = time.process_time()
        rows = store.rows(ask(store.facts)).num_rows
        middle = time.process_time()
        found = store.con.con.execute(statement).to_arrow_table()
        seconds[0].append(middle - began)
        seconds[1].append(time.process_time() - middle)
        assert found.num_rows == rows, statement
    return rows, min(seconds[0]), min(seconds[1])


if __name__ == "__main__":
    main()
