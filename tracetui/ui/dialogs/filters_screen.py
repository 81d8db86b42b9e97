"""The saved filters: apply one, save the active one, delete one."""

from collections.abc import Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tracetui.settings.state import keep
from tracetui.text import fit, sanitize
from tracetui.ui.lists.line import Line

NAME_WIDTH = 20


class FiltersScreen(ModalScreen[None]):
    """`current` is the active filter, `settled` are those of the settings, `kept` those saved here."""

    BINDINGS: ClassVar = [
        Binding("escape,ctrl+f", "dismiss", "Back"),
        Binding("delete,backspace", "forget", "Delete"),
    ]
    DEFAULT_CSS = """
    FiltersScreen { align: center middle; }
    FiltersScreen Vertical {
        width: 84; max-width: 96%; height: auto; max-height: 80%; background: $panel; padding: 1 2;
        border: round $accent; border-title-color: $accent;
    }
    FiltersScreen OptionList { height: auto; max-height: 16; background: $panel; padding: 0; }
    FiltersScreen OptionList, FiltersScreen OptionList:focus { border: none; }
    FiltersScreen #told { color: $quiet; margin-top: 1; }
    FiltersScreen Line { background: $surface; width: 100%; }
    """

    class Chosen(Message):
        """The user chose a filter."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, current: str, settled: Mapping[str, str], kept: Mapping[str, str]) -> None:
        super().__init__()
        self._current = current
        self._settled = settled
        self._kept = dict(kept)
        self._names: list[str] = []

    def compose(self) -> ComposeResult:
        """The list, and a line for a name."""
        with Vertical() as pane:
            pane.border_title = "Filters"
            yield OptionList()
            yield Static(id="told", markup=False)
            yield Line(placeholder="name, then enter", id="name")

    def on_mount(self) -> None:
        """Fill the list."""
        self._list()
        line = self.query_one(Line)
        line.display = bool(self._current)
        (self.query_one(OptionList) if self._names else line).focus()

    def _list(self) -> None:
        known = {**self._settled, **self._kept}
        self._names = sorted(known)
        options = self.query_one(OptionList)
        options.clear_options()
        for name in self._names:
            options.add_option(Option(self._line(name, known[name])))
        options.highlighted = 0 if self._names else None
        keeps = f"Save the current filter: {sanitize(self._current)}" if self._current else "No filter is on."
        empty = "" if self._names else "No saved filters yet.\n"
        helps = "enter: apply   delete: delete it\n" if self._names else ""
        self.query_one("#told", Static).update(Content(empty + helps + keeps))

    def _line(self, name: str, text: str) -> Content:
        settled = "  (settings)" if name not in self._kept else ""
        return Content.assemble(
            (fit(sanitize(name), NAME_WIDTH), "bold"), " ", sanitize(text), (settled, "$quiet")
        )

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.app.post_message(self.Chosen({**self._settled, **self._kept}[self._names[event.option_index]]))
        self.dismiss()

    @on(Input.Submitted)
    def _named(self, event: Input.Submitted) -> None:
        name = event.value.strip()
        if name and self._current:
            self._kept[name] = self._current
            self._keep()
            event.input.value = ""
            self._list()
            self.query_one(OptionList).focus()

    def action_forget(self) -> None:
        """Delete the filter under the cursor, if it was saved here."""
        place = self.query_one(OptionList).highlighted
        if place is not None and self._kept.pop(self._names[place], None) is not None:
            self._keep()
            self._list()

    def _keep(self) -> None:
        """Save the named filters for the next time."""
        try:
            keep(filters=dict(self._kept))
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            self.notify(sanitize(f"filter not saved: {reason}"), severity="warning", markup=False)
