"""The one table of keys: bindings, footer, help and palette are made from it."""

import re
from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

from textual.binding import Binding

from tracetui.ui.app.modes import MODES


class Key(NamedTuple):
    """Keys (Textual's names, comma-separated) for an action; `footer` keys are always in sight.

    `label` is short, for the footer; `told` says more, for help and palette, where it is not empty. A key
    that is `first` comes before all others while its action is on.
    """

    keys: str
    action: str
    label: str
    footer: bool = False
    display: str | None = None
    told: str = ""
    first: bool = False

    @property
    def name(self) -> str:
        """What the action is called where keys are set: what help says of it, `next-failed-test`."""
        return re.sub(r"[^a-z0-9]+", "-", (self.told or self.label).lower()).strip("-")


EVERYWHERE = (
    *(Key(mode.key, f"app.mode('{mode.name}')", mode.title) for mode in MODES),
    Key("r", "app.runs", "Runs", footer=True, told="Choose the run to show"),
    Key("space", "app.pause", "Pause", footer=True, told="Pause or resume"),
    Key("s", "app.picture", "Screenshot", told="Save a screenshot (SVG)"),
    Key(
        "slash", "app.find", "Find", footer=True, display="/", told="Search names and attributes as you type"
    ),
    Key("n", "app.match(1)", "Next match"),
    Key("N", "app.match(-1)", "Previous match"),
    Key("f", "app.filter", "Filter", footer=True, told="Filter spans as you type"),
    Key("ctrl+f", "app.filters", "Saved filters"),
    Key("t", "app.next_theme", "Next theme"),
    Key("question_mark", "app.help", "Help", footer=True, display="?"),
    Key("q", "app.quit", "Quit", footer=True),
    Key("ctrl+c", "app.interrupt", "Quit", told="Quit, also while typing", first=True),
    Key("ctrl+z", "app.suspend_process", "Suspend", told="Suspend to the shell; fg resumes"),
)

REPLAY = (
    Key("p", "app.play", "Play", told="Replay the recording; pause or resume"),
    Key("right_parenthesis", "app.speed(1)", "Faster", display=")", told="Replay faster"),
    Key("left_parenthesis", "app.speed(-1)", "Slower", display="(", told="Replay slower"),
    Key("ctrl+right", "app.seek(1)", "Forward", told="Skip forward in the replay"),
    Key("ctrl+left", "app.seek(-1)", "Back", told="Skip back in the replay"),
    Key("ctrl+home", "app.seek_end(0)", "Start", told="Restart the replay"),
    Key("ctrl+end", "app.seek_end(1)", "End", told="Skip to the end of the replay"),
)

FINDING = (Key("escape", "app.end_find", "End", told="Stop searching", first=True),)

LIST = (
    Key("up,k", "cursor(-1)", "Up", display="↑ k"),
    Key("down,j", "cursor(1)", "Down", display="↓ j"),
    Key("pageup,ctrl+u", "page(-1)", "A page up", display="pgup"),
    Key("pagedown,ctrl+d", "page(1)", "A page down", display="pgdn"),
    Key("home,g", "first", "To the top", display="home g"),
    Key("end,G", "last", "To the end", display="end G"),
)

TREE = (
    Key("right,l", "unfold", "Unfold, or go in", display="→ l"),
    Key("left,h", "fold", "Fold, or go out", display="← h"),
    Key("o", "toggle_fold", "Fold", footer=True, told="Fold or unfold"),
    Key("right_square_bracket", "failure(1)", "Next ✗", footer=True, display="]", told="Next failed test"),
    Key("left_square_bracket", "failure(-1)", "Previous ✗", display="[", told="Previous failed test"),
    Key(
        "right_curly_bracket",
        "slow(1)",
        "Next slow test",
        display="}",
        told="Next slow test: slower than its p95 before, or if new among the slowest",
    ),
    Key("left_curly_bracket", "slow(-1)", "Previous slow test", display="{"),
    Key("P", "parent", "To the parent"),
    Key("O", "fold_siblings", "Fold or unfold all siblings"),
    Key("D", "depth", "Fold below this depth, or reset"),
    Key("u", "group", "Group", told="Group repeated siblings: many, a few, never"),
    Key("c", "screen.columns", "Choose the columns"),
    Key("m", "screen.pinned", "Toggle running tests"),
    Key("Z", "zoom_to_failures", "Zoom to the failed tests"),
)

