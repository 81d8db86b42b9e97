"""How long tests of a recording waited for a processor, and what other work on the machine explains that."""

from collections.abc import Sequence

import numpy as np

from tracetui.analysis.lanes.run_queue import run_queue_rates, waited_for_processor
from tracetui.analysis.schedule.recording.lane_work import Ran
from tracetui.analysis.schedule.simulation import others_beside
from tracetui.analysis.schedule.workload import Item, Workload
from tracetui.analysis.study.findings import Findings

LEAST_OTHERS = 0.3
"""Less is the process that hands out tests, and what the model is off by: up to 0.21 on a machine that did
nothing else, in 35 runs of suites that compute; 2.2 and more beside a test run of somebody else.
"""
LEAST_SLOWDOWN = 1.1
"""Where computing took less than so many times as long, the machine had no other work worth a word."""


def queued(findings: Findings, lanes: Sequence[Sequence[Ran]]) -> list[float]:
    """By lane, how long its tests waited for a processor for each ns that they computed; 0 if unknown."""
    return run_queue_rates(
        findings.snapshot,
        findings.tree.parent,
        [np.array([ran.rows[0] for ran in lane], np.int32) for lane in lanes],
        [sum(max(0, ran.computing_ns) for ran in lane) for lane in lanes],
    )


def without_waiting(item: Item, rate: float) -> Item:
    """The test with the part of its own time in which it waited for a processor."""
    computing = max(0, item.computing_ns)
    waits = max(0, item.own_ns - computing)
    return item._replace(queued_ns=waited_for_processor(waits, computing, rate))


def other_work(workload: Workload) -> str:
    """That other work on the machine kept its tests waiting, in words; empty if it hardly did."""
    if workload.others < LEAST_OTHERS:
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
