"""The keys of each mode, and of its lists and panes."""

from tracetui.ui.keys.key import Key

LIST = (
    Key("list.up", "up,k", "cursor(-1)", "Up", display="↑ k"),
    Key("list.down", "down,j", "cursor(1)", "Down", display="↓ j"),
    Key("list.page_up", "pageup,ctrl+u", "page(-1)", "A page up", display="pgup"),
    Key("list.page_down", "pagedown,ctrl+d", "page(1)", "A page down", display="pgdn"),
    Key("list.top", "home,g", "first", "To the top", display="home g"),
    Key("list.bottom", "end,G", "last", "To the end", display="end G"),
)

TREE = (
    Key("waterfall.unfold", "right,l", "unfold", "Unfold, or go in", display="→ l"),
    Key("waterfall.fold", "left,h", "fold", "Fold, or go out", display="← h"),
    Key("waterfall.toggle_fold", "o", "toggle_fold", "Fold", footer=True, help="Fold or unfold"),
    Key(
        "waterfall.next_failed",
        "right_square_bracket",
        "failure(1)",
        "Next ✗",
        footer=True,
        display="]",
        help="Next failed test",
    ),
    Key(
        "waterfall.previous_failed",
        "left_square_bracket",
        "failure(-1)",
        "Previous ✗",
        display="[",
        help="Previous failed test",
    ),
    Key(
        "waterfall.next_slow",
        "right_curly_bracket",
        "slow(1)",
        "Next slow test",
        display="}",
        help="Next slow test: above its p95, or new and slow",
    ),
    Key("waterfall.previous_slow", "left_curly_bracket", "slow(-1)", "Previous slow test", display="{"),
    Key("waterfall.parent", "P", "parent", "To the parent"),
    Key("waterfall.toggle_siblings", "O", "fold_siblings", "Fold or unfold all siblings"),
    Key("waterfall.fold_depth", "D", "depth", "Fold below this depth, or reset"),
    Key(
        "waterfall.group_siblings", "u", "group", "Group", help="Group repeated siblings: many, a few, never"
    ),
    Key(
        "waterfall.order",
        "S",
        "order",
        "Order",
        help="Order rows by time, duration or failures",
    ),
    Key("waterfall.columns", "c", "screen.columns", "Choose the columns"),
    Key("waterfall.running_tests", "m", "screen.pinned", "Toggle running tests"),
    Key(
        "waterfall.critical_path",
        "x",
        "critical_path",
        "Critical path",
        help="Mark the critical path, or not",
    ),
    Key("waterfall.zoom_to_failed", "Z", "zoom_to_failures", "Zoom to the failed tests"),
)

TIME = (
    Key(
        "time.zoom_in",
        "plus,equals_sign",
        "zoom(0.5)",
        "In",
        footer=True,
        display="+",
        help="Zoom in on time",
    ),
    Key("time.zoom_out", "minus", "zoom(2)", "Out", display="-", help="Zoom out"),
    Key("time.earlier", "less_than_sign,shift+left", "pan(-0.25)", "Earlier", display="<"),
    Key("time.later", "greater_than_sign,shift+right", "pan(0.25)", "Later", display=">"),
    Key("time.zoom_to_span", "z", "zoom_to_span", "Span", help="Zoom to the span"),
    Key("time.centre_span", "F", "centre_span", "Centre", help="Centre the span; again, zoom to it"),
    Key("time.whole_run", "0", "zoom_home", "All", footer=True, help="Show the whole run"),
    Key("time.undo", "backspace", "history(-1)", "Undo: the previous view", display="bksp"),
    Key("time.redo", "backslash", "history(1)", "Redo", display="\\"),
    Key(
        "time.now",
        "full_stop",
        "follow",
        "Now",
        display=".",
        help="Follow the clock; of an ended run, go to its end",
    ),
    Key("time.toggle_clock", "w", "clock", "Toggle time of day (UTC) or elapsed time"),
)

DETAIL = (
    Key("detail.toggle", "d", "screen.detail", "Toggle the detail pane"),
    Key(
        "detail.expand",
        "enter",
        "screen.full_detail",
        "Detail",
        footer=True,
        help="Expand the detail pane",
    ),
    Key("detail.back", "escape", "screen.back", "Back to the rows"),
)

COPY = (
    Key("waterfall.edit", "e", "screen.edit", "Edit", help="Open the source file in your editor"),
    Key(
        "waterfall.copy_value",
        "y",
        "screen.copy_value",
        "Copy",
        help="Copy the rerun command, title or value",
    ),
    Key("waterfall.copy_json", "Y", "screen.copy_json", "Copy the span as JSON"),
    Key("waterfall.copy_markdown", "M", "screen.copy_markdown", "Copy the span as Markdown"),
)

DETAIL_ROWS = (
    Key(
        "detail.follow",
        "enter",
        "follow",
        "Go",
        footer=True,
        help="Follow the line, or go back to the rows",
    ),
    Key(
        "detail.show_hidden",
        "o",
        "open",
        "Open",
        footer=True,
        help="Show shared attributes and library frames",
    ),
)

