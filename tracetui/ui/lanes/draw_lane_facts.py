"""Below the lanes: what is under the cursor, what the others did meanwhile, and sums over all lanes."""

from collections.abc import Iterator, Sequence

from textual.content import Content

from tracetui import units
from tracetui.analysis.lanes.blocks import Stop
from tracetui.analysis.lanes.lanes import Lane, Lanes
from tracetui.analysis.lanes.sums import sums as totals
from tracetui.analysis.stalls.other_lanes import OtherLanes, meanwhile
from tracetui.analysis.study.findings import Findings
from tracetui.analysis.timeline.window import Window
from tracetui.model.role import Outcome, Role
from tracetui.report.drawing.lane_cells import FAILED, SHAPES
from tracetui.report.drawing.style import MARKS
from tracetui.report.still import still_words
from tracetui.text import Safe, fit_apart, fit_middle, sanitize

MOST_OTHERS = 8
NAME_CELLS = 12

_PACKED = "   * no worker names: lanes inferred from timing", "   * inferred from timing"
_ELAPSED = "   each lane from its suite's start"
_SHIFTED = "   ~ its clock is off: shown shifted, left out of stalls", "   ~ clock off: shifted"


def stop_content(findings: Findings, lanes: Lanes, lane: Lane, stop: Stop, cells: int) -> Content:
    """What is under the cursor, in at most `cells` cells a line."""
    window = lane.blocks.interval(stop)
    if not stop.is_gap:
        return _block(
            findings, _label(lanes, lane.name, cells - 56), int(lane.rows[stop.place]), window, cells
        )
    share = (window.end_ns - window.start_ns) / max(1, lanes.wall_ns)
    head = Content.assemble(
        (_label(lanes, lane.name, cells - 60), "bold"),
        " was idle for ",
        (units.duration(window.end_ns - window.start_ns), "bold"),
        (f"   {units.share(share)} of the run   {_when(findings, window)}", "$quiet"),
    )
    labels = dict(
        zip(names := [known.name for known in lanes.lanes], _labels(names, NAME_CELLS), strict=True)
    )
    others = [_other(findings, other, labels[other.lane], cells) for other in meanwhile(lanes, lane, window)]
    more = len(others) - MOST_OTHERS
    rest = [Content.styled(f"   … {more} more lanes", "$quiet")] if more > 0 else []
    return Content("\n").join([head, *others[:MOST_OTHERS], *rest])


def _labels(names: Sequence[str], cells: int) -> list[Safe]:
    """The names of lanes, shortened to `cells`."""
    return fit_apart([sanitize(name) for name in names], cells)


def _label(lanes: Lanes, name: str, cells: int) -> str:
    """The name of a lane among the others, in at most `cells` cells, but no less than `NAME_CELLS`."""
    names = [lane.name for lane in lanes.lanes]
    return _labels(names, max(NAME_CELLS, cells))[names.index(name)].rstrip()


def _block(findings: Findings, label: str, row: int, window: Window, cells: int) -> Content:
    snapshot, times = findings.snapshot, findings.times
    role, outcome = Role(int(snapshot.role[row])), Outcome(int(snapshot.outcome[row]))
    title = fit_middle(sanitize(snapshot.title(row)), max(9, cells - 40)).rstrip()
    first = Content.assemble(
        (role.label, f"$role-{role.label}"),
        (f" {title}  ", "bold"),
        (f"{MARKS[outcome]} {outcome.label.replace('_', ' ')}", f"$outcome-{outcome.label}"),
    )
    times_text = f"own {units.duration(int(times.own[row]))}   total {units.duration(int(times.total[row]))}"
    second = Content.assemble(times_text, (f"   {_when(findings, window)}   on {label}", "$quiet"))
    return Content("\n").join([first, second, *_inside(findings, row, cells)])


def _inside(findings: Findings, row: int, cells: int, most: int = 4) -> Iterator[Content]:
    """The longest hooks and archivers in a block."""
    snapshot, below = findings.snapshot, findings.tree.subtree(row)[1:1000].tolist()
    billed = [one for one in below if snapshot.role[one] in SHAPES and not snapshot.own[one]]
    for one in sorted(billed, key=lambda one: -int(findings.times.total[one]))[:most]:
        role = Role(int(snapshot.role[one]))
        title = fit_middle(sanitize(snapshot.title(one)), max(9, cells - 30)).rstrip()
        took = units.duration(int(findings.times.total[one]))
        yield Content.assemble(
            f"  {SHAPES[role]} ", (role.label, f"$role-{role.label}"), f" {title}  ", (took, "bold")
        )


