"""An input for a text that names must contain; rows are filtered with each letter."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from tracetui import units
from tracetui.ui.keys.key import bindings
from tracetui.ui.keys.mode_keys import NARROWING


class Narrowing(Horizontal):
    """Hidden until it is needed; escape clears and hides it, enter keeps it visible."""

    BINDINGS = bindings(NARROWING)
    DEFAULT_CSS = """
    Narrowing { height: 1; display: none; background: $surface; padding: 0 1; }
    Narrowing.on { display: block; }
    Narrowing #mark { width: 2; color: $accent; text-style: bold; }
    Narrowing Input { width: 1fr; background: $surface; }
    Narrowing #told { width: auto; color: $quiet; }
    """

    class Typed(Message):
        """The text has changed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Done(Message):
        """Typing is done: the focus goes back to the rows."""

    def compose(self) -> ComposeResult:
        """A mark, the input, and the number of rows."""
        yield Static("&", id="mark", markup=False)
        field = Input(compact=True)
        field.cursor_blink = False
        yield field
        yield Static(id="told", markup=False)

    def begin(self) -> None:
        """Take the focus."""
        self.add_class("on")
        self.query_one(Input).focus()

    def tell(self, rows: int, hidden: int) -> None:
        """Show how many rows are shown, and how many are hidden."""
        text = f"{units.count(rows)} of {units.count(rows + hidden)}"
        self.query_one("#told", Static).update(text)

    @on(Input.Changed)
    def _changed(self, message: Input.Changed) -> None:
        message.stop()
        self.post_message(self.Typed(message.value))

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        message.stop()
        self.action_keep()

    def action_keep(self) -> None:
        """Keep the filtered rows."""
        self.set_class(bool(self.query_one(Input).value), "on")
        self.post_message(self.Done())

    def action_widen(self) -> None:
        """Show all rows again."""
        self.query_one(Input).value = ""
        self.remove_class("on")
        self.post_message(self.Done())
