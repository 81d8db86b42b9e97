"""What the columns say of a span, in two lines."""

from textual.content import Content

from tracetui import units
from tracetui.analysis.overview.running import lane
from tracetui.analysis.study.findings import Findings
from tracetui.model.role import Outcome, Role
from tracetui.report.drawing.style import MARKS, clock_badge, skew_badge
from tracetui.text import sanitize
from tracetui.ui.waterfall.draw_columns import end_time, own_time


def summary_content(findings: Findings, row: int, now_ns: int) -> Content:
    """What the columns say of a row, in two lines."""
    snapshot = findings.snapshot
    total = max(0, end_time(findings, row, now_ns) - int(snapshot.start_ns[row]))
    role, outcome = Role(int(snapshot.role[row])), Outcome(int(snapshot.outcome[row]))
    title = Content.assemble(
        (f"{role.label} ", f"$role-{role.label}"),
        (sanitize(snapshot.title(row)), "bold"),
        (f"  {MARKS[outcome]} {outcome.label.replace('_', ' ')}", f"bold $outcome-{outcome.label}"),
    )
    facts = [
        ("own", units.duration(own_time(findings, row, now_ns))),
        ("total", units.duration(total)),
        ("self", units.duration(int(findings.times.self_[row]))),
    ]
    facts += [("started", units.moment(int(snapshot.start_ns[row])))] if findings.has_place(row) else []
    facts += [("clock", skew_badge(findings, row))] if skew_badge(findings, row) else []
    worker = sanitize(lane(snapshot, findings.tree, row))
    facts += [("lane", worker)] if worker else []
    facts = [("", clock_badge(findings, row))] if findings.clock(row) else facts
    times = Content("   ").join(Content.assemble((f"{name} ", "$quiet"), value) for name, value in facts)
    return Content("\n").join([title, times])
