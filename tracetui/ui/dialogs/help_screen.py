"""Help: the table of keys, and what marks and colours mean."""

from collections.abc import Sequence
from textwrap import wrap
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tracetui.model.role import Outcome, Role
from tracetui.report.drawing.style import MARKS
from tracetui.text import sanitize
from tracetui.ui.app.modes import MODES
from tracetui.ui.keys.key import Key
from tracetui.ui.keys.keymap import Keymap, mapped
from tracetui.ui.keys.keys import HELP

Groups = Sequence[tuple[str, Sequence[Key]]]
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
    """Typing filters it; its other keys close it, as do `q` and `?` while nothing is typed."""

    BINDINGS: ClassVar = [Binding("escape,question_mark,q,enter", "dismiss", "Back")]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (2 * WIDTH + 8, "-wide")]  # noqa: RUF012 - Textual's
    DEFAULT_CSS = f"""
    HelpScreen {{ align: center middle; }}
    HelpScreen VerticalScroll {{
        width: {WIDTH}; max-width: 96%; height: auto; max-height: 90%; background: $panel; padding: 1 2;
        border: round $accent; border-title-color: $accent;
    }}
    HelpScreen #columns {{ height: auto; }}
    HelpScreen.-wide #columns {{ layout: horizontal; }}
    HelpScreen.-wide VerticalScroll {{ width: {2 * WIDTH}; }}
    HelpScreen.-wide Static {{ width: 1fr; }}
    """

    def __init__(self, mode: str, own: Keymap, groups: Groups = HELP) -> None:
        super().__init__()
        self._mode = mode
        self._groups = groups
        self._own = own
        self._needle = ""

    def compose(self) -> ComposeResult:
        """Two texts, below or beside each other."""
        with VerticalScroll() as pane:
            pane.border_title = "Keys and words"
            pane.border_subtitle = "type to search   esc: close"
            with Container(id="columns"):
                yield Static(id="first", markup=False)
                yield Static(id="second", markup=False)

    def on_mount(self) -> None:
        """Focus the scrolling area."""
        self.query_one(VerticalScroll).focus()
        self._search("")

    def on_key(self, event: events.Key) -> None:
        """Add a character to the filter text; backspace removes the last one."""
        typed = event.character if event.is_printable and event.character else ""
        if event.key == "backspace":
            self._search(self._needle[:-1])
        elif typed and (self._needle or typed not in "q?"):
            self._search(self._needle + typed)
        else:
            return
        event.stop()
        event.prevent_default()

    def _search(self, needle: str) -> None:
        self._needle = needle
        blocks = help_blocks(self._mode, self._own, needle, self._groups)
        half = _half(blocks)
        for name, part in (("#first", blocks[:half]), ("#second", blocks[half:])):
            self.query_one(name, Static).update(Content("\n\n").join(part))
        title = f"Keys and words: {needle}" if needle else "Keys and words"
        self.query_one(VerticalScroll).border_title = Content(sanitize(title))


def _half(blocks: Sequence[Content]) -> int:
    """How many blocks go into the first of two balanced columns."""
    heights = [block.plain.count("\n") + 2 for block in blocks]
    return min(range(len(blocks) + 1), key=lambda at: abs(sum(heights[:at]) - sum(heights[at:])), default=0)


def help_content(mode: str, own: Keymap) -> Content:
    """Every key of the table, those of `mode` first, with the user's own keys applied; then words and
    marks.
    """
    return Content("\n\n").join(help_blocks(mode, own))


def help_blocks(mode: str, own: Keymap, needle: str = "", keys: Groups = HELP) -> list[Content]:
    """The same, one block a title; only lines that contain `needle`, and everything below a title that
    does.
    """
    here = next((known.title for known in MODES if known.name == mode), "")
    groups = sorted(keys, key=lambda group: group[0] != here)
    blocks = [(title, [_key(key) for key in mapped(keys, own)]) for title, keys in groups]
    words = [Content.assemble((f"  {word}".ljust(KEYS_WIDTH), "bold"), meaning) for word, meaning in WORDS]
    blocks += [("Words", words), ("Marks and colours", _marks())]
    said = needle.casefold()
    matching = [
        (title, [line for line in lines if said in title.casefold() or said in line.plain.casefold()])
        for title, lines in blocks
    ]
    return [
        Content("\n").join([Content.styled(title, "bold $accent"), *lines])
        for title, lines in matching
        if lines
    ]


def _marks() -> list[Content]:
    outcomes = [
        ((f"{MARKS[outcome]} {outcome.label.replace('_', ' ')}  "), f"$outcome-{outcome.label}")
        for outcome in Outcome
        if outcome
    ]
    half = len(outcomes) // 2 + 1
    roles = [(f"█ {role.label}  ", f"$role-{role.label}") for role in Role]
    return [Content.assemble(*line) for line in (outcomes[:half], outcomes[half:], roles)]


def _key(key: Key) -> Content:
    shown = key.display or key.keys.replace(",", " ")
    lines = wrap(key.sentence, WIDTH - KEYS_WIDTH - 7)
    return Content.assemble((f"  {shown}".ljust(KEYS_WIDTH), "bold"), ("\n" + " " * KEYS_WIDTH).join(lines))
