"""A mode whose rows share a time axis: rows and what is above them always agree."""

from abc import abstractmethod

from textual import on
from textual.app import ComposeResult

from tracetui.ui.frame.mode import ModeScreen
from tracetui.ui.timeline.axis import Axis
from tracetui.ui.timeline.minimap import Minimap
from tracetui.ui.timeline.time_bar import TimeBar
from tracetui.ui.timeline.timeline import Timeline


class TimedScreen(ModeScreen):
    """Base class of the modes with a minimap and an axis above a timeline."""

    @property
    @abstractmethod
    def timeline(self) -> Timeline:
        """The rows below the axis."""

    def on_mount(self) -> None:
        """Set the axis as in the settings."""
        self.timeline.is_wall_clock = self.settings.axis == "wall"

    def above(self) -> ComposeResult:
        """The widgets above the rows."""
        yield Minimap()
        yield Axis()

    @on(Timeline.Drawn)
    def _drawn(self, message: Timeline.Drawn) -> None:
        self.query_one(Axis).show(message.ruler)
        self.query_one(Minimap).show(message.miniature)

    @on(Timeline.Repaint)
    def _repaint(self, message: Timeline.Repaint) -> None:
        self.timeline.repaint_now(*message.indexes)

    @on(Timeline.Marking)
    def _marking(self, message: Timeline.Marking) -> None:
        self.query_one(Axis).mark(message.cells)

    @on(TimeBar.Dragged)
    def _dragged(self, message: TimeBar.Dragged) -> None:
        if message.step:
            self.timeline.visit(message.window, message.step)
        else:
            self.timeline.visit_area(message.window)