def _other(findings: Findings, other: OtherLanes, name: str, cells: int) -> Content:
    _, busy, row, took_ns = other
    if row < 0:
        return Content.assemble(f"   {name} ", ("was idle too", "$quiet"))
    role = Role(int(findings.snapshot.role[row]))
    title = fit_middle(sanitize(findings.snapshot.title(row)), max(9, cells - 48)).rstrip()
    return Content.assemble(
        f"   {name} ",
        (f"{units.share(busy):>6} busy   ", "$quiet"),
        (role.label, f"$role-{role.label}"),
        f" {title}  ",
        (units.duration(took_ns), "bold"),
    )


def _when(findings: Findings, window: Window) -> str:
    start = findings.summary.start_ns
    return f"{units.duration(window.start_ns - start)} .. {units.duration(window.end_ns - start)}"


def still_content(findings: Findings, cells: int) -> Content:
    """The stalls and why, a line each."""
    lines = []
    for still in findings.overview.still:
        happened, why = still_words(findings, still)
        room = max(9, cells - len(happened) - 21)
        reason = fit_middle(sanitize(why), room).rstrip()
        lines.append(
            Content.assemble(
                (f" ■ {happened}", "bold $warning"), f"  {reason}", ("   i: jump there", "$quiet")
            )
        )
    return Content("\n").join(lines)


def sums_content(findings: Findings, lanes: Lanes, cells: int) -> Content:
    """Sums over the lanes, in one line of `cells` cells, and the meaning of the colours, in another."""
    summed = totals(lanes, findings.overview.still)
    sums = [
        ("wall", units.duration(summed.wall_ns)),
        ("work", units.duration(summed.work_ns)),
        (f"best case (work / {summed.at_once})", units.duration(summed.floor_ns)),
        ("idle", units.duration_within(summed.idle_ns, summed.wall_ns)),
        *([("stalled (lane time)", units.duration(summed.stalled_ns))] if summed.stalled_ns else []),
        *([("imbalance", units.duration(summed.imbalance_ns))] if summed.imbalance_ns >= units.MS else []),
        *(
            [("last to finish", _label(lanes, summed.long_pole, cells - 60))]
            if summed.imbalance_ns >= units.MS
            else []
        ),
    ]
    first = Content("   ").join(
        Content.assemble((f"{name} ", "$quiet"), (value, "bold")) for name, value in _fitting(sums, cells)
    )
    shapes = {Role.TEST: "█", **SHAPES}
    legend = [(f"{shape} {role.label}   ", f"$role-{role.label}") for role, shape in shapes.items()]
    second = Content.assemble(*legend, (f"{FAILED} failed   ", "$outcome-failed"), ("░ idle", "$quiet"))
    if any(lane.packed for lane in lanes.lanes):
        remark = next((wording for wording in _PACKED if second.cell_length + len(wording) <= cells), "")
        second = second.append(Content.styled(remark, "$quiet"))
    if lanes.is_elapsed and second.cell_length + len(_ELAPSED) <= cells:
        second = second.append(Content.styled(_ELAPSED, "$quiet"))
    if any(lane.offset_ns for lane in lanes.lanes):
        remark = next((wording for wording in _SHIFTED if second.cell_length + len(wording) <= cells), "")
        second = second.append(Content.styled(remark, "$warning"))
    return Content("\n").join([first, second])


def _fitting(sums: Sequence[tuple[str, str]], cells: int) -> Sequence[tuple[str, str]]:
    """The sums that fit into `cells`: explanations are dropped first, then what is said elsewhere too."""
    if _cells(sums) > cells:
        sums = [(name.partition(" (")[0], value) for name, value in sums]
    for least in ("imbalance", "wall"):
        if _cells(sums) > cells:
            sums = [(name, value) for name, value in sums if name != least]
    return sums


def _cells(sums: Sequence[tuple[str, str]]) -> int:
    return sum(len(name) + len(value) + 4 for name, value in sums) - 3
