"""The command palette's own entries: every action of the table of keys that works here."""

from collections.abc import Iterator
from functools import partial

from textual.app import App, SystemCommand
from textual.command import CommandPalette
from textual.screen import Screen
from textual.widgets import Input

from tracetui.ui.keys.keys import HELP

_OURS = frozenset(key.action for _, keys in HELP for key in keys)


class Palette(CommandPalette):
    """Textual's palette without blinking, whose cursor is visible without colours too."""

    DEFAULT_CSS = """
    Palette.-colourless CommandList > .option-list--option-highlighted {
        color: $background; background: $foreground;
    }
    """

    def on_mount(self) -> None:
        """Stop the cursor's blinking."""
        self.query_one(Input).cursor_blink = False
        self.set_class(self.app.no_color, "-colourless")


def system_commands(app: App[None], screen: Screen[object]) -> Iterator[SystemCommand]:
    """An entry for each action that is bound on `screen`, named as in the help, with its first key."""
    by_action = {active.binding.action: active for active in reversed(screen.active_bindings.values())}
    for active in reversed(by_action.values()):
        binding = active.binding
        if binding.action in _OURS:
            run = partial(app.run_action, binding.action, active.node)
            yield SystemCommand(binding.tooltip, f"key {app.get_key_display(binding)}", run)
