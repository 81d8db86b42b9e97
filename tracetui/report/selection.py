"""Selects the spans that a page shows: failures and running spans first, then the longest, always with the
spans above them.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.study.findings import Findings
from tracetui.analysis.tree.tree import Rows, nearest_above
from tracetui.model.numbers.distinct import among
from tracetui.model.role import Outcome, Role

if TYPE_CHECKING:
    from tracetui.analysis.query.filters.lens import Lens

SLOWEST = 10
"""So many tests are shown with what is inside them, though nothing went wrong there."""

_TELLING = (Outcome.FAILED, Outcome.ERROR, Outcome.CUT_OFF, Outcome.RUNNING, Outcome.RERUN)

Marked = NDArray[np.bool_]


def whole(findings: Findings, levels: int | None = None, lens: "Lens | None" = None) -> Rows:
    """All rows in display order, or those of the first `levels` levels, or those that `lens` leaves."""
    order = findings.tree.order
    order = order if findings.shown is None else order[findings.shown[order]]
    order = order if lens is None else order[lens.visible[order]]
    return order if levels is None else order[findings.tree.depth[order] < levels]


def page(findings: Findings, most: int, levels: int | None = None, lens: "Lens | None" = None) -> Rows:
    """At most `most` rows in display order.

    Spans inside a test count only if that test failed, is running or is one of the slowest; with `levels`,
    everything in the first levels counts alike, and with a `lens` everything that matches it.
    """
    tree = findings.tree
    counted = _counted(findings, levels, lens)
    counted = counted if findings.shown is None else counted & findings.shown
    rows = np.flatnonzero(counted)
    telling = among(findings.snapshot.outcome[rows], _TELLING)
    rows = rows[np.lexsort((tree.position[rows], -findings.times.total[rows], ~telling))]
    shown = _with_all_above(rows, tree.parent, most)
    return tree.order[shown[tree.order]]


def hidden(findings: Findings, rows: Rows, lens: "Lens | None" = None) -> int:
    """The number of spans that no filter hides but that are not among `rows`."""
    among = np.ones(len(findings.snapshot), np.bool_) if findings.shown is None else findings.shown
    return int(np.count_nonzero(among & lens.visible if lens else among)) - len(rows)


def _counted(findings: Findings, levels: int | None, lens: "Lens | None") -> Marked:
    if levels is None and lens is None:
        return ~_inside_of_dull_tests(findings)
    counted = np.ones(len(findings.snapshot), np.bool_) if lens is None else lens.matched
    return counted if levels is None else counted & (findings.tree.depth < levels)


def _inside_of_dull_tests(findings: Findings) -> Marked:
    snapshot, tree = findings.snapshot, findings.tree
    is_test = snapshot.role == Role.TEST
    around = nearest_above(is_test, tree.parent)
    tests = np.flatnonzero(is_test)
    lively = among(snapshot.outcome, _TELLING)
    lively[tests[np.argsort(-findings.times.own[tests], kind="stable")[:SLOWEST]]] = True
    dull: Marked = (around >= 0) & ~lively[around]
    return dull


def _with_all_above(ranked: NDArray[np.intp], parent: Rows, most: int) -> Marked:
    """The first of `ranked` and all rows above them, until `most` are marked."""
    shown = np.zeros(len(parent), np.bool_)
    left = most
    for row in ranked.tolist():
        chain, above = [], row
        while above >= 0 and not shown[above]:
            chain.append(above)
            above = int(parent[above])
        shown[chain[::-1][:left]] = True
        left -= len(chain)
        if left <= 0:
            break
    return shown
