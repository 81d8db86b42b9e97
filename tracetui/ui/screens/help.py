"""Help: the table of keys, and what marks and colours mean."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tracetui.model.role import Outcome, Role
from tracetui.report.style import MARKS
from tracetui.ui.keys import HELP, Key

KEYS_WIDTH = 16


class HelpScreen(ModalScreen[None]):
    """Any of its keys leads back."""

    BINDINGS: ClassVar = [Binding("escape,question_mark,q,enter", "dismiss", "Back")]
    DEFAULT_CSS = """
    HelpScreen { align: center middle; }
    HelpScreen VerticalScroll {
        width: 72; max-width: 96%; height: auto; max-height: 90%; background: $panel; padding: 1 2;
        border: round $accent; border-title-color: $accent;
    }
    """

    def compose(self) -> ComposeResult:
        """One text."""
        pane = VerticalScroll(Static(help_content(), markup=False))
        pane.border_title = "Keys"
        yield pane

    def on_mount(self) -> None:
        """Keys scroll it."""
        self.query_one(VerticalScroll).focus()


def help_content() -> Content:
    """Every key of the table, then the legend."""
    lines: list[Content] = []
    for title, keys in HELP:
        lines.append(Content.styled(title, "bold $accent"))
        lines += [_key(key) for key in keys]
        lines.append(Content(""))
    lines.append(Content.styled("Marks and colours", "bold $accent"))
    outcomes = [
        ((f"{MARKS[each]} {each.label.replace('_', ' ')}  "), f"$outcome-{each.label}")
        for each in Outcome
        if each
    ]
    roles = [(f"█ {role.label}  ", f"$role-{role.label}") for role in Role]
    return Content("\n").join([*lines, Content.assemble(*outcomes), Content.assemble(*roles)])


def _key(key: Key) -> Content:
    shown = key.display or key.keys.replace(",", " ")
    return Content.assemble((f"  {shown}".ljust(KEYS_WIDTH), "bold"), key.told or key.label)
