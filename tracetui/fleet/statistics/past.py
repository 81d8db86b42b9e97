"""The runs before a run, of its suites and jobs, as the records that `analysis` makes of recordings."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tracetui import units
from tracetui.analysis.gates.window import MOST_RUNS
from tracetui.analysis.history.records import DTYPES, Columns, Records, RunHead, Variant, nothing
from tracetui.analysis.runs.summary import Summary
from tracetui.errors import InputError
from tracetui.fleet.queries import past as queries
from tracetui.fleet.queries.speed import HOST
from tracetui.fleet.queries.window import Window
from tracetui.fleet.store import Store
from tracetui.model.role import OUTCOMES, HookKind, Outcome, Role

if TYPE_CHECKING:
    import pyarrow as pa

LATELY_NS = 30 * 86_400 * units.S
"""So far back runs are looked for first: most stores hold far more days than a run has use for."""

Row = dict[str, Any]
Key = tuple[Any, ...]
ROLES = {"test": Role.TEST, "hook": Role.HOOK, "fixture": Role.HOOK, "archiver": Role.ARCHIVER}
_EMPTY = "the store is empty; load recordings with: tracetui fleet ingest PATH... --store"


def past(store: Store, run: Sequence[RunHead], variants: Collection[str] = ()) -> Records:
    """The last `MOST_RUNS` runs of each suite and job of `run` that began before it, on its `variants` where
    all of its jobs tell them.

    A gate looks at that many, and from half as many on ranks decide a comparison. Raises `InputError` where
    the store holds nothing.
    """
    found = last_jobs(store, run, variants)
    if not found:
        return Records([], [], nothing())
    return _records(found, rows_of(store, queries.took, found))


def require_facts(store: Store) -> None:
    """Raises `InputError` where a store holds nothing."""
    if not store.rows(store.facts.select("role").limit(1)).num_rows:
        raise InputError(f"{store.url}: {_EMPTY} {store.url}")


def last_jobs(store: Store, run: Sequence[RunHead], variants: Collection[str]) -> list[tuple[Key, RunHead]]:
    """The jobs of these runs, the first to begin first, each with what tells it from others."""
    require_facts(store)
    if not run:
        return []
    until_ns = min(head.start_ns for head in run)
    before = Window(until_ns=until_ns, variants=() if "" in variants else tuple(sorted(variants)))
    found = _last(store, before.between(until_ns - LATELY_NS, until_ns), run)
    seen = Counter(head.kind for _, head in found)
    if any(seen[head.kind] < MOST_RUNS for head in run):
        return _last(store, before, run)
    return found


def rows_of(store: Store, query: Callable[..., Any], jobs: Sequence[tuple[Key, RunHead]]) -> "pa.Table":
    """What one of `queries` gives of these jobs; only their days are read."""
    bounds = Window(min(head.start_ns for _, head in jobs), max(head.end_ns for _, head in jobs) + 1)
    tasks, runs = ({key[place] for key, _ in jobs} for place in (1, 2))
    facts = store.between(bounds.since_ns, bounds.until_ns)
    return store.rows(query(facts, bounds, sorted(tasks), sorted(runs)))


def _tasks(run: Sequence[RunHead]) -> list[str]:
    return sorted({head.job for head in run})


def _last(store: Store, window: Window, run: Sequence[RunHead]) -> list[tuple[Key, RunHead]]:
    """The last jobs of the kinds of `run`, the first to begin first, each with what tells it from others."""
    parts: dict[Key, list[Row]] = defaultdict(list)
    facts = store.between(window.since_ns, window.until_ns)
    for row in store.rows(queries.jobs(facts, window, _tasks(run))).to_pylist():
        parts[tuple(row[name] for name in HOST)].append(row)
    every = [(key, _head(key, rows)) for key, rows in parts.items()]
    every.sort(key=lambda pair: (-pair[1].start_ns, pair[0]))
    kinds = {head.kind for head in run}
    seen: Counter[tuple[str, str]] = Counter()
    last = []
    for key, head in every:
        if head.kind in kinds and head.tests and seen[head.kind] < MOST_RUNS:
            seen[head.kind] += 1
            last.append((key, head))
    return last[::-1]


def _head(key: Key, rows: Sequence[Row]) -> RunHead:
    """One job of one run, from its suites and tests; its name is that of the suite that took longest."""
    whole = _summary(rows)
    told = {name: max((row[name] for row in rows if row[name]), default=None) for name in queries.TOLD}
    _, task, run, attempt = key
    return RunHead(
        suite=whole.name,
        job=task,
        run_id="" if run == min(row["trace"] for row in rows) else run,
        attempt=attempt,
        start_ns=whole.start_ns,
        end_ns=whole.end_ns,
        state=whole.state,
        outcome=whole.outcome,
        revision=told["revision"] or "",
        branch=told["branch"] or "",
        variant=Variant(cores=int(told["cores"] or 0), image=told["image"] or ""),
        workers=int(told["jobs"] or 1),
        tests=whole.tests,
        key=0,
    )


def _summary(rows: Sequence[Row]) -> Summary:
    """The summary of a job that is over."""
    suites = [row for row in rows if row["role"] == "suite"]
    is_cut = any(row["outcome"] == Outcome.CUT_OFF.label for row in suites or rows)
    outcomes: dict[str, Counter[Outcome]] = {"suite": Counter(), "test": Counter()}
    for row in rows:
        outcomes[row["role"]][OUTCOMES[row["outcome"]]] += row["count"]
    return Summary(
        name=max(suites, key=lambda row: (row["suite_ns"], row["suite"]))["suite"] if suites else "",
        suites=outcomes["suite"].total(),
        state="cut off" if is_cut else "ended" if suites else "incomplete",
        start_ns=min(row["start_ns"] for row in rows),
        end_ns=max(row["end_ns"] for row in rows),
        outcomes=outcomes["test"],
        suite_outcomes=outcomes["suite"],
    )


def _records(heads: Sequence[tuple[Key, RunHead]], rows: "pa.Table") -> Records:
    """Rows of `queries.took`, those of one test, hook or archiver in a run together by outcome."""
    places = {key: place for place, (key, _) in enumerate(heads)}
    told = [
        (place, row)
        for row in rows.to_pylist()
        if (place := places.get(tuple(row[name] for name in HOST))) is not None
    ]
    told.sort(key=lambda pair: (pair[0], ROLES[pair[1]["role"]], pair[1]["name"]))
    names: dict[str, int] = {}
    values = {
        "run": [place for place, _ in told],
        "name": [names.setdefault(row["name"], len(names)) for _, row in told],
        "role": [ROLES[row["role"]] for _, row in told],
        "hook_kind": [HookKind.FIXTURE if row["role"] == "fixture" else HookKind.PROJECT for _, row in told],
        "outcome": [OUTCOMES[row["outcome"]] for _, row in told],
        "attempt": [1] * len(told),
        "at_least": [row["outcome"] == Outcome.CUT_OFF.label for _, row in told],
        **{name: [row[name] for _, row in told] for name in ("count", "own_ns", "total_ns")},
    }
    columns = Columns(**{name: np.array(values[name], dtype) for name, dtype in DTYPES.items()})
    return Records([head for _, head in heads], list(names), columns)
