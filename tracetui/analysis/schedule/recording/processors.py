"""How long tests of a recording waited for a processor, and what other work on the machine explains that.

Each worker says how long its process did while its tests ran. That is divided among these by how much each
computed: whoever computes longer is put back into the queue more often.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from tracetui.analysis.schedule.recording.lane_work import Ran
from tracetui.analysis.schedule.simulation import others_beside
from tracetui.analysis.schedule.workload import Item, Workload
from tracetui.analysis.study.findings import Findings
from tracetui.analysis.tree.tree import nearest
from tracetui.model.role import Role

LEAST_SLOWDOWN = 1.1
"""Where computing took less than so many times as long, the machine had no other work worth a word."""


def queued(findings: Findings, lanes: Sequence[Sequence[Ran]]) -> list[float]:
    """By lane, how long its tests waited for a processor for each ns that they computed; 0 if unknown.

    What a process says of itself says nothing of several lanes.
    """
    snapshot, parent = findings.snapshot, findings.tree.parent
    is_process = (snapshot.role == Role.WORKER) | (snapshot.role == Role.SUITE)
    tests = (np.array([ran.rows[0] for ran in lane], np.int32) for lane in lanes)
    processes = [{*nearest(is_process, parent, rows).tolist()} - {-1} for rows in tests]
    times = Counter(row for rows in processes for row in rows)
    rates = []
    for lane, rows in zip(lanes, processes, strict=True):
        waited = sum(snapshot.resource(row).run_queue_ns for row in rows if times[row] == 1)
        computed = sum(max(0, ran.computing_ns) for ran in lane)
        rates.append(waited / computed if computed else 0.0)
    return rates


def without_waiting(item: Item, rate: float) -> Item:
    """The test with the part of its own time in which it waited for a processor."""
    waits = max(0, item.own_ns - max(0, item.computing_ns))
    return item._replace(queued_ns=min(waits, round(rate * max(0, item.computing_ns))))


def other_work(workload: Workload) -> str:
    """That other work on the machine kept its tests waiting, in words; empty if it hardly did."""
    if not workload.others:
        return ""
    return (
        f"its tests waited for a processor for {workload.queued_share:.0%} of their time: other work had it"
    )


def others(workload: Workload) -> float:
    """What explains how long its tests waited, beyond what they have each other wait."""
    computing = sum(max(0, item.computing_ns) for item in workload.items)
    waited = sum(item.queued_ns for item in workload.items)
    if not (workload.cores and workload.knows_computing and computing):
        return 0.0
    factor = 1 + waited / computing
    if factor < LEAST_SLOWDOWN:
        return 0.0
    return others_beside([workload.computing_share] * workload.workers, workload.cores, factor)
