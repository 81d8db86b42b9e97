"""The keys of the screen of all runs: those of History, Slowest and the app that mean something there."""

from tracetui.ui.keys.keys import EVERYWHERE, FINDING, HELP
from tracetui.ui.keys.mode_keys import LIST

_BY_ID = {key.id: key for _, group in HELP for key in group}

FLEET = (
    _BY_ID["history.show"]._replace(
        label="Open", help="Show a test run by run; again, open the recording of the run under the cursor"
    ),
    _BY_ID["history.back"],
    _BY_ID["slowest.next_sort"],
    _BY_ID["slowest.previous_sort"],
    _BY_ID["slowest.reverse"],
)

_HERE = ("screenshot", "find", "next_match", "previous_match", "next_theme", "help", "quit", "interrupt")
ANYWHERE = tuple(key for key in EVERYWHERE if key.id in {f"app.{name}" for name in (*_HERE, "suspend")})

FLEET_HELP = (
    ("All runs", FLEET),
    ("In a list", LIST),
    ("While finding", FINDING),
    ("Everywhere", ANYWHERE),
)
