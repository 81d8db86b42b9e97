"""A key for an action, and Textual's bindings for it."""

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

from textual.binding import Binding


class Key(NamedTuple):
    """Keys (Textual's names, comma-separated) for an action; `footer` keys are always visible.

    `id` is what a keymap names and never changes, `waterfall.next_failed`. `label` is short, for the footer;
    `help` says more, for help and palette, if it is not empty. A key that is `first` comes before all others
    while its action is active.
    """

    id: str
    keys: str
    action: str
    label: str
    footer: bool = False
    display: str | None = None
    help: str = ""
    first: bool = False

    @property
    def sentence(self) -> str:
        """What the action does."""
        return self.help or self.label


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
            tooltip=key.sentence,
            id=key.id,
            priority=key.first,
        )
        for key in keys
    ]
