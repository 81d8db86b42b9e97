"""The keys of the modes that decide."""

from tracetui.ui.keys.key import Key

WHAT_IF = (
    Key("what_if.more", "right,l", "change(1)", "More", footer=True, display="→ l", help="More, or the next"),
    Key("what_if.less", "left,h", "change(-1)", "Less", display="← h", help="Less, or the previous"),
    Key("what_if.toggle", "enter,o", "flip", "Change", footer=True, help="Turn a change on or off"),
    Key(
        "what_if.more_workers",
        "plus,equals_sign",
        "workers(1)",
        "Workers",
        footer=True,
        display="+",
        help="One worker more",
    ),
    Key("what_if.fewer_workers", "minus", "workers(-1)", "One worker less", display="-"),
    Key("what_if.next_dist", "b", "dist(1)", "Hand out", footer=True, help="The next way to hand out tests"),
    Key("what_if.previous_dist", "B", "dist(-1)", "The previous way to hand out tests"),
    Key("what_if.as_recorded", "0", "as_recorded", "Reset", footer=True, help="All as it was recorded"),
)

COMPARE = (
    Key("compare.show", "enter", "choose", "Show", footer=True, help="Show the test in the waterfall"),
    Key("compare.base", "c", "choose_base", "Base", footer=True, help="Choose the run to compare with"),
    Key("compare.all_rows", "v", "toggle_all", "All", footer=True, help="Show all rows, or what stands out"),
)

HISTORY = (
    Key(
        "history.show",
        "enter",
        "choose",
        "Show",
        footer=True,
        help="Show a test run by run; again, the run under the cursor",
    ),
    Key("history.back", "escape", "back", "Back", footer=True, help="Back to all tests"),
    Key("history.next_sort", "o", "sort", "Sort", footer=True, help="Sort by change, last time or name"),
    Key(
        "history.next_kind",
        "b",
        "by(1)",
        "Follow",
        footer=True,
        help="Follow tests, fixtures, hooks or files",
    ),
    Key("history.previous_kind", "B", "by(-1)", "Follow the previous kind"),
    Key("history.branch", "c", "branch", "Branch", help="Follow one branch, the next one, or all"),
)
