"""The run picker: every run, the newest first; typing filters, enter chooses."""

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tracetui.ui.dialogs.draw_run_row import titles
from tracetui.ui.dialogs.run_list import RunList
from tracetui.ui.feed.reading import Door, Go, Reading
from tracetui.ui.frame.footer import KeyFooter
from tracetui.ui.keys.key import bindings
from tracetui.ui.keys.keys import RUNS, RUNS_FILTER


class RunFilter(Input):
    """The filter text; until anything is typed, a letter may be a key."""

    BINDINGS: ClassVar = bindings(RUNS_FILTER)


class RunsScreen(ModalScreen[int | None]):
    """Returns the choice (see `Findings.choice`), or None; shows the `purpose` of choosing."""

    BINDINGS: ClassVar = bindings(RUNS)
    DEFAULT_CSS = """
    RunsScreen { align: center middle; }
    RunsScreen Vertical {
        width: 116; max-width: 96%; height: auto; max-height: 80%; background: $panel;
        border: round $accent; border-title-color: $accent;
    }
    RunsScreen Input { border: none; height: 1; padding: 0 1; background: $surface; }
    RunsScreen #titles { height: 1; color: $quiet; }
    RunsScreen RunList { height: auto; max-height: 20; min-height: 3; background: $panel; }
    """

    reading: reactive[Reading | None] = reactive(None, repaint=False)
    newest: reactive[Reading | None] = reactive(None, repaint=False)

    def __init__(self, choice: int, purpose: str = "show") -> None:
        super().__init__()
        self._choice = choice
        self._purpose = purpose

    def compose(self) -> ComposeResult:
        """The filter text, and the list."""
        with Vertical() as pane:
            pane.border_title = "Runs"
            beside = "   c: compare with" * (self._purpose == "show")
            pane.border_subtitle = f"enter: {self._purpose}{beside}   esc: close"
            field = RunFilter(placeholder="type to filter", compact=True)
            field.cursor_blink = False
            yield field
            yield Static(id="titles", markup=False)
            yield RunList(self._choice).data_bind(reading=RunsScreen.newest)
        yield KeyFooter()

    def on_mount(self) -> None:
        """Focus the filter text; arrows move in the list all the same."""
        self.query_one(Input).focus()

    def on_resize(self, _: events.Resize) -> None:
        """Align titles with their columns."""
        self.call_after_refresh(self._title)

    def _title(self) -> None:
        self.query_one("#titles", Static).update(Content(titles(self.query_one(RunList).room)))

    @property
    def _list(self) -> RunList:
        return self.query_one(RunList)

    @on(Input.Changed)
    def _narrow(self, message: Input.Changed) -> None:
        self.refresh_bindings()
        self._list.narrowed = message.value

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.action_choose()

    @on(RunList.Chosen)
    def _clicked(self, message: RunList.Chosen) -> None:
        self.dismiss(message.choice)

    def action_choose(self) -> None:
        """Choose the run under the cursor."""
        entry = self._list.entry
        self.dismiss(entry.choice if entry else None)

    def action_compare(self) -> None:
        """Compare the shown run with the one under the cursor."""
        entry = self._list.entry
        self.dismiss(None)
        if entry:
            self.app.post_message(Go(Door("compare", base=entry.choice)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether a key is active: while something is typed, a letter is a letter."""
        if action == "compare":
            return not any(field.value for field in self.query(Input))
        return super().check_action(action, parameters)

    def action_leave(self) -> None:
        """Close without a choice."""
        self.dismiss(None)

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self._list.cursor += by
