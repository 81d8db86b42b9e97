"""The critical path as a row below the lanes, and its longest segments in words."""

from tracetui import units
from tracetui.report.deciding.critical_path import NEVER_SAVED, PathValue, Step, name
from tracetui.report.html.markup import Markup, fitting, joined, tag
from tracetui.report.html.tables import Column, table
from tracetui.report.html.timeline.axis import Axis, hint

MOST_SEGMENTS, MOST_TOLD = 1500, 8
ROOM = 300_000
ROW_PX, TOP_PX, BAR_PX = 22, 6, 10
_CLASSES = {
    "test": "role-test",
    "fixture": "role-hook",
    "hook": "role-hook",
    "derived hook": "role-hook",
    "archiver": "role-archiver",
    "collection": "role-suite",
    "worker start": "role-worker",
    "stalled": "warning-bar",
}

_COLUMNS = (
    Column("longest segments"),
    Column("kind"),
    Column("lane", "wide"),
    Column("from", "number wide"),
    Column("time", "number"),
    Column("share", "number"),
)


def path_row(path: PathValue, axis: Axis) -> Markup | None:
    """A row of the lanes' table, or None if there is no path."""
    if not path.steps:
        return None
    longest = sorted(path.steps, key=lambda step: -step.length_ns)[:MOST_SEGMENTS]
    bars, _ = fitting((_bar(path, step, axis) for step in longest), ROOM)
    chart = axis.track(bars, height=ROW_PX, label="the critical path")
    return tag(
        "tr",
        tag("th", "critical path", scope="row", class_="name quiet"),
        tag("td", units.duration(path.total_ns), class_="number quiet"),
        tag("td", class_="number wide"),
        tag("td", class_="number wide"),
        tag("td", chart, class_="time"),
        class_="path",
    )


def _bar(path: PathValue, step: Step, axis: Axis) -> Markup:
    kind = _CLASSES.get(step.kind, "role-other")
    where = f'{axis.bar(step.start_ns, step.end_ns)} y="{TOP_PX}" height="{BAR_PX}"'
    since = units.duration(step.start_ns - path.start_ns)
    title = hint(name(step), f"{step.kind} on {step.lane}", f"{units.duration(step.length_ns)}, from {since}")
    return Markup(f'<rect class="{kind}" {where}>{title}</rect>')


def path_words(path: PathValue) -> Markup | None:
    """Where most of it was spent, or None."""
    if not path.steps:
        return None
    longest = sorted(path.steps, key=lambda step: (-step.length_ns, step.start_ns))[:MOST_TOLD]
    rows = [
        (
            name(step),
            step.kind,
            step.lane,
            units.duration(step.start_ns - path.start_ns),
            units.duration(step.length_ns),
            units.share(step.length_ns / max(1, path.total_ns)),
        )
        for step in longest
    ]
    whole = f"{units.many(len(path.steps), 'segment')}, {units.duration(path.total_ns)}"
    note = tag("p", " ".join(NEVER_SAVED), class_="note")
    return joined((tag("summary", f"Critical path: {whole}"), table(_COLUMNS, rows), note))
