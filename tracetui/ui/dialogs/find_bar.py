"""The line in which to type what to find, with the number of matches."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from tracetui import units
from tracetui.analysis.query.search import Finds
from tracetui.ui.lists.line import Line


class FindBar(Horizontal):
    """Visible while searching."""

    DEFAULT_CSS = """
    FindBar { height: 1; background: $surface; }
    FindBar.off { display: none; }
    FindBar #slash { width: 3; color: $accent; text-style: bold; }
    FindBar #count { width: auto; padding: 0 1; color: $quiet; }
    """

    class Typed(Message):
        """The text to find has changed; it may be empty."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Done(Message):
        """Typing is done: the focus goes back."""

    def __init__(self) -> None:
        super().__init__(classes="off")

    def compose(self) -> ComposeResult:
        """The input, and the number of matches."""
        yield Static(" / ", id="slash", markup=False)
        yield Line(id="needle", select_on_focus=True)
        yield Static(id="count", markup=False)

    def open(self, needle: str) -> None:
        """Start typing."""
        self.remove_class("off")
        line = self.query_one(Line)
        with self.prevent(Input.Changed):
            line.value = needle
        line.focus()

    def show(self, finds: Finds | None, place: int, count: int) -> None:
        """Show what was found: the cursor is on match number `place` of `count`, 0 if it is on none."""
        if not self.is_mounted or (finds is None and self.has_class("off")):
            return
        line = self.query_one(Line)
        self.set_class(finds is None and not line.has_focus, "off")
        self.query_one("#count", Static).update(_counted(finds, place, count))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Typed(event.value))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Done())


def _counted(finds: Finds | None, place: int, count: int) -> Content:
    if finds is None:
        return Content.styled("names and attributes   esc: close", "$quiet")
    text = f"{units.count(place)} of {units.count(count)}" if place else f"{units.count(count)} found"
    reading = "" if finds.is_whole else f"   reading {units.share(finds.done / max(1, finds.total))}"
    return Content.assemble(
        (text, "bold" if count else "bold $warning"),
        (reading, "$warning"),
        ("   n: next  N: previous  esc: close", "$quiet"),
    )
