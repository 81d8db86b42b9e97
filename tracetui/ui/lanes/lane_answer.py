"""The contents of the Lanes mode for one reading, computed away from the screen's thread."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.failures.failures import failed_tests
from tracetui.analysis.lanes.lanes import Lanes
from tracetui.analysis.study.findings import Findings
from tracetui.analysis.timeline.concurrency import Concurrency, skyline
from tracetui.analysis.tree.tree import Rows
from tracetui.ui.feed.reading import Reading


class Answer(NamedTuple):
    """The lanes of `reading`, how much ran at each moment, and the rows of failed tests by start."""

    lanes: Lanes
    skyline: Concurrency
    failed: Rows
    reading: Reading


def answer(reading: Reading) -> Answer:
    """The lanes of what the filter matches."""
    findings, only = reading.findings, reading.meant
    lanes = findings.lanes_of(only) if reading.lens else findings.lanes
    seen = np.ones(len(findings.snapshot), np.bool_) if only is None else only
    bad = failed_tests(findings.snapshot, only)
    failed: Rows = bad[np.argsort(findings.snapshot.start_ns[bad], kind="stable")].astype(np.int32)
    findings.overview  # noqa: B018 - worked out here, and not when the screen needs it.
    drawn = skyline(findings.snapshot, findings.times, seen, _shifts(findings, lanes))
    return Answer(lanes, drawn, failed, reading)


def _shifts(findings: Findings, lanes: Lanes) -> NDArray[np.int64] | None:
    """By row how much later than the axis its lane is drawn; None if no lane is."""
    if not lanes.is_elapsed:
        return None
    shift = np.zeros(len(findings.snapshot), np.int64)
    for lane in lanes.lanes:
        shift[lane.rows] = shift[lane.inner] = lane.shift_ns
    return shift