TIME = (
    Key("plus,equals_sign", "zoom(0.5)", "In", footer=True, display="+", told="Zoom in on time"),
    Key("minus", "zoom(2)", "Out", display="-", told="Zoom out"),
    Key("less_than_sign,shift+left", "pan(-0.25)", "Earlier", display="<"),
    Key("greater_than_sign,shift+right", "pan(0.25)", "Later", display=">"),
    Key("z", "zoom_to_span", "Span", told="Zoom to the span"),
    Key("0", "zoom_home", "All", footer=True, told="Show the whole run"),
    Key("backspace", "history(-1)", "Undo: the previous view", display="bksp"),
    Key("backslash", "history(1)", "Redo", display="\\"),
    Key("full_stop", "follow", "Now", display=".", told="Follow the clock; of an ended run, go to its end"),
    Key("w", "clock", "Toggle time of day (UTC) or elapsed time"),
)

DETAIL = (
    Key("d", "screen.detail", "Toggle the detail pane"),
    Key(
        "enter",
        "screen.full_detail",
        "Detail",
        footer=True,
        told="Expand the detail pane",
    ),
    Key("escape", "screen.back", "Back to the rows"),
)

COPY = (
    Key("e", "screen.edit", "Edit", told="Open the source file in your editor"),
    Key("y", "screen.copy_value", "Copy", told="Copy the value or title"),
    Key("Y", "screen.copy_json", "Copy the span as JSON"),
    Key("M", "screen.copy_markdown", "Copy the span as Markdown"),
)

DETAIL_ROWS = (
    Key(
        "enter",
        "follow",
        "Go",
        footer=True,
        told="Follow the line, or go back to the rows",
    ),
    Key("o", "open", "Open", footer=True, told="Show shared attributes and library frames"),
)

SLOWEST = (
    Key("enter", "choose", "Show", footer=True, told="Show the costliest one in the waterfall"),
    Key("o", "sort(1)", "Sort", footer=True, told="Sort by the next column"),
    Key("O", "sort(-1)", "Sort by the previous column"),
    Key("v", "reverse", "Reverse", told="Reverse the order"),
    Key(
        "b", "by(1)", "Rank by", footer=True, told="Rank tests, files, suites, hooks, archivers, roles, names"
    ),
    Key("B", "by(-1)", "Rank by the previous kind"),
    Key(
        "ampersand", "narrow", "Narrow", footer=True, display="&", told="Show only names that contain a text"
    ),
    Key("escape", "widen", "Show all names again"),
)

NARROWING = (
    Key("escape", "widen", "All rows", footer=True, told="Show all rows again"),
    Key("down,tab", "keep", "To the rows", footer=True, display="↓"),
)

LANES = (
    Key("right,l", "block(1)", "Next", footer=True, display="→ l", told="Next block or gap"),
    Key("left,h", "block(-1)", "Previous block or gap", display="← h"),
    Key("right_curly_bracket", "gap(1)", "Gap", footer=True, display="}", told="Next long gap"),
    Key("left_curly_bracket", "gap(-1)", "Previous long gap", display="{"),
    Key("i", "still", "Next stall"),
    Key("right_square_bracket", "failure(1)", "Next ✗", display="]", told="Next failed test"),
    Key("left_square_bracket", "failure(-1)", "Previous ✗", display="[", told="Previous failed test"),
    Key("enter", "choose", "Show", footer=True, told="Show the block in the waterfall, or zoom to the gap"),
)

