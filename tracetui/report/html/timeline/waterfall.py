"""The waterfall: spans as a tree, failed and longest ones preferred, a bar for each on the run's axis."""

from collections.abc import Iterator

from tracetui import units
from tracetui.model.role import OUTCOMES, ROLES, Outcome, Role
from tracetui.report import selection
from tracetui.report.drawing.palettes import bar_name
from tracetui.report.drawing.style import MARKS, QUIET_WHEN_PASSED, clock_words
from tracetui.report.html.contents import Contents
from tracetui.report.html.markup import Markup, fitting, joined, tag, text
from tracetui.report.html.timeline.axis import Axis, ended_words, hint
from tracetui.report.spans import SpanRow, value

MOST_ROWS, MOST_DEPTH, TAIL = 60, 8, 18
ROOM = 400_000
ROW_PX, TOP_PX, BAR_PX = 22, 6, 10


def waterfall_chart(contents: Contents) -> Markup:
    """A table for each axis: runs that are far apart have one each."""
    rows = selection.page(contents.findings, MOST_ROWS, lens=contents.lens)
    tree = value(contents.findings, rows, contents.lens)
    room, shown = ROOM, 0
    tables = []
    spans = list(tree.rows)
    for place, window in enumerate(tree.axes):
        some = [row for row in spans if row.axis == place]
        if some:
            axis = Axis("run", contents.window) if len(tree.axes) == 1 else Axis(f"spans{place}", window)
            lines, count = fitting((_row(row, axis) for row in some), room)
            room, shown = room - len(lines.encode()), shown + count
            began = f"from {units.moment(window.start_ns)}" if len(tree.axes) > 1 else "span"
            tables.append(_table(axis, lines, began))
    more = tree.more + len(spans) - shown
    note = f"{units.many(more, 'more span')} left out: what went wrong and what took longest is shown."
    return joined((*tables, tag("p", note, class_="note") if more else None))


def _table(axis: Axis, rows: Markup, title: str) -> Markup:
    titles = ((title, "name"), ("own", "number wide"), ("total", "number"))
    head = (tag("th", name, scope="col", class_=kind) for name, kind in titles)
    ruler = tag("th", axis.ruler(), scope="col", class_="time")
    return tag("table", tag("thead", tag("tr", *head, ruler)), tag("tbody", rows), class_="chart waterfall")


def _row(row: SpanRow, axis: Axis) -> Markup:
    role, outcome = ROLES[row.role], OUTCOMES[row.outcome]
    own, total = units.duration(row.own_ns), units.duration(row.duration_ns)
    label = tag("div", *_label(row, role, outcome), class_="fit")
    return tag(
        "tr",
        tag("th", label, scope="row", class_=f"name d{min(row.depth, MOST_DEPTH)}"),
        tag("td", own, class_="number wide"),
        tag("td", total, class_="number"),
        tag("td", _bar(row, axis, role, outcome), class_="time"),
    )


def _label(row: SpanRow, role: Role, outcome: Outcome) -> Iterator[Markup | str]:
    """Its outcome, its role, its title, and the number of spans below it that are left out."""
    if outcome is not Outcome.PASSED or role not in QUIET_WHEN_PASSED:
        yield mark(outcome)
    if role not in (Role.OTHER, Role.TEST):
        yield tag("span", f"{role.label} ", class_=f"word role-{role.label}")
    yield _cut_in_the_middle(f"{row.title} {row.apart}" if row.apart else row.title)
    if row.service:
        yield tag("span", f" {row.service}", class_="quiet")
    if row.unseen:
        yield tag("span", f" +{units.count(row.unseen)}", class_="quiet")


def _cut_in_the_middle(name: str) -> Markup:
    """A name that keeps its end if there is little room: names of tests differ there."""
    safe = text(name)
    if "&" in safe or len(safe) < TAIL + 8:
        return tag("span", safe, class_="start")
    start, end = Markup(safe[:-TAIL]), Markup(safe[-TAIL:])
    return joined((tag("span", start, class_="start"), tag("span", end)))


def mark(outcome: Outcome) -> Markup | str:
    """The mark of an outcome, distinct by shape as well as by colour."""
    shape = MARKS[outcome].strip()
    word = outcome.label.replace("_", " ")
    if not shape:
        return ""
    return tag("span", shape, class_=f"mark outcome-{outcome.label}", title=word, role="img", aria_label=word)


def _bar(row: SpanRow, axis: Axis, role: Role, outcome: Outcome) -> Markup:
    if row.clock:
        return tag(
            "span",
            clock_words(row.clock, row.start_ns, row.end_ns or 0, relative=row.relative),
            class_="warning",
        )
    start, end = row.bar_ns
    since = units.duration(start - axis.window.start_ns)
    title = hint(
        row.title,
        ended_words(role, outcome),
        f"{units.duration(row.duration_ns)}, own {units.duration(row.own_ns)}",
        f"from {since}",
    )
    where = f'{axis.bar(start, end)} y="{TOP_PX}" height="{BAR_PX}"'
    shape = Markup(f'<rect class="{bar_name(role, outcome)} least" {where} rx="1">{title}</rect>')
    return axis.track(
        shape, height=ROW_PX, label=f"{row.title}: {units.duration(row.duration_ns)} from {since}"
    )
