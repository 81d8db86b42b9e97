"""Time on a page: positions in percent of a window, so that a browser may widen, zoom and print it."""

from typing import NamedTuple

from tracetui import units
from tracetui.analysis.timeline.window import Window
from tracetui.model.role import Outcome, Role
from tracetui.report.drawing.style import MARKS
from tracetui.report.html.markup import Markup, tag, text

MOST_TICKS = 8
RULER_PX = 22


class Axis(NamedTuple):
    """A window of time; everything on axes of the same `name` zooms together."""

    name: str
    window: Window

    def place(self, ns: int) -> str:
        """The position of a moment in percent: `12.34567`."""
        part = 100 * (min(max(ns, self.window.start_ns), self.window.end_ns) - self.window.start_ns)
        return _short(part / self.window.length)

    def bar(self, start_ns: int, end_ns: int) -> Markup:
        """The attributes of a bar from one moment to another."""
        left, right = self.place(start_ns), self.place(end_ns)
        return Markup(f'x="{left}%" width="{_short(float(right) - float(left))}%"')

    def ruler(self) -> Markup:
        """The labels of the axis, relative to its start."""
        length = self.window.length
        step = units.axis_step(length, MOST_TICKS)
        ticks = [
            Markup(f'<text x="{self.place(self.window.start_ns + at)}%" y="15">{units.tick(at, step)}</text>')
            for at in units.ticks(0, length, MOST_TICKS)
            if at <= 0.96 * length
        ]
        return tag(
            "svg",
            *ticks,
            class_="ruler",
            height=RULER_PX,
            width="100%",
            data_axis=self.name,
            data_length=length,
            aria_hidden="true",
        )

    def track(self, *drawn: Markup, height: int, label: str) -> Markup:
        """A row of the axis: what is drawn on it, clipped at both ends."""
        inner = tag("svg", *drawn, class_="zoom", width="100%", height=height, data_axis=self.name)
        return tag("svg", inner, class_="track", width="100%", height=height, role="img", aria_label=label)


def hint(*lines: str) -> Markup:
    """The tooltip of a bar: one item per line, foreign text."""
    return Markup(f"<title>{'&#10;'.join(text(line) for line in lines if line)}</title>")


def ended_words(role: Role, outcome: Outcome) -> str:
    """The role of a span, and its outcome if known: `test ✗ failed`."""
    if outcome is Outcome.UNKNOWN:
        return role.label
    return f"{role.label} {MARKS[outcome]} {outcome.label.replace('_', ' ')}"


def _short(percent: float) -> str:
    return f"{percent:.5f}".rstrip("0").rstrip(".")
