"""The one table of keys: bindings, footer, help and palette are made from it."""

from tracetui.ui.app.modes import MODES
from tracetui.ui.keys.deciding_keys import COMPARE, HISTORY, WHAT_IF
from tracetui.ui.keys.key import Key
from tracetui.ui.keys.mode_keys import (
    COPY,
    DETAIL,
    DETAIL_ROWS,
    FAILURE,
    FAILURES,
    FAILURES_SCREEN,
    HEALTH,
    LANES,
    LIST,
    NARROWING,
    PANEL,
    SLOWEST,
    SPENT,
    TIME,
    TREE,
)

EVERYWHERE = (
    *(Key(f"mode.{mode.name}", mode.key, f"app.mode('{mode.name}')", mode.title) for mode in MODES),
    Key("app.runs", "r", "app.runs", "Runs", footer=True, help="Choose the run to show"),
    Key("app.pause", "space", "app.pause", "Pause", footer=True, help="Pause or resume"),
    Key("app.screenshot", "s", "app.picture", "Screenshot", help="Save a screenshot (SVG)"),
    Key(
        "app.find",
        "slash",
        "app.find",
        "Find",
        footer=True,
        display="/",
        help="Search names and attributes as you type",
    ),
    Key("app.next_match", "n", "app.match(1)", "Next match"),
    Key("app.previous_match", "N", "app.match(-1)", "Previous match"),
    Key("app.filter", "f", "app.filter", "Filter", footer=True, help="Filter spans as you type"),
    Key("app.saved_filters", "ctrl+f", "app.filters", "Saved filters"),
    Key("app.next_theme", "t", "app.next_theme", "Next theme"),
    Key("app.help", "question_mark", "app.help", "Help", footer=True, display="?"),
    Key("app.quit", "q", "app.quit", "Quit", footer=True),
    Key("app.interrupt", "ctrl+c", "app.interrupt", "Quit", help="Quit, also while typing", first=True),
    Key("app.suspend", "ctrl+z", "app.suspend_process", "Suspend", help="Suspend to the shell; fg resumes"),
)

REPLAY = (
    Key("replay.play", "p", "app.play", "Play", help="Replay the recording; pause or resume"),
    Key("replay.faster", "right_parenthesis", "app.speed(1)", "Faster", display=")", help="Replay faster"),
    Key("replay.slower", "left_parenthesis", "app.speed(-1)", "Slower", display="(", help="Replay slower"),
    Key("replay.forward", "ctrl+right", "app.seek(1)", "Forward", help="Skip forward in the replay"),
    Key("replay.back", "ctrl+left", "app.seek(-1)", "Back", help="Skip back in the replay"),
    Key("replay.start", "ctrl+home", "app.seek_end(0)", "Start", help="Restart the replay"),
    Key("replay.end", "ctrl+end", "app.seek_end(1)", "End", help="Skip to the end of the replay"),
)

FINDING = (Key("find.stop", "escape", "app.end_find", "End", help="Stop searching", first=True),)

RUNS = (
    Key("runs.show", "enter", "choose", "Show", footer=True, help="Show this run in every mode"),
    Key("runs.back", "escape", "leave", "Back", footer=True),
    Key("runs.up", "up,ctrl+p", "move(-1)", "Up", display="↑"),
    Key("runs.down", "down,ctrl+n", "move(1)", "Down", display="↓"),
    Key("runs.page_up", "pageup", "move(-10)", "Up by ten", display="pgup"),
    Key("runs.page_down", "pagedown", "move(10)", "Down by ten", display="pgdn"),
)

RUNS_FILTER = (Key("runs.compare", "c", "screen.compare", "Compare with", footer=True, first=True),)
"""Of the line that narrows the runs, while it is empty: Textual gives letters to nobody else."""

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
    ("What if", WHAT_IF),
    ("Compare", COMPARE),
    ("History", HISTORY),
    (
        "Mouse",
        (
            Key("", "", "", "Select a row; on ▸ or ▾ fold; on a title sort", display="click"),
            Key("", "", "", "Scroll", display="wheel"),
            Key("", "", "", "Zoom around the pointer", display="ctrl+wheel"),
            Key("", "", "", "Earlier and later", display="shift+wheel"),
            Key("", "", "", "On the time axis or bars: zoom to a range", display="drag"),
            Key("", "", "", "On the edge of names, bars or details: move it", display="drag"),
        ),
    ),
)
