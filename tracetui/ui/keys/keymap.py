"""The reader's own keys: checked against the table of keys, and put in place of those that it has."""

from collections.abc import Iterable, Iterator, Mapping
from string import punctuation

from textual.keys import Keys, _character_to_key, format_key

from tracetui.errors import suggestion
from tracetui.settings import Settings
from tracetui.ui.keys.keys import EVERYWHERE, HELP, LIST, REPLAY, Key

Keymap = Mapping[str, str]

_MODIFIERS = frozenset({"ctrl", "shift", "alt", "super", "hyper", "meta"})
_NAMED = frozenset(key.value for key in Keys) | frozenset(map(_character_to_key, punctuation))
_BESIDE = (EVERYWHERE, REPLAY, LIST)
"""What is bound wherever the reader is."""


def keymap(settings: Settings) -> Keymap:
    """Keys (Textual's names, comma-separated) by the names of actions, as far as they are set.

    Raises `SettingError` for an action or a key that there is not, and for a key that does two things.
    """
    names = {key.name for _, keys in HELP for key in keys if key.keys}
    found = {}
    for name, written in settings.keymap.items():
        where = f"keymap.{name}"
        if name not in names:
            raise settings.wrong(where, f"unknown action ({suggestion(name, names)})")
        parts = [part.strip() for part in written.split(",")] if written != "," else [written]
        for part in parts:
            if not _is_key(part):
                raise settings.wrong(where, f"unknown key {part} ({suggestion(part, _NAMED)})")
        found[name] = ",".join(map(_normal, parts))
    for name, key, other in _clashes(found):
        raise settings.wrong(f"keymap.{name}", f"the key {key} is taken by {other}")
    return found


def mapped(keys: Iterable[Key], own: Keymap) -> tuple[Key, ...]:
    """The same keys, with those of the reader in place of the table's."""
    return tuple(_mapped(key, own[key.name]) if key.name in own else key for key in keys)


def _mapped(key: Key, keys: str) -> Key:
    return key._replace(keys=keys, display=" ".join(map(format_key, keys.split(","))))


def _clashes(own: Keymap) -> Iterator[tuple[str, str, str]]:
    """The reader's actions whose key does something else in the same place: action, key, and what else."""
    for _, group in HELP:
        taken: dict[str, str] = {}
        around = [key for keys in _BESIDE if keys is not group for key in keys]
        # What is the reader's own comes last: whatever it meets has been there before.
        for key in sorted(mapped([*around, *group], own), key=lambda key: key.name in own):
            for one in key.keys.split(","):
                other = taken.setdefault(one, key.name)
                if one and other != key.name and key.name in own and one not in _shared(key.name, other):
                    yield key.name, one, other


def _shared(name: str, other: str) -> frozenset[str]:
    """The keys that two actions share in the table: they are never bound in the same place."""
    keys = {key.name: frozenset(key.keys.split(",")) for _, group in HELP for key in group}
    return keys[name] & keys[other]


def _normal(key: str) -> str:
    *modifiers, base = key.rsplit("+", 1) if len(key) > 1 and not key.endswith("+") else [key]
    return "+".join([*modifiers, _character_to_key(base) if len(base) == 1 else base])


def _is_key(key: str) -> bool:
    name = _normal(key)
    *modifiers, base = name.split("+")
    known = name in _NAMED or base in _NAMED or (len(base) == 1 and base.isalnum())
    return known and set(modifiers) <= _MODIFIERS
