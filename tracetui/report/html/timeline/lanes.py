"""The lanes: a row for each worker with its numbers; below, the critical path."""

from collections.abc import Iterator

from tracetui import units
from tracetui.report.html.contents import Contents
from tracetui.report.html.markup import Markup, fitting, joined, tag
from tracetui.report.html.timeline.axis import Axis
from tracetui.report.html.timeline.lane_bars import (
    ROW_PX,
    Drawn,
    derived_bars,
    lane_bars,
    longest,
)
from tracetui.report.html.timeline.path import path_row
from tracetui.report.lanes import ELAPSED, INFERRED, LaneRow, began_words, busy, clock_words
from tracetui.report.still import cost_words, stall_words

MOST_LANES = 64
ROOM = 1_900_000
"""So many bytes for the rows of all lanes."""
_HEAD = (("lane", "name"), ("busy", "number"), ("tests", "number wide"), ("gap", "number wide"))
_LEGEND = {
    "role-test": "test",
    "role-hook": "hook",
    "role-archiver": "archiving",
    "outcome-failed": "failed",
    "idle": "idle",
    "stalled": "stalled",
}


def lanes_chart(contents: Contents) -> Markup:
    """The whole chart; a line if there are no lanes."""
    value = contents.lane_rows
    if not value.rows:
        return tag("p", "No lanes: there are no tests, hooks or archivers here.", class_="note")
    axis = _axis(contents)
    drawn = longest(contents.findings, contents.lanes)
    rows, shown = fitting(_rows(contents, axis, drawn), ROOM)
    titles = [tag("th", name, scope="col", class_=kind) for name, kind in _HEAD]
    head = tag("tr", *titles, tag("th", axis.ruler(), scope="col", class_="time"))
    body = tag("tbody", rows, path_row(contents.path, axis) if axis.name == "run" else None)
    table = tag("table", tag("thead", head), body, class_="chart lanes")
    notes = [*_left_out(drawn, len(value.rows) - shown), *_remarks(contents)]
    return joined((*_stalls(contents), _legend(), table, *(tag("p", note, class_="note") for note in notes)))


def _axis(contents: Contents) -> Axis:
    """The axis of the whole run, unless each lane is drawn from the start of its own shard."""
    lanes = contents.lanes
    return Axis("lanes", lanes.axis) if lanes.is_elapsed else Axis("run", contents.window)


def _rows(contents: Contents, axis: Axis, drawn: Drawn) -> Iterator[Markup]:
    findings, lanes = contents.findings, contents.lanes
    derived = derived_bars(findings, lanes, axis, drawn)
    pairs = zip(lanes.lanes[:MOST_LANES], contents.lane_rows.rows, strict=False)
    for number, (lane, row) in enumerate(pairs):
        bars = lane_bars(findings, lane, axis, drawn, derived.get(number, ()))
        label = f"{row.name}: {units.share(busy(row))} busy, {units.many(row.tests, 'test')}"
        began = f" {began_words(row.start_ns, row.shift_ns)}" if lanes.is_elapsed else ""
        yield tag(
            "tr", *_cells(row, began), tag("td", axis.track(*bars, height=ROW_PX, label=label), class_="time")
        )


def _cells(row: LaneRow, began: str) -> Iterator[Markup]:
    after = tag("span", began, class_="quiet") if began else None
    yield tag("th", row.name + INFERRED * row.packed, after, scope="row", class_="name")
    numbers = (units.share(busy(row)), units.count(row.tests), units.duration(row.gap_ns))
    for number, (_, kind) in zip(numbers, _HEAD[1:], strict=True):
        yield tag("td", number, class_=kind)


def _stalls(contents: Contents) -> Iterator[Markup]:
    """A line for each stall: its cause and its cost."""
    for stall in contents.stalls:
        happened, why = stall_words(stall, contents.lane_rows.run_start_ns)
        yield tag("p", tag("b", happened), f": {why}{cost_words(stall)}", class_="warning said")


def _legend() -> Markup:
    parts = (tag("li", tag("i", class_=f"swatch {name}"), word) for name, word in _LEGEND.items())
    return tag("ul", *parts, class_="legend")


def _left_out(drawn: Drawn, lanes: int) -> Iterator[str]:
    (bars, blocks), (inner, inside) = drawn.blocks, drawn.inside
    if bars < blocks:
        of = f"{units.count(bars)} of {units.many(blocks, 'block')}"
        yield f"Bars: what failed and the longest, {of}; areas: the others, as high as they are dense."
    if inner < inside:
        yield f"Inside of these, the longest {units.count(inner)} of {units.count(inside)} hooks are bars."
    if lanes:
        yield f"{units.many(lanes, 'more lane')} left out (tracetui lanes shows all)."


def _remarks(contents: Contents) -> Iterator[str]:
    sums, rows = contents.lane_rows.sums, contents.lane_rows.rows
    best = f"Best case {units.duration(sums.floor_ns)}: the same work spread evenly over {sums.at_once} lanes"
    if sums.imbalance_ns >= units.MS:
        best += f". Imbalance {units.duration(sums.imbalance_ns)}, last to finish {sums.long_pole}"
    if contents.lens is None:
        yield best + "."
    if any(row.packed for row in rows):
        yield "* no worker names: lanes inferred from timing."
    if contents.lanes.is_elapsed:
        yield f"+ {ELAPSED}."
    for row in rows:
        if row.clock_offset_ns:
            yield f"~ {clock_words(row.name, row.clock_offset_ns)}"
