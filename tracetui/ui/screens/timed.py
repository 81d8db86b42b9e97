"""A mode whose rows share a time axis: what the rows draw and what the axis shows always agree."""

from abc import abstractmethod

from textual import on

from tracetui.ui.screens.mode import ModeScreen
from tracetui.ui.widgets.axis import Axis
from tracetui.ui.widgets.timeline import Timeline


class TimedScreen(ModeScreen):
    """Base of the modes with an axis above a timeline."""

    @property
    @abstractmethod
    def timeline(self) -> Timeline:
        """The rows below the axis."""

    @on(Timeline.Drawn)
    def _drawn(self, message: Timeline.Drawn) -> None:
        self.query_one(Axis).show(message.ruler)

    @on(Axis.Dragged)
    def _dragged(self, message: Axis.Dragged) -> None:
        self.timeline.window = message.window
