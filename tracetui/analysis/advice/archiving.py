"""A run with archiving off its lanes, and without the time that other lanes lost to it."""

from collections import defaultdict
from collections.abc import Iterator

from msgspec.structs import replace

from tracetui import units
from tracetui.analysis.advice.candidates import Base, Candidate
from tracetui.analysis.schedule.changes import archiving_aside
from tracetui.analysis.schedule.recording.lane_work import lane_work
from tracetui.analysis.schedule.workload import Item, Workload
from tracetui.analysis.stalls.stall import Stall
from tracetui.analysis.study.findings import Findings
from tracetui.model.role import Role


def archiving(findings: Findings, base: Base) -> Iterator[Candidate]:
    """The run with archiving beside its lanes."""
    workload = base.workload
    archived = [item for item in workload.items if item.archiving_ns]
    if not archived:
        return
    stalls = [stall for stall in findings.overview.still if _is_by_archiver(findings, stall)]
    lost = sum(stall.length_ns for stall in stalls)
    worst = max(archived, key=lambda item: item.archiving_ns)
    took = sum(item.archiving_ns for item in archived)
    why = f"{units.many(len(archived), 'archive')} took {units.duration(took)} of lane time"
    if lost:
        why += f", and for {units.duration(lost)} of it no other lane got on"
    yield Candidate(
        "archiving",
        "archive beside the lanes, not on them: copy first, pack when the run is over",
        why,
        worst.name,
        *base.changed(relieved(findings, archiving_aside(workload), stalls)),
    )


def relieved(findings: Findings, workload: Workload, stalls: list[Stall]) -> Workload:
    """The workload without the time its tests lost in stalls caused by others."""
    lost = _lost(findings, stalls)
    items = list(workload.items)
    by_name: dict[str, list[int]] = defaultdict(list)
    for number, item in enumerate(items):
        by_name[item.name].append(number)
    for name, ns in lost:
        if numbers := by_name.get(name):
            number = max(numbers, key=lambda place: items[place].took_ns)
            items[number] = _shortened(items[number], ns)
    return replace(workload, items=tuple(items))


def _is_by_archiver(findings: Findings, stall: Stall) -> bool:
    return stall.row >= 0 and findings.snapshot.role[stall.row] == Role.ARCHIVER


def _lost(findings: Findings, stalls: list[Stall]) -> Iterator[tuple[str, int]]:
    """For each test, how long it ran during a stall that another lane caused."""
    if not stalls:
        return
    for lane, tests in zip(findings.lanes.lanes, lane_work(findings), strict=True):
        for stall in stalls:
            if not stall.stalled(lane):
                continue
            for ran in tests:
                ns = min(ran.end_ns, stall.end_ns) - max(ran.start_ns, stall.start_ns)
                if ns > 0:
                    yield ran.name, ns


def _shortened(item: Item, ns: int) -> Item:
    """The test, shorter by `ns`: its longest part is what waited through the stall."""
    hooks = dict(item.hooks)
    longest = max(hooks, key=hooks.__getitem__, default="")
    if longest and hooks[longest] > item.own_ns:
        hooks[longest] = max(0, hooks[longest] - ns)
        return item._replace(hooks=tuple(hooks.items()))
    return item.shortened(max(0, item.own_ns - ns))
