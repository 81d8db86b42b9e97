"""The mode Lanes: which worker did what when, stalls, and how far from ideal the run was."""

from collections.abc import Sequence

from textual import events, on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message

from tracetui.analysis.lanes.lanes import Lanes
from tracetui.ui.frame.mode import ModeScreen
from tracetui.ui.lanes.draw_lane_facts import still_content, stop_content, sums_content
from tracetui.ui.lanes.draw_lane_longest import longest, longest_lines
from tracetui.ui.lanes.rows import LaneRows
from tracetui.ui.lanes.standing import Standing
from tracetui.ui.painting.auto_height_text import Told
from tracetui.ui.painting.kept_paint import KeptPaint
from tracetui.ui.timeline.timed import TimedScreen

MOST_LONGEST, LEAST_LONGEST = 40, 3
"""Lines; where there is no room for some there are none."""


class StillLines(Told):
    """The stalls and their causes: a click goes there."""

    DEFAULT_CSS = "StillLines { height: auto; max-height: 5; }"

    async def on_click(self, event: events.Click) -> None:
        """Go to the stall of a line."""
        await self.run_action(f"screen.still({event.y})")


class LongestLines(Told):
    """What took longest on the lane: a click goes there."""

    DEFAULT_CSS = "LongestLines { margin-top: 1; }"

    async def on_click(self, event: events.Click) -> None:
        """Go to the block or gap of a line; the first one is a title."""
        await self.run_action(f"screen.longest({event.y - 1})")


class Facts(VerticalScroll, KeptPaint, can_focus=False):
    """The part below the lanes: as much as there is room for, which depends on the number of lanes."""

    class Fitted(Message):
        """The room has changed."""

    def on_resize(self) -> None:
        """Post that the room has changed."""
        self.post_message(self.Fitted())


class LanesScreen(TimedScreen):
    """Lanes above; below them what is under the cursor, and sums over all lanes."""

    MODE = "lanes"
    DEFAULT_CSS = """
    LanesScreen LaneRows { height: 3; max-height: 60%; }
    LanesScreen #facts { height: 1fr; min-height: 4; padding: 0 2; border-top: solid $panel; }
    LanesScreen #sums { height: 3; padding: 0 2; background: $surface; border-top: solid $panel; }
    """

    _longest: Sequence[Standing] = ()
    _lanes: Lanes | None = None

    def body(self) -> ComposeResult:
        """The widgets between tabs and footer."""
        yield from self.above()
        yield LaneRows().data_bind(ModeScreen.reading)
        yield StillLines()
        with Facts(id="facts"):
            yield Told(id="stop")
            yield LongestLines()
        yield Told(id="sums")

    @property
    def timeline(self) -> LaneRows:
        """The lanes."""
        return self.query_one(LaneRows)

    def show(self, row: int) -> None:
        """Go to the lane of a span."""
        self.timeline.show(row)

    def on_mount(self) -> None:
        """Focus the lanes."""
        self.timeline.focus()

    def action_still(self, number: int) -> None:
        """Go to a stall."""
        self.timeline.go_to_still(number)

    @on(LaneRows.Found)
    def _found(self, message: LaneRows.Found) -> None:
        self._lanes = message.lanes
        self.timeline.styles.height = max(3, len(message.lanes.lanes))
        reading, lines = self.reading, self.query_one(StillLines)
        lines.display = bool(reading and reading.findings.overview.still)
        self.query_one("#sums").visible = bool(message.lanes.lanes)
        self._sum_up()

    def _sum_up(self) -> None:
        if self.reading and self._lanes:
            findings = self.reading.findings
            self.query_one(StillLines).put(still_content(findings, self.size.width))
            sums = sums_content(findings, self._lanes, self.size.width - 4)
            self.query_one("#sums", Told).put(sums)

    @on(LaneRows.Stopped)
    def _stopped(self, message: LaneRows.Stopped) -> None:
        facts = stop_content(
            message.reading.findings, message.lanes, message.lane, message.stop_at, self.size.width - 4
        )
        self.query_one("#stop", Told).put(facts)
        self._longest = [Standing(message.lane, stop) for stop in longest(message.lane.blocks, MOST_LONGEST)]
        room = self.query_one("#facts").size.height - len(facts.plain.splitlines()) - 2
        shown = self._longest[: max(0, room)] if room >= LEAST_LONGEST else []
        stops = [item.stop for item in shown]
        lines = longest_lines(message.reading.findings, message.lane, stops, self.size.width - 4)
        self.query_one(LongestLines).put(lines)

    def let_go(self) -> None:
        """Drop the lane too."""
        super().let_go()
        self._longest, self._lanes = (), None

    def action_longest(self, number: int) -> None:
        """Go to one of the longest blocks or gaps of the lane."""
        if 0 <= number < len(self._longest):
            self.timeline.go_to_stop(self._longest[number])

    def on_resize(self) -> None:
        """Fit the content to the new room."""
        super().on_resize()
        self._sum_up()

    @on(Facts.Fitted)
    def _fitted(self) -> None:
        self.timeline.stopped_again()
