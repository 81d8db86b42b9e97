"""How the time and memory of questions grow with a store.

`python -m tests.benchmarks.fleet_growth [COPIES...]`

A lake of 14 days and 673,120 facts is repeated so many times, each copy 14 days later and with runs of its
own. Each size is asked in a process of its own, once: seconds of processor time of each question, over all
days, and the most memory that the process had.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tests.benchmarks.fleet import ASKED
from tests.fleet.lake import DAY_NS, FIRST, FIRST_NS, Plan, fleet
from tests.fleet.lakes import declare
from tracetui.fleet.queries import windows
from tracetui.fleet.queries.window import Window
from tracetui.fleet.store import open_store

DAYS = 14
PLAN = Plan(days=DAYS, runs_a_day=8, tests=1500)
COPIES = ("1", "4", "12", "36")


def main(*copies: str) -> None:
    """Grow the lake, and ask it each time."""
    sys.stdout.write(f"| facts | {' | '.join(ASKED)} | memory |\n|---:{'|---:' * (len(ASKED) + 1)}|\n")
    days = by_day(fleet(PLAN))
    with tempfile.TemporaryDirectory() as directory:
        made, facts = 0, 0
        for count in map(int, copies or COPIES):
            for number in range(made, count):
                facts += add(Path(directory), days, number)
            made = count
            command = [sys.executable, "-m", "tests.benchmarks.fleet_growth", "ask", directory, str(count)]
            told = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
            cells = [f"{told[name]:.2f}" for name in ASKED]
            sys.stdout.write(f"| {facts:,} | {' | '.join(cells)} | {told['memory'] / 2**30:.2f} GiB |\n")
            sys.stdout.flush()


def by_day(table: pa.Table) -> list[pa.Table]:
    """The facts of each day."""
    days = pc.unique(table["date"]).to_pylist()
    return [table.filter(pc.equal(table["date"], pa.scalar(day))) for day in sorted(days)]


def add(lake: Path, days: list[pa.Table], number: int) -> int:
    """Another copy of all days; how many facts that is."""
    files, facts = [], 0
    for place, day in enumerate(days):
        shift = number * DAYS * DAY_NS
        table = day.drop_columns(["date"])
        for name, column in (
            ("start_ns", pc.add(day["start_ns"], shift)),
            ("ts", pc.add(day["ts"], pa.scalar(shift // 1000, pa.duration("us")))),
            ("run", pc.binary_join_element_wise(day["run"], pa.scalar(str(number)), "-")),
            ("trace", pc.binary_join_element_wise(day["trace"], pa.scalar(str(number)), "-")),
        ):
            table = table.set_column(table.column_names.index(name), table.schema.field(name), column)
        date = FIRST + (FIRST.resolution * (number * DAYS + place))
        file = f"facts/date={date}/{number}.parquet"
        (lake / file).parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table.sort_by([("test", "ascending"), ("start_ns", "ascending")]), lake / file)
        files.append(file)
        facts += len(table)
    declare(lake, f"copy-{number}", *files)
    return facts


def ask(lake: str, copies: str) -> None:
    """Prints what each question takes, and how much memory there was at most."""
    middle, end = (FIRST_NS + int(copies) * DAYS * DAY_NS // 2 * part for part in (1, 2))
    base, new = Window(FIRST_NS, middle), Window(middle, end)
    told: dict[str, Any] = {}
    with open_store(f"lake://{lake}") as store:
        for name, query in (ASKED | {"regress": lambda facts: windows.regress(facts, base, new)}).items():
            began = time.process_time()
            store.rows(query(store.facts))
            told[name] = time.process_time() - began
    told["memory"] = most_memory()
    sys.stdout.write(json.dumps(told))


def most_memory() -> int:
    """The most bytes that this process had; `getrusage` counts those of its parent as well."""
    (line,) = (each for each in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in each)
    return int(line.split()[1]) * 1024


if __name__ == "__main__":
    ask(*sys.argv[2:]) if sys.argv[1:2] == ["ask"] else main(*sys.argv[1:])
