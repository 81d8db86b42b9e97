"""In which order a recorded run's tests were collected, and how they were handed out."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tracetui.analysis.schedule.policy import XDIST, Policy
from tracetui.analysis.schedule.recording.lane_work import Ran
from tracetui.analysis.schedule.simulation import simulate
from tracetui.analysis.schedule.workload import Item, Workload
from tracetui.analysis.study.findings import Findings


class Order(NamedTuple):
    """The tests by lane and place on it, in order of collection if that `is_known`."""

    places: list[tuple[int, int]]
    is_known: bool


def in_order(lanes: Sequence[Sequence[Ran]], items: Sequence[Sequence[Item]]) -> Order:
    """The order in which tests were collected, as recorded; with one lane it is the order of starts.

    Otherwise files come in the order of their first tests, and in a file those that followed each other on a
    lane.
    """
    places = [(number, place) for number, lane in enumerate(lanes) for place in range(len(lane))]
    if len(lanes) <= 1:
        return Order(places, is_known=True)
    said = [lanes[number][place].place for number, place in places]
    if len({*said} - {0}) == len(places):
        return Order([where for _, where in sorted(zip(said, places, strict=True))], is_known=True)
    return Order(list(_likely(lanes, items)), is_known=False)


def _likely(lanes: Sequence[Sequence[Ran]], items: Sequence[Sequence[Item]]) -> Iterator[tuple[int, int]]:
    stretches: dict[str, dict[tuple[int, int], list[tuple[int, int]]]] = {}
    began: dict[str, int] = {}
    for number, (lane, its) in enumerate(zip(lanes, items, strict=True)):
        previous, stretch = "", (0, 0)
        for place, (ran, item) in enumerate(zip(lane, its, strict=True)):
            if item.file != previous:
                previous, stretch = item.file, (ran.start_ns, number)
            began[item.file] = min(began.get(item.file, ran.start_ns), ran.start_ns)
            stretches.setdefault(item.file, {}).setdefault(stretch, []).append((number, place))
    for file in sorted(stretches, key=lambda file: began[file]):
        for stretch in sorted(stretches[file]):
            yield from stretches[file][stretch]


def handed_out(workload: Workload, lanes: Sequence[int], findings: Findings) -> str:
    """The policy by which the tests were handed out: as recorded, else as far as it can be inferred.

    `lanes` has the lane of each test. If nothing names workers it was no xdist, but a shared queue. Whole
    units, more than there are workers, mean `loadfile` or `loadscope`. Of `load` and `worksteal` it is the
    one whose replica agrees better with the recording; with an unknown order `load`, the default.
    """
    if workload.workers <= 1:
        return "no"
    if any(lane.packed for lane in findings.lanes.lanes):
        return "queue"
    recorded_dist = (
        findings.runs.facts(findings.runs.number(findings.choice)).dist if len(findings.runs) else ""
    )
    if recorded_dist in XDIST:
        return recorded_dist
    if _stayed_whole([item.file for item in workload.items], lanes, workload.workers):
        return "loadfile"
    if _stayed_whole([item.scope for item in workload.items], lanes, workload.workers):
        return "loadscope"
    if not workload.is_ordered:
        return "load"
    return max(("load", "worksteal"), key=lambda dist: _agreement(workload, dist, lanes))


def _stayed_whole(units: Sequence[str], lanes: Sequence[int], workers: int) -> bool:
    """Whether each unit ran on one lane, and that is unlikely to be chance."""
    where: dict[str, set[int]] = {}
    for unit, lane in zip(units, lanes, strict=True):
        where.setdefault(unit, set()).add(lane)
    several = sum(count > 1 for count in Counter(units).values())
    return several > workers and all(len(them) == 1 for them in where.values())


def _agreement(workload: Workload, dist: str, lanes: Sequence[int]) -> float:
    """The share of neighbours in that order which the replica keeps together or apart as recorded."""
    ran = simulate(workload, Policy(dist), workload.workers).worker
    pairs = range(1, len(lanes))
    same = sum((ran[i] == ran[i - 1]) == (lanes[i] == lanes[i - 1]) for i in pairs)
    return same / max(1, len(pairs))
