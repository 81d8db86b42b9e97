"""Records of runs, as short as they can be written: revisions, tests, and how each attempt at them went."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from tests.builders import T0, S
from tracetui.analysis.history.records import DTYPES, Columns, Records, RunHead, Variant
from tracetui.model.role import Outcome, Role

OUTCOMES = {
    "P": Outcome.PASSED,
    "F": Outcome.FAILED,
    "E": Outcome.ERROR,
    "r": Outcome.RERUN,
    "s": Outcome.SKIPPED,
    "x": Outcome.XFAILED,
    "X": Outcome.XPASSED,
    "c": Outcome.CUT_OFF,
    "R": Outcome.RUNNING,
}
HOUR = 3600 * S


class Ran(NamedTuple):
    """A run: by test a letter for each attempt (`OUTCOMES`), `r` for those that were run again."""

    revision: str
    tests: Mapping[str, str]
    run_id: str = ""
    attempt: int = 1
    job: str = ""
    runtime: str = "cpython 3.13"


def recorded(runs: Sequence[Ran]) -> Records:
    """Their records: each begins an hour after the last one; a first attempt takes a second, the next two."""
    heads = [_head(run, number) for number, run in enumerate(runs)]
    names = sorted({name for run in runs for name in run.tests})
    columns: dict[str, list[Any]] = {name: [] for name in DTYPES}
    for number, run in enumerate(runs):
        for name in sorted(run.tests):
            attempt = 0
            for letter in run.tests[name]:
                attempt += 1
                row = {"run": number, "name": names.index(name), "role": Role.TEST, "attempt": attempt}
                row |= {"outcome": OUTCOMES[letter], "count": 1, "own_ns": S, "total_ns": attempt * S}
                for column, values in columns.items():
                    values.append(row.get(column, 0))
                attempt = attempt if letter == "r" else 0
    made = Columns(**{name: np.array(values, DTYPES[name]) for name, values in columns.items()})
    return Records(heads, names, made)


def _head(run: Ran, number: int) -> RunHead:
    at = T0 + number * HOUR
    return RunHead(
        suite="s",
        job=run.job,
        run_id=run.run_id,
        attempt=run.attempt,
        start_ns=at,
        end_ns=at + 60 * S,
        state="ended",
        outcome=Outcome.UNKNOWN,
        revision=run.revision,
        branch="",
        variant=Variant(run.runtime),
        workers=1,
        tests=len(run.tests),
        key=number,
    )
