"""What is running: lane, title, phase, elapsed time, and a bar that compares it with earlier runs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from tracetui import units
from tracetui.analysis.alarms.hung import Hung, hung
from tracetui.analysis.overview.running import Running
from tracetui.analysis.study.findings import Findings
from tracetui.model.role import Outcome, Role
from tracetui.report.drawing.alarms import hung_words, measure_words
from tracetui.report.drawing.style import MARKS
from tracetui.text import Shared, fit, fit_apart, fit_middle, fit_name, sanitize, shared
from tracetui.ui.feed.reading import Door, Reading
from tracetui.ui.lists.draw_panel import Bit, Item
from tracetui.ui.overview.draw_run_items import lane_name_cells
from tracetui.ui.theme.hung_marks import hung_colour

PHASE, ELAPSED, BAR, TIMES = 11, 8, 10, 6
_WIDE = 80
"""From this width on there is room for phases."""
_MEASURED = 100
"""From this width on there is room to say what a span that hangs is held against."""


def running_items(reading: Reading, width: int) -> list[Item]:
    """An item per open test, hook or archiver, and one per idle lane."""
    findings, now_ns, meant = reading.findings, reading.now_ns(), reading.meant
    running = [part for part in findings.running if meant is None or meant[part.row]]
    names = {part.name: sanitize(part.name) for part in findings.lanes.lanes}
    lane = lane_name_cells(names.values(), width)
    labels = dict(zip(names, fit_apart([*names.values()], lane), strict=True))
    hanging = hung(findings, now_ns)
    room = _Room(
        lane=lane + 1 if any(part.lane for part in running) else 0,
        phase=PHASE if width >= _WIDE else 0,
        against=_against_cells(findings, hanging.values(), width),
        width=width,
        names=shared([findings.snapshot.title(part.row) for part in running]),
    )
    items = [_running(findings, part, now_ns, room, hanging.get(part.row)) for part in running]
    if reading.lens:
        return items
    return [*items, *_without_work(findings, now_ns, labels)]


def _without_work(findings: Findings, now_ns: int, labels: Mapping[str, str]) -> Iterator[Item]:
    """An item for each worker on which nothing runs; none for those whose suite is over."""
    busy = {test.row for test in findings.running}
    for lane in findings.lanes.lanes:
        is_over = lane.exists.end_ns < findings.lanes.wall.end_ns and not lane.crashed
        if lane.packed or is_over or not busy.isdisjoint(lane.rows[-len(busy) - 1 :].tolist()):
            continue
        idle_ns = now_ns - lane.end_ns
        idle_text = f"idle for {units.seconds(idle_ns)}" if idle_ns >= units.S else "between tests"
        said = Bit("crashed", "outcome-cut_off") if lane.crashed else Bit(idle_text, "quiet")
        bits = [Bit(f"   {labels[lane.name]} ", "role-worker"), said]
        yield Item(lane.name, [bits], Door("lanes", int(lane.rows[-1])))


class _Room(NamedTuple):
    """The widths beside a name: 0 for what no item uses."""

    lane: int
    phase: int
    against: int
    width: int
    names: Shared

    @property
    def name(self) -> int:
        """The room left for the name."""
        return max(8, self.width - 4 - self.lane - self.phase - ELAPSED - self.against)


def _against_cells(findings: Findings, hanging: Iterable[Hung], width: int) -> int:
    """The room for bars, or for the words about hung tests."""
    words = max((len(_hung(alarm, width).text) for alarm in hanging), default=0)
    return max(words, 2 + BAR + TIMES if findings.history.runs else 0)


def _hung(alarm: Hung, width: int) -> Bit:
    """How far beyond the usual it is, and if there is room what the usual is."""
    measure = f" ({measure_words(alarm)})" if width >= _MEASURED else ""
    return Bit(f"  {hung_words(alarm)}{measure}", hung_colour(alarm), bold=True)


def _running(findings: Findings, running: Running, now_ns: int, room: _Room, alarm: Hung | None) -> Item:
    snapshot, row = findings.snapshot, running.row
    role = Role(int(snapshot.role[row]))
    elapsed = max(0, now_ns - int(snapshot.start_ns[row]))
    inner = running.inner or ("" if role is Role.TEST else role.label)
    bits = [
        Bit(f" {MARKS[Outcome.RUNNING]} ", "success", bold=True),
        Bit(fit_middle(sanitize(running.lane), room.lane - 1) + " " if room.lane else "", "role-worker"),
        Bit(fit_name(sanitize(snapshot.title(row)), room.name, room.names), f"role-{role.label}"),
        Bit(" " + fit(sanitize(inner), room.phase - 1) if room.phase else "", "quiet"),
        Bit(units.duration(elapsed).rjust(ELAPSED), bold=True),
        *_beside(findings, row, role, elapsed, room, alarm),
    ]
    return Item(row, [bits], Door("waterfall", row))


def _beside(
    findings: Findings, row: int, role: Role, elapsed: int, room: _Room, alarm: Hung | None
) -> Sequence[Bit]:
    if alarm is not None:
        return [_hung(alarm, room.width)]
    return _against(findings, row, role, elapsed) if room.against and findings.history.runs else []


def _against(findings: Findings, row: int, role: Role, elapsed: int) -> list[Bit]:
    """The bar: full at the longest it ever took; amber past its p95, red past its longest."""
    past = findings.history.past(role, int(findings.snapshot.title_id[row]))
    if past is None:
        return [Bit("  " + "no history".rjust(BAR), "quiet")]
    p50, p95, most = past.total
    colour = "outcome-failed" if elapsed > most else "warning" if elapsed > p95 else f"role-{role.label}"
    filled = min(BAR, max(1, elapsed * BAR // max(1, most)))
    usual = elapsed / max(1, p50)
    times = f"{usual:.0f}x" if usual >= 9.95 else f"{usual:.1f}x"
    late = [Bit(times.rjust(TIMES - 1), colour, bold=True)] if elapsed > p95 else []
    return [Bit("  "), Bit("█" * filled, colour), Bit("░" * (BAR - filled), "scroll-thumb"), *late]