SLOWEST = (
    Key(
        "slowest.show", "enter", "choose", "Show", footer=True, help="Show the costliest one in the waterfall"
    ),
    Key("slowest.next_sort", "o", "sort(1)", "Sort", footer=True, help="Sort by the next column"),
    Key("slowest.previous_sort", "O", "sort(-1)", "Sort by the previous column"),
    Key("slowest.reverse", "v", "reverse", "Reverse", help="Reverse the order"),
    Key(
        "slowest.next_kind",
        "b",
        "by(1)",
        "Rank by",
        footer=True,
        help="Rank tests, files, suites, hooks, archivers, roles, names",
    ),
    Key("slowest.previous_kind", "B", "by(-1)", "Rank by the previous kind"),
    Key(
        "slowest.narrow",
        "ampersand",
        "narrow",
        "Narrow",
        footer=True,
        display="&",
        help="Show only names that contain a text",
    ),
    Key("slowest.show_all", "escape", "widen", "Show all names again"),
)

NARROWING = (
    Key("narrow.show_all", "escape", "widen", "All rows", footer=True, help="Show all rows again"),
    Key("narrow.to_rows", "down,tab", "keep", "To the rows", footer=True, display="↓"),
)

LANES = (
    Key(
        "lanes.next_block",
        "right,l",
        "block(1)",
        "Next",
        footer=True,
        display="→ l",
        help="Next block or gap",
    ),
    Key("lanes.previous_block", "left,h", "block(-1)", "Previous block or gap", display="← h"),
    Key(
        "lanes.next_gap",
        "right_curly_bracket",
        "gap(1)",
        "Gap",
        footer=True,
        display="}",
        help="Next long gap",
    ),
    Key("lanes.previous_gap", "left_curly_bracket", "gap(-1)", "Previous long gap", display="{"),
    Key("lanes.next_stall", "i", "still", "Next stall"),
    Key("lanes.critical_path", "x", "critical_path", "Critical path", help="Mark the critical path, or not"),
    Key(
        "lanes.next_failed",
        "right_square_bracket",
        "failure(1)",
        "Next ✗",
        display="]",
        help="Next failed test",
    ),
    Key(
        "lanes.previous_failed",
        "left_square_bracket",
        "failure(-1)",
        "Previous ✗",
        display="[",
        help="Previous failed test",
    ),
    Key(
        "lanes.show",
        "enter",
        "choose",
        "Show",
        footer=True,
        help="Show the block in the waterfall, or zoom to the gap",
    ),
)

FAILURES = (
    Key("failures.show", "enter", "choose", "Show", footer=True, help="Show the failure in the waterfall"),
    Key("failures.unfold", "right,l", "unfold", "Unfold, or go in", display="→ l"),
    Key("failures.fold", "left,h", "fold", "Fold, or go out", display="← h"),
    Key(
        "failures.toggle_fold",
        "o",
        "toggle_fold",
        "Fold",
        footer=True,
        help="Fold or unfold failures of one kind",
    ),
    Key(
        "failures.next",
        "right_square_bracket",
        "failure(1)",
        "Next ✗",
        footer=True,
        display="]",
        help="Next failure",
    ),
    Key(
        "failures.previous",
        "left_square_bracket",
        "failure(-1)",
        "Previous ✗",
        display="[",
        help="Previous failure",
    ),
)

FAILURE = (
    Key("failures.toggle_frames", "o", "frames", "Frames", footer=True, help="Show or hide library frames"),
)

FAILURES_SCREEN = (
    Key("failures.copy_error", "y", "copy_value", "Copy", help="Copy the exception and its message"),
    Key("failures.copy_json", "Y", "copy_json", "Copy the span as JSON"),
    Key("failures.copy_markdown", "M", "copy_markdown", "Copy the failure as Markdown"),
    Key("failures.edit", "e", "edit", "Edit", footer=True, help="Open the failing line in your editor"),
    Key("failures.expand", "d", "detail", "Large", footer=True, help="Expand the failure"),
    Key("failures.back", "escape", "back", "Back to the list"),
)

HEALTH = (
    Key("health.unfold", "right,l", "unfold", "Unfold, or go in", display="→ l"),
    Key("health.fold", "left,h", "fold", "Fold, or go out", display="← h"),
    Key(
        "health.toggle_fold", "o", "toggle_fold", "Fold", footer=True, help="Fold or unfold a kind of trouble"
    ),
    Key(
        "health.show",
        "enter",
        "choose",
        "Show",
        footer=True,
        help="Show the span of an example in the waterfall",
    ),
)

PANEL = (
    Key("run.open", "enter", "open", "Open", footer=True, help="Open the line"),
    Key("run.next_panel", "tab,right,l", "panel(1)", "Next panel", footer=True, display="tab"),
    Key("run.previous_panel", "shift+tab,left,h", "panel(-1)", "Previous panel", display="shift+tab"),
    *LIST,
)

SPENT = (
    Key("time_spent.rank", "enter", "open", "Open", footer=True, help="Rank this category"),
    Key("time_spent.next", "right,l", "cursor(1)", "Next", footer=True, display="→ l", help="Next category"),
    Key("time_spent.previous", "left,h", "cursor(-1)", "Previous", display="← h", help="Previous category"),
    Key("time_spent.next_panel", "tab,down,j", "panel(1)", "Next panel", footer=True, display="tab"),
    Key("time_spent.previous_panel", "shift+tab,up,k", "panel(-1)", "Previous panel", display="shift+tab"),
)
