"""The command palette's own entries: every action of the table of keys that works where the reader is."""

from collections.abc import Iterator
from functools import partial

from textual.app import App, SystemCommand
from textual.screen import Screen


def system_commands(app: App[None], screen: Screen[object]) -> Iterator[SystemCommand]:
    """An entry for each key that is bound on `screen`, named as in the help, with its key."""
    for active in screen.active_bindings.values():
        binding = active.binding
        if binding.tooltip and not binding.system:
            run = partial(app.run_action, binding.action, active.node)
            key = binding.key_display or binding.key
            yield SystemCommand(binding.tooltip, f"key {key}", run)
