"""What is running now, a line per lane, in sight whatever the reader looks at below."""

from textual import events
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tracetui import units
from tracetui.analysis.running import Running
from tracetui.model.role import Role
from tracetui.text import fit, fit_middle, sanitize
from tracetui.ui.reading import Reading, SpanChosen

MOST_LINES = 6
LANE_WIDTH = 8
INNER_WIDTH = 16
ELAPSED_WIDTH = 9


class RunningNow(Widget):
    """As many lines as were ever needed at once, so that nothing below jumps; hidden when all has ended."""

    DEFAULT_CSS = """
    RunningNow { height: auto; background: $surface; }
    RunningNow.idle { display: none; }
    """

    reading: reactive[Reading | None] = reactive(None)

    def __init__(self) -> None:
        super().__init__(classes="idle")
        self._lines = 0

    def on_mount(self) -> None:
        """Elapsed times go on by themselves."""
        self.set_interval(0.2, self._tick)

    def _tick(self) -> None:
        if not self.has_class("idle"):
            self.refresh()

    def watch_reading(self, reading: Reading | None) -> None:
        """More lanes make more lines; fewer do not."""
        live = reading is not None and reading.findings.summary.state == "live"
        running = reading.findings.running if reading and live else ()
        lines = max(self._lines, min(len(running), MOST_LINES)) if live else 0
        if lines != self._lines:
            self._lines = lines
            self.styles.height = lines
        self.set_class(lines == 0, "idle")

    def render(self) -> Content:
        """The lines."""
        if self.reading is None:
            return Content("")
        running = self.reading.findings.running
        now = self.reading.now_ns()
        shown = running if len(running) <= MOST_LINES else running[: MOST_LINES - 1]
        lines = [self._line(each, now) for each in shown]
        if len(shown) < len(running):
            lines.append(Content.styled(f"   … {len(running) - len(shown)} more running", "$quiet"))
        return Content("\n").join(lines)

    def _line(self, running: Running, now_ns: int) -> Content:
        assert self.reading is not None
        snapshot = self.reading.findings.snapshot
        role = Role(int(snapshot.role[running.row]))
        elapsed = units.duration(max(0, now_ns - int(snapshot.start_ns[running.row])))
        room = self.size.width - 4 - LANE_WIDTH - INNER_WIDTH - ELAPSED_WIDTH
        return Content.assemble(
            (" ▶ ", "bold $success"),
            (fit(sanitize(running.lane), LANE_WIDTH), f"$role-{Role.WORKER.label}"),
            (fit_middle(sanitize(snapshot.title(running.row)), room), f"$role-{role.label}"),
            (" " + fit(sanitize(running.inner), INNER_WIDTH), "$quiet"),
            (elapsed.rjust(ELAPSED_WIDTH), "bold"),
        )

    async def on_click(self, event: events.Click) -> None:
        """A line leads to its span."""
        running = self.reading.findings.running if self.reading else ()
        if event.y < len(running):
            self.post_message(SpanChosen(running[event.y].row))
