"""The rows of a comparison of two windows: tests over all variants, and those that changed on one of them
only.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.compare.timing import LEAST_RATIO, Method
from tracetui.fleet.statistics.judging import Judged, Strata, judged

if TYPE_CHECKING:
    import pyarrow as pa

Ask = Callable[[Sequence[str]], "pa.Table"]
"""Asks again, without some tests in what tells the speed of runs."""
MOST_NAMED = 2000
"""So many tests are named in a query at most, the surest first."""


class Verdict(StrEnum):
    """The verdict on a test."""

    SLOWER = "slower"
    FASTER = "faster"
    SAME = "same"
    UNDECIDED = "undecided"


class Part(NamedTuple):
    """A test on one variant (foreign text): values on both sides, and new over base."""

    variant: str
    base_runs: int
    new_runs: int
    ratio: float


class Regression(NamedTuple):
    """A test (foreign text) over all its variants (`variant` is None if it has several), or on the only one
    where it changed. `base_ns` is the geometric mean before, `ratio` new over base with the speed of the runs
    divided out, `added_ns` what that adds to a run; p and q are None if nothing was tested.
    """

    test: str
    variant: str | None
    base_runs: int
    new_runs: int
    base_ns: int
    ratio: float
    added_ns: int
    p: float | None
    q: float | None
    verdict: Verdict
    method: Method
    parts: tuple[Part, ...]


class Regressions(NamedTuple):
    """Rows, the surest changes first, and the factor by which all took longer (`speed`, divided out).

    `only_base` and `only_new` tests were measured on one side only.
    """

    rows: Sequence[Regression]
    speed: float
    needs: int | None
    only_base: int
    only_new: int


def regressions(ask: Ask) -> Regressions:
    """Calls `ask` twice: changed tests do not count towards runs' speed, and are unknown before the first
    answer.
    """
    first = _Found.of(ask(()))
    changed = first.changed()
    return (_Found.of(ask(changed)) if changed else first).rows()


class _Found(NamedTuple):
    """Strata with the names of tests and variants, judged by test and by test and variant."""

    strata: Strata
    tests: list[str]
    test: NDArray[np.intp]
    variants: list[str]
    variant: NDArray[np.intp]
    pair: NDArray[np.intp]
    by_test: Judged
    by_pair: Judged

    @classmethod
    def of(cls, table: "pa.Table") -> "_Found":
        columns = {
            name: table[name].to_numpy()
            for name in table.column_names
            if name not in ("test", "suite", "variant")
        }
        strata = Strata.of(columns)
        tests, test = _numbered(table["test"])
        variants, variant = _numbered(table["variant"])
        _, pair = np.unique(test * max(1, len(variants)) + variant, return_inverse=True)
        pairs = int(pair.max(initial=-1)) + 1
        by_test, by_pair = judged(strata, test, len(tests)), judged(strata, pair, pairs)
        return cls(strata, tests, test, variants, variant, pair, by_test, by_pair)

    def changed(self) -> list[str]:
        """Tests that changed anywhere, the surest first."""
        p = np.where(self.by_test.is_changed, self.by_test.p, np.inf)
        np.minimum.at(p, self.test, np.where(self.by_pair.is_changed, self.by_pair.p, np.inf)[self.pair])
        order = np.argsort(p, kind="stable")[: np.count_nonzero(np.isfinite(p))]
        return sorted(self.tests[number] for number in order[:MOST_NAMED].tolist())

    def rows(self) -> Regressions:
        """Every test that was measured on both sides, and those that changed on one variant only."""
        parts = self._parts()
        base_only, new_only = self._one_sided()
        rows = [
            self._row(self.by_test, number, number, _only(parts[number]))._replace(parts=tuple(parts[number]))
            for number in np.flatnonzero(self.by_test.method != Method.NONE).tolist()
        ]
        rows += self._alone(parts)
        return Regressions(
            sorted(rows, key=_order), self.strata.speed, self.by_test.needs, base_only, new_only
        )

    def _alone(self, parts: Sequence[Sequence[Part]]) -> list[Regression]:
        """Tests of several variants that changed on one, but not as a whole."""
        first = np.unique(self.pair, return_index=True)[1]
        rows = []
        for pair in np.flatnonzero(self.by_pair.is_changed).tolist():
            test = int(self.test[first[pair]])
            if len(parts[test]) > 1 and not self.by_test.is_changed[test]:
                variant = self.variants[int(self.variant[first[pair]])]
                rows.append(self._row(self.by_pair, pair, test, variant))
        return rows

    def _parts(self) -> list[list[Part]]:
        """By test its variants that were measured on both sides."""
        parts: list[list[Part]] = [[] for _ in self.tests]
        first = np.unique(self.pair, return_index=True)[1]
        for pair, place in enumerate(first.tolist()):
            judged_, name = self.by_pair, self.variants[int(self.variant[place])]
            if judged_.method[pair] != Method.NONE:
                ratio = float(np.exp(judged_.effect[pair]))
                part = Part(name, int(judged_.base[pair]), int(judged_.new[pair]), ratio)
                parts[int(self.test[place])].append(part)
        return parts

    def _one_sided(self) -> tuple[int, int]:
        there = [np.bincount(self.test, side, len(self.tests)) > 0 for side in self.strata[:2]]
        return int(np.count_nonzero(there[0] & ~there[1])), int(np.count_nonzero(there[1] & ~there[0]))

    def _row(self, judgement: Judged, place: int, test: int, variant: str | None) -> Regression:
        effect, base_ns = float(judgement.effect[place]), float(np.expm1(judgement.usual[place]))
        return Regression(
            test=self.tests[test],
            variant=variant,
            base_runs=int(judgement.base[place]),
            new_runs=int(judgement.new[place]),
            base_ns=round(base_ns),
            ratio=float(np.exp(effect)),
            added_ns=round(base_ns * np.expm1(effect)),
            p=_number(judgement.p[place]),
            q=_number(judgement.q[place]),
            verdict=_verdict(judgement, place),
            method=Method(int(judgement.method[place])),
            parts=(),
        )


def _only(parts: Sequence[Part]) -> str | None:
    return parts[0].variant if len(parts) == 1 else None


def _verdict(judgement: Judged, place: int) -> Verdict:
    effect = float(judgement.effect[place])
    if judgement.is_changed[place]:
        return Verdict.SLOWER if effect > 0 else Verdict.FASTER
    if not np.isnan(judgement.p[place]) and abs(effect) < np.log(LEAST_RATIO):
        return Verdict.SAME
    return Verdict.UNDECIDED


def _order(row: Regression) -> tuple[int, float, str, str]:
    """Slower ones first, of each kind those that add (or save) most."""
    return list(Verdict).index(row.verdict), -abs(row.added_ns), row.test, row.variant or ""


def _numbered(column: "pa.ChunkedArray") -> tuple[list[str], NDArray[np.intp]]:
    """The distinct texts of a column in order, and by row the index of its text."""
    names, number = np.unique(np.array(column.to_pylist(), object), return_inverse=True)
    return names.tolist(), number.astype(np.intp)


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
