"""Records of runs, made of what each test took."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tests.builders import T0, S
from tracetui.analysis.history.records import DTYPES, Columns, Records, RunHead, Variant
from tracetui.model.role import Outcome, Role

HEAD = RunHead("s", "", "", 1, T0, T0 + S, "ended", Outcome.PASSED, "", "", Variant(), 1, 1, 1)

Took = int | tuple[int, Outcome] | Mapping[str, Any]
"""What a test took in ns; and how it ended; or any columns of a row."""


def runs(*took: Mapping[str, Took], heads: Sequence[RunHead] = ()) -> Records:
    """A run for each mapping of names; a hook's name begins with `hook `."""
    texts = sorted({name for run in took for name in run})
    rows = [(number, name, told) for number, run in enumerate(took) for name, told in sorted(run.items())]
    told = [_row(number, texts.index(name), name, told) for number, name, told in rows]
    columns = Columns(**{key: np.array([row[key] for row in told], of) for key, of in DTYPES.items()})
    return Records(heads or [HEAD] * len(took), texts, columns)


def _row(run: int, place: int, name: str, told: Took) -> dict[str, Any]:
    more = {"own_ns": told} if isinstance(told, int) else told
    if isinstance(more, tuple):
        more = {"own_ns": more[0], "outcome": more[1]}
    row = dict.fromkeys(DTYPES, 0) | {"run": run, "name": place, "count": 1, "attempt": 1}
    row |= {"role": Role.HOOK if name.startswith("hook ") else Role.TEST, "outcome": Outcome.PASSED}
    return row | {"total_ns": more["own_ns"]} | dict(more)
