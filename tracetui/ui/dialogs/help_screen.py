"""Help: the table of keys, and what marks and colours mean."""

from textwrap import wrap
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tracetui.model.role import Outcome, Role
from tracetui.report.drawing.style import MARKS
from tracetui.ui.app.modes import MODES
from tracetui.ui.keys.key import Key
from tracetui.ui.keys.keymap import Keymap, mapped
from tracetui.ui.keys.keys import HELP

WIDTH, KEYS_WIDTH = 72, 16
WORDS = (
    ("own", "a test without hooks, wider fixtures, archiving"),
    ("total", "a span from its start to its end"),
    ("startup", "from the run's start to its first test"),
    ("idle", "a lane with nothing to do"),
    ("stalled", "no worker made progress; counted in lane time"),
    ("best case", "the run's length with its work spread evenly"),
    ("inferred lane", "no worker name, told apart by timing: job0*"),
    ("derived", "hook time inferred from gaps around tests"),
    ("cut off", "unfinished, its process died"),
    ("incomplete", "a run whose suite span is missing"),
)
"""What the screens do not explain where they say it; ten at most."""


class HelpScreen(ModalScreen[None]):
    """Any of its keys leads back."""

    BINDINGS: ClassVar = [Binding("escape,question_mark,q,enter", "dismiss", "Back")]
    DEFAULT_CSS = f"""
    HelpScreen {{ align: center middle; }}
    HelpScreen VerticalScroll {{
        width: {WIDTH}; max-width: 96%; height: auto; max-height: 90%; background: $panel; padding: 1 2;
        border: round $accent; border-title-color: $accent;
    }}
    """

    def __init__(self, mode: str, own: Keymap) -> None:
        super().__init__()
        self._mode = mode
        self._own = own

    def compose(self) -> ComposeResult:
        """One text."""
        pane = VerticalScroll(Static(help_content(self._mode, self._own), markup=False))
        pane.border_title = "Keys and words"
        yield pane

    def on_mount(self) -> None:
        """Keys scroll it."""
        self.query_one(VerticalScroll).focus()


def help_content(mode: str, own: Keymap) -> Content:
    """Every key of the table, those of `mode` first, with the reader's own in place; then words and marks."""
    here = next((each.title for each in MODES if each.name == mode), "")
    lines: list[Content] = []
    for title, keys in sorted(HELP, key=lambda group: group[0] != here):
        lines.append(Content.styled(title, "bold $accent"))
        lines += [_key(key) for key in mapped(keys, own)]
        lines.append(Content(""))
    lines.append(Content.styled("Words", "bold $accent"))
    lines += [Content.assemble((f"  {word}".ljust(KEYS_WIDTH), "bold"), told) for word, told in WORDS]
    lines.append(Content(""))
    lines.append(Content.styled("Marks and colours", "bold $accent"))
    outcomes = [
        ((f"{MARKS[each]} {each.label.replace('_', ' ')}  "), f"$outcome-{each.label}")
        for each in Outcome
        if each
    ]
    half = len(outcomes) // 2 + 1
    roles = [(f"█ {role.label}  ", f"$role-{role.label}") for role in Role]
    marks = outcomes[:half], outcomes[half:], roles
    return Content("\n").join([*lines, *(Content.assemble(*line) for line in marks)])


def _key(key: Key) -> Content:
    shown = key.display or key.keys.replace(",", " ")
    told = wrap(key.sentence, WIDTH - KEYS_WIDTH - 7)
    return Content.assemble((f"  {shown}".ljust(KEYS_WIDTH), "bold"), ("\n" + " " * KEYS_WIDTH).join(told))
