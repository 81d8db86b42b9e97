"""The history of one test: a strip for each suite and variant, and its change points."""

from collections.abc import Sequence

from rich.segment import Segment
from textual.strip import Strip

from tracetui import units
from tracetui.analysis.history.change_points import Trend
from tracetui.report.deciding.history import few_words, since_words, step_words
from tracetui.text import Safe, fit, fit_middle, sanitize
from tracetui.ui.fleet.answers import OneTest
from tracetui.ui.history.draw_history_row import change_colour, strip
from tracetui.ui.theme.themes import Paint

MARGIN, GAP, LAST = 2, 2, 9
LEAST_STRIP = 12


def trend_lines(
    name: str, one: OneTest | None, why: Safe, cells: int, lines: int, paint: Paint
) -> list[Strip]:
    """The full name, then as many trends with their changes as there is room for; the rest is counted. If
    there are none, `why`.
    """
    plain, quiet = paint.style("foreground", "surface", bold=True), paint.style("quiet", "surface")
    room = max(1, cells - 2 * MARGIN)
    drawn = [[Segment(fit_middle(sanitize(name), room), plain)]]
    if one is None:
        drawn.append([Segment(fit(why, room) if name else "", quiet)])
    elif not one.history.rows:
        drawn.append([Segment("no history: it never passed in these runs", quiet)])
    else:
        drawn += _trends(one, room, lines - 1, paint)
    return [
        Strip([Segment(" " * MARGIN, quiet), *segments]).adjust_cell_length(cells, quiet)
        for segments in drawn
    ]


def _trends(one: OneTest, room: int, lines: int, paint: Paint) -> list[list[Segment]]:
    quiet = paint.style("quiet", "surface")
    blocks = [_trend(one, trend, room, paint) for trend in one.history.rows]
    shown: list[list[Segment]] = []
    for place, block in enumerate(blocks):
        left = len(blocks) - place
        if len(shown) + len(block) + (left > 1) > lines:
            return [*(shown or block[: lines - 1]), [Segment(f"… {units.many(left, 'trend')} more", quiet)]]
        shown += block
    return shown


def _trend(one: OneTest, trend: Trend, room: int, paint: Paint) -> list[list[Segment]]:
    """A strip with its last value, and a line for each change, the last first."""
    quiet, plain = paint.style("quiet", "surface"), paint.style("foreground", "surface")
    job = sanitize(" ".join(filter(None, (trend.table.suite, trend.table.job))))
    is_labelled = job and len(one.history.rows) > 1
    label = fit_middle(job, max(8, min(40, room // 4))) + " " * GAP if is_labelled else ""
    cells = max(LEAST_STRIP, room - len(label) - LAST - 2 * GAP - 8)
    head = [
        Segment(label, quiet),
        *strip(trend, cells, paint, "surface"),
        Segment(f"{' ' * GAP}{units.duration(trend.last_ns):>{LAST}}", plain),
    ]
    return [head, *_said(one, trend, room, paint)]


def _said(one: OneTest, trend: Trend, room: int, paint: Paint) -> Sequence[list[Segment]]:
    if not trend.changes:
        said = few_words(trend.n) if trend.too_few else f"no change in {units.many(trend.n, 'run')}"
        return [[Segment(fit(Safe(said), room), paint.style("quiet", "surface"))]]
    lines = []
    for change in reversed(trend.changes):
        text = f"{sanitize(since_words(one.history.heads[change.run]))}  {step_words(change)}"
        style = paint.style(change_colour(change), "surface")
        lines.append([Segment(fit(Safe(text), room), style)])
    return lines
