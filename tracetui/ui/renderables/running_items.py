"""What runs now: lane, title, phase, how long, and a bar against how long it took before."""

from tracetui import units
from tracetui.analysis.findings import Findings
from tracetui.analysis.running import Running
from tracetui.model.role import Outcome, Role
from tracetui.report.style import MARKS
from tracetui.text import fit, fit_middle, sanitize
from tracetui.ui.reading import Reading
from tracetui.ui.renderables.panel import Bit, Door, Item

LANE, PHASE, ELAPSED, BAR, TIMES = 6, 11, 8, 10, 6
_WIDE = 80
"""From this width on there is room for phases."""


def running_items(reading: Reading, width: int) -> list[Item]:
    """An item per open test, hook or archiver; and one per lane that has nothing to do."""
    findings, now_ns, meant = reading.findings, reading.now_ns(), reading.meant
    running = [each for each in findings.running if meant is None or meant[each.row]]
    items = [_running(findings, each, now_ns, width) for each in running]
    if reading.lens:
        return items
    busy = {each.lane for each in findings.running}
    for lane in findings.lanes.lanes:
        if not lane.packed and lane.name not in busy:
            idle_ns = max(0, now_ns - lane.end_ns) // units.S * units.S
            told = f"idle for {units.duration(idle_ns)}" if idle_ns else "between tests"
            bits = [Bit(f"   {fit(sanitize(lane.name), LANE)} ", "role-worker"), Bit(told, "quiet")]
            items.append(Item(lane.name, [bits], Door("lanes", int(lane.rows[-1]))))
    return items


def _running(findings: Findings, running: Running, now_ns: int, width: int) -> Item:
    snapshot, row = findings.snapshot, running.row
    role = Role(int(snapshot.role[row]))
    elapsed = max(0, now_ns - int(snapshot.start_ns[row]))
    phase = PHASE if width >= _WIDE else 0
    name = max(8, width - 4 - LANE - phase - ELAPSED - 2 - BAR - TIMES)
    inner = running.inner or ("" if role is Role.TEST else role.label)
    bits = [
        Bit(f" {MARKS[Outcome.RUNNING]} ", "success", bold=True),
        Bit(fit(sanitize(running.lane), LANE) + " ", "role-worker"),
        Bit(fit_middle(sanitize(snapshot.title(row)), name), f"role-{role.label}"),
        Bit((" " + fit(sanitize(inner), phase - 1))[:phase] if phase else "", "quiet"),
        Bit(units.duration(elapsed).rjust(ELAPSED) + "  ", bold=True),
        *_against(findings, row, role, elapsed),
    ]
    return Item(row, [bits], Door("waterfall", row))


def _against(findings: Findings, row: int, role: Role, elapsed: int) -> list[Bit]:
    """The bar: full at the longest it ever took; amber past its p95, red past its longest."""
    past = findings.history.past(role, int(findings.snapshot.title_id[row]))
    if past is None:
        return [Bit("no history".rjust(BAR), "quiet")]
    p50, p95, most = past.total
    colour = "outcome-failed" if elapsed > most else "warning" if elapsed > p95 else f"role-{role.label}"
    filled = min(BAR, max(1, elapsed * BAR // max(1, most)))
    usual = elapsed / max(1, p50)
    times = f"{usual:.0f}x" if usual >= 9.95 else f"{usual:.1f}x"
    late = [Bit(times.rjust(TIMES - 1), colour, bold=True)] if elapsed > p95 else []
    return [Bit("█" * filled, colour), Bit("░" * (BAR - filled), "scroll-thumb"), *late]