FAILURES = (
    Key("enter", "choose", "Show", footer=True, told="Show the failure in the waterfall"),
    Key("right,l", "unfold", "Unfold, or go in", display="→ l"),
    Key("left,h", "fold", "Fold, or go out", display="← h"),
    Key("o", "toggle_fold", "Fold", footer=True, told="Fold or unfold failures of one kind"),
    Key("right_square_bracket", "failure(1)", "Next ✗", footer=True, display="]", told="Next failure"),
    Key("left_square_bracket", "failure(-1)", "Previous ✗", display="[", told="Previous failure"),
)

FAILURE = (Key("o", "frames", "Frames", footer=True, told="Show or hide library frames"),)

FAILURES_SCREEN = (
    Key("y", "copy_value", "Copy", told="Copy the exception and its message"),
    Key("Y", "copy_json", "Copy the span as JSON"),
    Key("M", "copy_markdown", "Copy the failure as Markdown"),
    Key("e", "edit", "Edit", footer=True, told="Open the failing line in your editor"),
    Key("d", "detail", "Large", footer=True, told="Expand the failure"),
    Key("escape", "back", "Back to the list"),
)

HEALTH = (
    Key("right,l", "unfold", "Unfold, or go in", display="→ l"),
    Key("left,h", "fold", "Fold, or go out", display="← h"),
    Key("o", "toggle_fold", "Fold", footer=True, told="Fold or unfold a kind of trouble"),
    Key("enter", "choose", "Show", footer=True, told="Show the span of an example in the waterfall"),
)

PANEL = (
    Key("enter", "open", "Open", footer=True, told="Open the line"),
    Key("tab,right,l", "panel(1)", "Next panel", footer=True, display="tab"),
    Key("shift+tab,left,h", "panel(-1)", "Previous panel", display="shift+tab"),
    *LIST,
)

SPENT = (
    Key("enter", "open", "Open", footer=True, told="Rank this category"),
    Key("right,l", "cursor(1)", "Next", footer=True, display="→ l", told="Next category"),
    Key("left,h", "cursor(-1)", "Previous", display="← h", told="Previous category"),
    Key("tab,down,j", "panel(1)", "Next panel", footer=True, display="tab"),
    Key("shift+tab,up,k", "panel(-1)", "Previous panel", display="shift+tab"),
)

RUNS = (
    Key("enter", "choose", "Show", footer=True, told="Show this run in every mode"),
    Key("escape", "leave", "Back", footer=True),
    Key("up,ctrl+p", "move(-1)", "Up", display="↑"),
    Key("down,ctrl+n", "move(1)", "Down", display="↓"),
    Key("pageup", "move(-10)", "Up by ten", display="pgup"),
    Key("pagedown", "move(10)", "Down by ten", display="pgdn"),
)

HELP = (
    ("Everywhere", EVERYWHERE),
    ("Replay of a recording", REPLAY),
    ("In a list", LIST),
    ("Run", PANEL[:3]),
    ("Where the time went", SPENT),
    ("While finding", FINDING),
    ("Waterfall", (*TREE, *TIME, *DETAIL, *COPY)),
    ("In the detail pane", DETAIL_ROWS),
    ("Lanes", (*TIME, *LANES)),
    ("Slowest", SLOWEST),
    ("While typing a name in Slowest", NARROWING),
    ("Failures", (*FAILURES, *FAILURES_SCREEN)),
    ("In a failure", FAILURE),
    ("Health", HEALTH),
    (
        "Mouse",
        (
            Key("", "", "Select a row; on ▸ or ▾ fold; on a title sort", display="click"),
            Key("", "", "Scroll", display="wheel"),
            Key("", "", "Zoom around the pointer", display="ctrl+wheel"),
            Key("", "", "Earlier and later", display="shift+wheel"),
            Key("", "", "On the time axis or bars: zoom to a range", display="drag"),
        ),
    ),
)


BindingList: TypeAlias = list[Binding | tuple[str, str] | tuple[str, str, str]]


def bindings(keys: Iterable[Key]) -> BindingList:
    """Textual's bindings for `keys`."""
    return [
        Binding(
            key.keys,
            key.action,
            key.label,
            show=key.footer,
            key_display=key.display,
            tooltip=key.told or key.label,
            id=key.name,
            priority=key.first,
        )
        for key in keys
    ]
