"""One row of the waterfall: cursor, fold, role, title, outcome, columns, bar; or a group of siblings."""

from collections.abc import Iterable
from functools import lru_cache

from rich.segment import Segment
from textual.strip import Strip

from tracetui import units
from tracetui.analysis.jobs.services import NO_SERVICE
from tracetui.analysis.waterfall.sibling_groups import Group
from tracetui.model.role import Outcome, Role
from tracetui.report.drawing.style import MARKS
from tracetui.text import NOTHING_SHARED, Safe, Shared, fit_name, sanitize
from tracetui.ui.theme.hung_marks import MARK, hung_colour
from tracetui.ui.timeline.draw_bar_area import group_area, span_area
from tracetui.ui.timeline.draw_stalls import with_stalls
from tracetui.ui.waterfall.draw_columns import Numbers, cell_text, numbers
from tracetui.ui.waterfall.draw_frame import Frame

DEEPEST_INDENT = 20
_WORDS = frozenset({Role.HOOK, Role.ARCHIVER})
"""Roles that stand before a title; colour, mark and place in the tree tell the others."""
_COLOURED = frozenset({Role.SUITE, Role.WORKER})
"""Roles whose titles have their colour."""


@lru_cache(maxsize=16384)
def _title(foreign: str, cells: int, common: Shared) -> Safe:
    """The title; the common prefix is dropped if not all titles would fit at this level."""
    return fit_name(sanitize(foreign), cells, common)


def fold_column(frame: Frame, node: int) -> int:
    """The cell of a node's fold mark; the role is right of it."""
    return 1 + min(frame.indent * int(frame.outline.tree.depth[node]), DEEPEST_INDENT, frame.name_width - 14)


def node_row(frame: Frame, index: int, *, selected: bool) -> Strip:
    """The row at `index` of the outline, `frame.width` cells wide."""
    node = frame.outline.node(index)
    made = _span_row if node >= 0 else _group_row
    return Strip(made(frame, node, selected=selected), frame.width)


def _span_row(frame: Frame, row: int, *, selected: bool) -> list[Segment]:
    findings = frame.findings
    role, outcome = Role(int(findings.snapshot.role[row])), Outcome(int(findings.snapshot.outcome[row]))
    head = _head(frame, row, role, "", findings.title(row), selected=selected)
    alarm = frame.hung.get(row)
    colour = hung_colour(alarm) if alarm else f"outcome-{outcome.label}"
    mark = MARK if alarm else MARKS[outcome]
    values = numbers(findings, row, frame.now_ns, frame.shown_columns)
    return [
        *head,
        Segment(f"{_path_mark(frame, row)}{mark}", frame.style(colour, selected=selected, bold=True)),
        *_columns(frame, values, frame.bar_colour(row, role, Outcome.UNKNOWN), selected=selected),
        *_area(frame, row, span_area(frame, row, selected=selected), selected=selected),
    ]


def _area(frame: Frame, row: int, bars: Iterable[Segment], *, selected: bool) -> Iterable[Segment]:
    """The bars of a row, or of a group with that row; nothing if it has no place on the axis."""
    if frame.findings.has_place(row):
        return with_stalls(frame, bars, selected=selected)
    return [Segment(" " * (frame.bar_width + 1), frame.style("background", selected=selected))]


def _path_mark(frame: Frame, row: int) -> str:
    """A shape for the critical path before the mark of an outcome: it does not depend on colour."""
    return " " if frame.path is None or frame.is_dim(row) else frame.glyphs.event


def _group_row(frame: Frame, node: int, *, selected: bool) -> list[Segment]:
    findings, group = frame.findings, frame.group(node)
    role = Role(int(findings.snapshot.role[group.rows[0]]))
    count = f"{units.count(len(group.rows))} {frame.glyphs.times} "
    self_ns = int(findings.times.self_[group.rows].sum()) if len(group.rows) < 10_000 else group.own_ns
    values = Numbers(group.own_ns, self_ns, group.total_ns, group.span_ns[0], service=_service(frame, group))
    return [
        *_head(frame, node, role, count, group.pattern, selected=selected),
        Segment("  ", frame.style("background", selected=selected)),
        *_columns(frame, values, frame.group_colour(group, role), selected=selected),
        *_area(frame, group.rows[0], group_area(frame, group, role, selected=selected), selected=selected),
    ]


def _head(frame: Frame, node: int, role: Role, count: str, title: str, *, selected: bool) -> list[Segment]:
    """The column of names without its last two cells."""
    cursor = frame.glyphs.cursor if selected else " "
    head = [
        Segment(cursor, frame.style("accent", selected=selected)),
        Segment(_fold(frame, node) + count, frame.style("quiet", selected=selected)),
    ]
    if role in _WORDS:
        head.append(Segment(f"{role.label} ", frame.style(f"role-{role.label}", selected=selected)))
    used = sum(len(segment.text) for segment in head)
    room = frame.name_width - used - 2
    colour = f"role-{role.label}" if role in _COLOURED else "foreground"
    colour = "quiet" if node >= 0 and frame.is_dim(node) else colour
    plain = frame.style(colour, selected=selected, bold=selected)
    if room < 0:
        head[-1] = Segment(head[-1].text[:room], head[-1].style)
    common = frame.arrangement.names if role is Role.TEST else NOTHING_SHARED
    return [*head, Segment(_title(title, room, common), plain)]


def _service(frame: Frame, group: Group) -> str:
    """The service of a group, if it has one."""
    number = frame.services.shared(frame.findings.snapshot, group.rows) if frame.services else NO_SERVICE
    return frame.services.names[number] if frame.services and number != NO_SERVICE else ""


def _columns(frame: Frame, values: Numbers, service: str, *, selected: bool) -> list[Segment]:
    """The texts of the columns; that of the service in the colour `service`, if services have colours."""
    styles = {"own": frame.style("foreground", selected=selected, bold=selected)}
    if frame.services:
        styles["service"] = frame.style(service, selected=selected)
    quiet = frame.style("quiet", selected=selected)
    segments = [
        Segment(cell_text(column, values, frame.findings), styles.get(column.name, quiet))
        for column in frame.shown_columns
    ]
    return [*segments, Segment("  ", quiet)]


def _fold(frame: Frame, node: int) -> str:
    indent = " " * (fold_column(frame, node) - 1)
    if not frame.outline.can_fold(node):
        return indent + "  "
    return indent + (frame.glyphs.folded if frame.outline.is_folded(node) else frame.glyphs.unfolded) + " "
