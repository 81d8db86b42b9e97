"""Chooses the columns of the waterfall."""

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widgets import SelectionList, Static
from textual.widgets.selection_list import Selection

from tracetui.ui.keys.key import BindingList, Key, bindings
from tracetui.ui.waterfall.draw_columns import COLUMNS

CLOSE = (Key("columns.close", "escape,c,q", "close", "Done", footer=True),)


class Chosen(SelectionList[str]):
    """Textual's list, without a cross on unselected lines: the state does not show by colour alone."""

    def render_line(self, y: int) -> Strip:
        """A line, with its mark first."""
        line, index = super().render_line(y), y + self.scroll_offset.y
        if index >= self.option_count or self.get_option_at_index(index).value in self.selected:
            return line
        left, mark, *rest = line
        return Strip([left, Segment(" " * mark.cell_length, mark.style), *rest])


class ColumnsScreen(ModalScreen[tuple[str, ...]]):
    """Returns the names of the selected columns, in the order of the table."""

    BINDINGS: ClassVar[BindingList] = bindings(CLOSE)
    DEFAULT_CSS = """
    ColumnsScreen { align: center middle; }
    ColumnsScreen Vertical { width: 72; height: auto; padding: 1 2; background: $panel; }
    ColumnsScreen SelectionList { height: auto; background: $panel; &, &:focus { border: none; } }
    """

    def __init__(self, shown: Sequence[str]) -> None:
        super().__init__()
        self._shown = shown

    def compose(self) -> ComposeResult:
        """A line per column."""
        with Vertical():
            yield Static(Content.styled("Columns", "bold"))
            yield Chosen(
                *(
                    Selection(
                        Content.assemble((column.title.ljust(8), "bold"), column.told),
                        column.name,
                        column.name in self._shown,
                    )
                    for column in COLUMNS
                )
            )
            yield Static(Content.styled("space: show or hide   esc: done", "$quiet"))

    def action_close(self) -> None:
        """Apply the selection."""
        on = self.query_one(SelectionList).selected
        self.dismiss(tuple(column.name for column in COLUMNS if column.name in on))
