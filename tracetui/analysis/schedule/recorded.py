"""A recording as a workload: its tests' durations, the pauses between them, and how they were handed out."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

import numpy as np
from msgspec.structs import replace

from tracetui.analysis.lanes.sums import at_once
from tracetui.analysis.schedule.policy import XDIST
from tracetui.analysis.schedule.recording.handed_out import handed_out, in_order
from tracetui.analysis.schedule.recording.lane_work import Ran, lane_work
from tracetui.analysis.schedule.recording.processors import others, queued, without_waiting
from tracetui.analysis.schedule.recording.results import of_results
from tracetui.analysis.schedule.recording.wide_fixtures import wide_fixtures
from tracetui.analysis.schedule.workload import Item, Workload
from tracetui.analysis.schedule.xdist_units import file_of, group_of, scope_of
from tracetui.analysis.study.findings import Findings
from tracetui.model.resource_facts import ResourceFacts
from tracetui.model.role import Role

LONG_GAPS = 5
"""A pause this many times as long as the median is no pause between two tests, but a lack of them."""


def recorded(findings: Findings) -> Workload:
    """The workload of the shown run: O(n log n)."""
    if findings.no_timeline:
        return of_results(findings)
    work = [(lane, ran) for lane, ran in zip(findings.lanes.lanes, lane_work(findings), strict=True) if ran]
    lanes, workers = [ran for _, ran in work], at_once([lane for lane, _ in work])
    suites = _suites(findings)
    said = next((suite.dist for suite in suites if suite.dist in XDIST), "")
    items = [
        [without_waiting(_item(ran, said), rate) for ran in lane]
        for lane, rate in zip(lanes, queued(findings, lanes), strict=True)
    ]
    fixtures, needs = wide_fixtures(lanes, items)
    items = [
        [item._replace(fixtures=needed) for item, needed in zip(its, fixed, strict=True)]
        for its, fixed in zip(items, needs, strict=True)
    ]
    order = in_order(lanes, items)
    timed = [ran for lane, ran in work if lane in findings.lanes.timed] or lanes
    firsts = [lane[0].start_ns for lane in timed]
    ends = [ran.end_ns for lane in timed for ran in lane]
    workload = Workload(
        items=tuple(items[lane][place] for lane, place in order.places),
        fixtures=fixtures,
        gaps_ns=list(_gaps(lanes)),
        skews_ns=sorted(first - min(firsts) for first in firsts)[1:workers],
        recorded_ns=max(ends) - min(firsts) if ends else 0,
        workers=workers,
        dist="no",
        cores=max((suite.cores for suite in suites), default=0),
        is_ordered=order.is_known,
        doubts=tuple(_doubts(findings, lanes)),
        chunk=max((suite.chunk for suite in suites), default=0) or None,
        pressure=_pressure(findings, suites),
    )
    lane_of = [lane for lane, _ in order.places]
    dist = said if workers > 1 and said else handed_out(workload, lane_of, findings)
    return replace(workload, dist=dist, others=others(workload))


def _item(ran: Ran, dist: str) -> Item:
    name = ran.name
    return Item(
        name,
        file_of(name),
        scope_of(name),
        _group(ran, dist),
        ran.own_ns,
        ran.computing_ns if ran.computing_ns < 0 else min(ran.computing_ns, ran.own_ns),
        hooks=tuple(ran.hooks.items()),
        archiving_ns=ran.archiving_ns,
        of_functions=tuple(ran.of_functions.items()),
    )


def _group(ran: Ran, dist: str) -> str:
    """The unit of `loadgroup`.

    Under `--dist loadgroup` xdist appends it to the node id. Where it has not (3.8 with pytest 9.2), tests
    are handed out one by one, whatever group they name.
    """
    by_name = group_of(ran.name)
    return f"@{ran.group}" if by_name == ran.name and ran.group and dist != "loadgroup" else by_name


def _suites(findings: Findings) -> list[ResourceFacts]:
    """What its suites' resources say of how and where it ran."""
    snapshot, within = findings.snapshot, findings.within
    suites = snapshot.role == Role.SUITE
    rows = np.flatnonzero(suites if within is None else suites & within).tolist()
    return [snapshot.resource(row) for row in rows]


def _pressure(findings: Findings, suites: Sequence[ResourceFacts]) -> float:
    """The share of the run in which something on its machine waited for a processor, as far as known."""
    took = findings.summary.end_ns - findings.summary.start_ns
    return min(1.0, max((suite.pressure_ns for suite in suites), default=0) / took) if took > 0 else 0.0


def _gaps(lanes: Sequence[Sequence[Ran]]) -> Iterator[int]:
    for lane in lanes:
        gaps = [
            max(0, later.start_ns - later.before_ns - ran.end_ns - ran.after_ns)
            for ran, later in pairwise(lane)
        ]
        longest = LONG_GAPS * median(gaps) if gaps else 0
        yield from (gap for gap in gaps if gap <= longest)


def _doubts(findings: Findings, lanes: Sequence[Sequence[Ran]]) -> Iterator[str]:
    if not lanes:
        yield "no test ran on a lane here"
        return
    if findings.summary.state != "ended":
        yield f"the recorded run is {findings.summary.state}: tests may be missing"
    if findings.lanes.is_elapsed:
        yield "its shards ran apart from each other: choose one with --job"
