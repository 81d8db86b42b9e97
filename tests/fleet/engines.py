"""Every question, asked of one engine in a process of its own: it prints its name and the documents.

`python -m tests.fleet.engines ENGINE DIR LAKE`: the facts of a lake as they are in DIR on that engine.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.fleet.lake import DAY_NS, FIRST_NS
from tracetui.fleet.queries.window import Window
from tracetui.fleet.report.answer import Answer
from tracetui.fleet.report.asking import Question
from tracetui.fleet.report.cost import cost
from tracetui.fleet.report.doctor import doctor
from tracetui.fleet.report.flaky import flaky
from tracetui.fleet.report.formats import document
from tracetui.fleet.report.history import history
from tracetui.fleet.report.overheads import archive, hooks
from tracetui.fleet.report.regress import regress
from tracetui.fleet.report.slowest import slowest
from tracetui.fleet.report.stats import stats
from tracetui.fleet.store import Store, open_store, statements
from tracetui.report.deciding.ledger import price

BATCH = 50_000
"""So many spans are made at once."""
ROUNDED = (".trend_ns", ".last_ns")
"""Means of logs as whole ns: engines add up in different orders, and one may fall beyond a half."""
MIDDLE = FIRST_NS + 7 * DAY_NS
BASE, NEW = Window(FIRST_NS, MIDDLE), Window(MIDDLE, FIRST_NS + 14 * DAY_NS)
SOME = Window(FIRST_NS + DAY_NS, MIDDLE, branches=("main",))
QUESTIONS: dict[str, Callable[[Store], Answer]] = {
    "slowest": lambda store: slowest(Question(store, SOME, price("0.04/h"))),
    "hooks": lambda store: hooks(Question(store, Window())),
    "archive": lambda store: archive(Question(store, Window())),
    "cost": lambda store: cost(Question(store, Window(), price("0.04/h")), "owner"),
    "flaky": lambda store: flaky(Question(store, Window())),
    "regress": lambda store: regress(Question(store, NEW), BASE),
    "history": lambda store: history(Question(store, Window())),
    "stats": lambda store: stats(Question(store, NEW)),
    "doctor": lambda store: doctor(Question(store, Window())),
    "nothing": lambda store: slowest(Question(store, Window(until_ns=1))),
}


def documents(store: Store) -> dict[str, Any]:
    """What a store answers to each of them."""
    return {name: json.loads("".join(document(ask(store)))) for name, ask in QUESTIONS.items()}


def differences(one: Any, other: Any, where: str = "") -> Iterator[str]:
    """Where two documents differ: reals by more than 1e-9 (or, beyond 1, that part), all else at all."""
    if isinstance(one, dict) and isinstance(other, dict) and list(one) == list(other):
        for key, value in one.items():
            yield from differences(value, other[key], f"{where}.{key}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for place, (value, beside) in enumerate(zip(one, other, strict=True)):
            yield from differences(value, beside, f"{where}[{place}]")
    elif type(one) is not type(other) or not _alike(one, other, where):
        yield f"{where}: {one!r:.200} is not {other!r:.200}"


def _alike(one: Any, other: Any, where: str) -> bool:
    if isinstance(one, float):
        return bool(abs(one - other) <= 1e-9 * max(1.0, abs(one)))
    if isinstance(one, int) and where.rstrip("[0123456789]").endswith(ROUNDED):
        return bool(abs(one - other) <= 1)
    return bool(one == other)


def fill(directory: Path, lake: Path) -> None:
    """Makes the table of a Collector, with the view beside it, and writes a lake into it as spans."""
    from tests.fleet.clickhouse import collect, create, url
    from tests.fleet.collected import spans
    from tracetui.fleet.store.address import address
    from tracetui.fleet.store.clickhouse.engine import connect

    con = connect(address(url(directory)))
    create(con.con)
    for statement in statements(url(directory)):
        con.con.command(statement)
    with open_store(f"lake://{lake}") as told:
        for batch in told.rows(told.facts).to_batches(BATCH):
            collect(con.con, spans(batch.to_pylist()))
    con.disconnect()


@contextmanager
def collected(directory: Path) -> Iterator[Store]:
    """ClickHouse: what was filled, as facts."""
    from tests.fleet.clickhouse import url

    with open_store(url(directory)) as store:
        store.between(None, None)  # What is asked of less is then asked of this.
        yield store


@contextmanager
def _chdb(directory: Path, lake: Path) -> Iterator[Store]:
    fill(directory, lake)
    with collected(directory) as store:
        yield store


@contextmanager
def _sail(_directory: Path, lake: Path) -> Iterator[Store]:
    """A Spark Connect server, in this process."""
    from pysail.spark import SparkConnectServer

    server = SparkConnectServer(ip="127.0.0.1", port=0)
    server.start(background=True)
    try:
        with open_store(f"sc://127.0.0.1:{server.listening_address[1]}{lake}") as store:
            yield store
    finally:
        server.stop()


ENGINES = {"chdb": _chdb, "sail": _sail}


def main(engine: str, directory: str, lake: str) -> None:
    """Prints the documents of an engine."""
    with ENGINES[engine](Path(directory), Path(lake)) as store:
        began = time.monotonic()
        found = documents(store)
        sys.stderr.write(f"{engine}: {time.monotonic() - began:.1f}s\n")
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
