"""The filter line: the active filter and how much it hides; while it is typed, completions and errors."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from tracetui.analysis.query.filters.completion import Completion, complete, settled
from tracetui.analysis.query.filters.errors import FilterError
from tracetui.ui.dialogs.draw_filter_line import counts_content, hints_content
from tracetui.ui.feed.reading import Reading
from tracetui.ui.lists.line import Line


class FilterBar(Vertical):
    """Visible while a filter is active or typed; a click on it edits."""

    BINDINGS: ClassVar = [
        Binding("tab", "complete", "Complete", show=False),
        Binding("down", "choose(1)", "Next completion", show=False),
        Binding("up", "choose(-1)", "Previous completion", show=False),
        Binding("escape", "cancel", "Cancel", show=False),
    ]
    DEFAULT_CSS = """
    FilterBar { height: auto; background: $surface; }
    FilterBar.off { display: none; }
    FilterBar Horizontal { height: 1; }
    FilterBar #label { width: 8; color: $accent; text-style: bold; }
    FilterBar #counts { width: auto; padding: 0 1; color: $quiet; }
    FilterBar #hints { height: auto; max-height: 9; display: none; background: $panel; }
    FilterBar.editing #hints { display: block; }
    """

    class Typed(Message):
        """The typed filter has changed."""

        def __init__(self, bar: "FilterBar", text: str) -> None:
            super().__init__()
            self.bar = bar
            self.text = text

    class Done(Message):
        """Typing is done: the focus goes back."""

    def __init__(self) -> None:
        super().__init__(classes="off")
        self._before = ""
        self._error: FilterError | None = None
        self._words: Mapping[str, Sequence[str]] = {}
        self._completions: Sequence[Completion] = ()
        self._chosen = 0

    def compose(self) -> ComposeResult:
        """The input, the counts, and the completions."""
        with Horizontal():
            yield Static(" filter ", id="label", markup=False)
            yield Line(id="filter", placeholder="role:test outcome:failed dur>2s name~core not lane:gw1")
            yield Static(id="counts", markup=False)
        yield Static(id="hints", markup=False)

    @property
    def line(self) -> Line:
        """The input."""
        return self.query_one(Line)

    def open(self, text: str) -> None:
        """Start typing."""
        self._before = text
        self.put(text)
        self.remove_class("off")
        self.line.focus()

    def put(self, text: str) -> None:
        """Show a filter that was not typed here."""
        with self.prevent(Input.Changed):
            self.line.value = text
        self.line.cursor_position = len(text)
        self.set_class(not text, "off")

    def show(self, text: str, reading: Reading) -> None:
        """Show the counts of the active filter for a reading."""
        if not self.is_mounted or (not text and self.has_class("off")):
            return  # A screen that is still being put together shows it with its first reading.
        if not self.has_class("editing") and self.line.value != text:
            self.put(text)
        self.query_one("#counts", Static).update(counts_content(reading))

    def progress(self, done: int, total: int) -> None:
        """Show the progress of a scan through all bytes."""
        for counts in self.query("#counts").results(Static):
            counts.update(Content.styled(f"reading {100 * done // max(1, total)}%", "$warning"))

    def know(self, words: Mapping[str, Sequence[str]]) -> None:
        """Take over the values that occur, for completions."""
        self._words = words
        if self.is_mounted:
            self._suggest()

    def mistaken(self, error: FilterError | None) -> None:
        """Show what is wrong with the typed filter."""
        self._error = error
        if self.is_mounted:
            self._hint()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._chosen = 0
        self.post_message(self.Typed(self, settled(event.value)))
        self._suggest()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Typed(self, event.value))
        if self._error is None:
            self.post_message(self.Done())

    def on_descendant_focus(self, _event: events.DescendantFocus) -> None:
        """Typing begins."""
        self.add_class("editing")
        self._suggest()

    def on_descendant_blur(self, _event: events.DescendantBlur) -> None:
        """Typing has ended: an invalid filter is replaced by the last valid one."""
        self.remove_class("editing")
        if self._error:
            self.put(self._before)
            self.post_message(self.Typed(self, self._before))
        self.set_class(not self.line.value.strip(), "off")

    def _suggest(self) -> None:
        at_end = self.line.cursor_position >= len(self.line.value)
        self._completions = complete(self.line.value, self._words) if at_end else ()
        self._chosen = min(self._chosen, max(0, len(self._completions) - 1))
        self._hint()

    def _hint(self) -> None:
        content = hints_content(self._completions, self._chosen, self._error, self.size.width)
        self.query_one("#hints", Static).update(content)

    def action_choose(self, step: int) -> None:
        """Choose another completion."""
        if self._completions:
            self._chosen = (self._chosen + step) % len(self._completions)
            self._hint()

    def action_complete(self) -> None:
        """Insert the chosen completion."""
        if self._completions:
            chosen = self._completions[self._chosen]
            self.line.value = self.line.value[: chosen.begin] + chosen.text
            self.line.cursor_position = len(self.line.value)

    def action_cancel(self) -> None:
        """Restore the filter as it was before."""
        self.put(self._before)
        self.post_message(self.Typed(self, self._before))
        self.post_message(self.Done())
