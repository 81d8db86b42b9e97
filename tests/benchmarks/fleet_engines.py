"""One lake on several engines: whether they answer the same, and what questions cost beside SQL by hand.

`python -m tests.benchmarks.fleet_engines make LAKE [RUNS_A_DAY] [TESTS]` writes twelve days with planted
regressions; `... ask ENGINE LAKE OUT` asks `duckdb`, `chdb` over the table of a Collector that holds the same
as spans, or a Spark Connect server, `sc://HOST:PORT`. `chdb` makes that table first, which takes longer than
all questions; `... fill DIR LAKE` makes one for `chdb://DIR`. `... compare OUT OUT...` holds the answers
of each against those of the first, and prints times. They are seconds of processor time, the least of three;
of a server, which is another process, seconds.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from tests.benchmarks.fleet import ASKED
from tests.benchmarks.fleet_sql import by_hand
from tests.fleet import engines
from tests.fleet.engines import ENGINES, collected, differences, documents
from tests.fleet.lake import Plan, fleet, write_lake
from tracetui.fleet.store import Store, open_store

TURNS = 3
DAYS = 12
PLANTED = "planted.json"


def make(lake: str, runs_a_day: str = "20", tests: str = "2080") -> None:
    """By default 240 runs and two million facts."""
    plan = _plan(int(runs_a_day), int(tests))
    table = fleet(plan)
    write_lake(Path(lake), table)
    (Path(lake) / PLANTED).write_text(json.dumps(plan.names("regressed")))
    sys.stdout.write(f"{table.num_rows:,} facts of {DAYS * int(runs_a_day)} runs\n")


def _plan(runs_a_day: int, tests: int) -> Plan:
    """One test in twenty becomes slower."""
    return Plan(
        days=DAYS,
        runs_a_day=runs_a_day,
        tests=tests,
        regressed=tests // 20,
        flaky=tests // 50,
        broken=tests // 200,
    )


def ask(engine: str, lake: str, out: str) -> None:
    """Ask every question, then time some of them and their SQL by hand."""
    dialect = {"duckdb": "duckdb", "chdb": "clickhouse"}.get(engine.partition(":")[0], "spark")
    clock = time.monotonic if dialect == "spark" else time.process_time
    with tempfile.TemporaryDirectory() as directory, _opened(engine, lake, Path(directory)) as store:
        sys.stderr.write(f"{engine}: open after {time.process_time():.1f} s of processor time\n")
        answers = documents(store)
        sys.stderr.write(f"{engine}: all questions are answered after {time.process_time():.1f} s\n")
        facts = store.between(None, None)
        statements = by_hand(dialect, "tracetui_facts_0" if dialect == "clickhouse" else "test_facts")
        seconds = {}
        for name, query in ASKED.items():
            ours = partial(_ours, store, query, facts)
            theirs = partial(_theirs, store, dialect, statements[name])
            seconds[name] = (_least(clock, ours), _least(clock, theirs))
    planted = json.loads((Path(lake) / PLANTED).read_text())
    told = {"engine": engine, "answers": answers, "seconds": seconds, "planted": planted}
    Path(out).write_text(json.dumps(told))


@contextmanager
def _opened(engine: str, lake: str, directory: Path) -> Iterator[Store]:
    if engine in ENGINES:
        with ENGINES[engine](directory, Path(lake)) as store:
            yield store
    elif engine.startswith("chdb:"):
        with collected(Path(engine.removeprefix("chdb://"))) as store:
            yield store
    else:
        with open_store(f"{engine}{lake}" if engine.startswith("sc:") else f"lake://{lake}") as store:
            yield store


def _ours(store: Store, query: Callable[[Any], Any], facts: Any) -> Any:
    return store.rows(query(facts))


def _theirs(store: Store, dialect: str, statement: str) -> Any:
    if dialect == "duckdb":
        return store.con.con.execute(statement).to_arrow_table()
    if dialect == "clickhouse":
        return store.con.con.query_arrow(statement)
    return store.con._session.sql(statement).toArrow()


def _least(clock: Callable[[], float], work: Callable[[], object]) -> float:
    seconds = []
    for _ in range(TURNS):
        began = clock()
        work()
        seconds.append(clock() - began)
    return min(seconds)


def compare(*outs: str) -> None:
    """Prints differences, which there should be none of, what of the planted was found, and a table."""
    told = [json.loads(Path(out).read_text()) for out in outs]
    for other in told[1:]:
        found = list(differences(other["answers"], told[0]["answers"]))
        sys.stdout.write(f"{other['engine']} against {told[0]['engine']}: {len(found)} differences\n")
        sys.stdout.writelines(f"  {each}\n" for each in found[:20])
    rows = told[0]["answers"]["regress"]["rows"]
    planted = set(told[0]["planted"])
    slower = {row["test"] for row in rows if row["verdict"] == "slower"}
    faster = {row["test"] for row in rows if row["verdict"] == "faster"}
    wrong = len(slower - planted) + len(faster)
    sys.stdout.write(f"planted {len(planted)}, found {len(slower & planted)}, wrongly {wrong}\n\n")
    sys.stdout.write(f"| | {' | '.join(each['engine'] for each in told)} |\n|---{'|---:' * len(told)}|\n")
    for name in ASKED:
        cells = [_cell(each["seconds"][name]) for each in told]
        sys.stdout.write(f"| {name} | {' | '.join(cells)} |\n")


def _cell(seconds: list[float]) -> str:
    """What ours took and what the statement did, and how many times as long that is."""
    ours, theirs = seconds
    return f"{ours:.2f} / {theirs:.2f} = {ours / theirs:.2f}"


def fill(directory: str, lake: str) -> None:
    """Once, for any number of askings."""
    engines.fill(Path(directory), Path(lake))


COMMANDS: dict[str, Callable[..., None]] = {"make": make, "fill": fill, "ask": ask, "compare": compare}

if __name__ == "__main__":
    COMMANDS[sys.argv[1]](*sys.argv[2:])
