"""The user's own keys: checked against the table of keys, and replacing those in it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from string import punctuation

from textual.keys import Keys, format_key

from tracetui.errors import suggestion
from tracetui.settings import Settings
from tracetui.ui.compat import key_name
from tracetui.ui.keys.key import Key
from tracetui.ui.keys.keys import EVERYWHERE, HELP, REPLAY
from tracetui.ui.keys.mode_keys import LIST

Keymap = Mapping[str, str]

_MODIFIERS = frozenset({"ctrl", "shift", "alt", "super", "hyper", "meta"})
_NAMED = frozenset(key.value for key in Keys) | frozenset(map(key_name, punctuation))
_BESIDE = (EVERYWHERE, REPLAY, LIST)
"""What is bound wherever the reader is."""


def keymap(settings: Settings) -> Keymap:
    """Keys (Textual's names, comma-separated) by the ids of actions, as far as they are set.

    Raises `SettingError` for an unknown action or key, and for a key that does two things.
    """
    ids = {key.id for key in _table()}
    own = {}
    for action, written in settings.keymap.items():
        where = f"keymap.{action}"
        if action not in ids:
            raise settings.wrong(where, _renamed(action) or f"unknown action ({suggestion(action, ids)})")
        parts = [part.strip() for part in written.split(",")] if written != "," else [written]
        for part in parts:
            if not _is_key(part):
                raise settings.wrong(where, f"unknown key {part} ({suggestion(part, _NAMED)})")
        own[action] = ",".join(map(_normal, parts))
    for action, key, other in _clashes(own):
        raise settings.wrong(f"keymap.{action}", f"the key {key} is taken by {other}")
    return own


def mapped(keys: Iterable[Key], own: Keymap) -> tuple[Key, ...]:
    """The same keys, with the user's in place of the table's."""
    return tuple(_mapped(key, own[key.id]) if key.id in own else key for key in keys)


def _table() -> Iterator[Key]:
    return (key for _, keys in HELP for key in keys if key.keys)


def _renamed(name: str) -> str:
    """The new id for a `name` made of an action's help sentence, `next-failed-test`."""
    ids = sorted({key.id for key in _table() if name in (_slug(key.sentence), _slug(key.label))})
    return f"renamed; write {' or '.join(ids)}" if ids else ""


def _slug(sentence: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", sentence.lower()).strip("-")


def _mapped(key: Key, keys: str) -> Key:
    return key._replace(keys=keys, display=" ".join(map(format_key, keys.split(","))))


def _clashes(own: Keymap) -> Iterator[tuple[str, str, str]]:
    """The user's actions whose key does something else in the same place: action, key, and what else."""
    for _, group in HELP:
        taken: dict[str, str] = {}
        around = [key for keys in _BESIDE if keys is not group for key in keys]
        # What is the reader's own comes last: whatever it meets has been there before.
        for key in sorted(mapped([*around, *group], own), key=lambda key: key.id in own):
            for one in key.keys.split(","):
                other = taken.setdefault(one, key.id)
                if one and other != key.id and key.id in own and one not in _shared(key.id, other):
                    yield key.id, one, other


def _shared(action: str, other: str) -> frozenset[str]:
    """The keys that two actions share in the table: they are never bound in the same place."""
    keys = {key.id: frozenset(key.keys.split(",")) for _, group in HELP for key in group}
    return keys[action] & keys[other]


def _normal(key: str) -> str:
    *modifiers, base = key.rsplit("+", 1) if len(key) > 1 and not key.endswith("+") else [key]
    return "+".join([*modifiers, key_name(base) if len(base) == 1 else base])


def _is_key(key: str) -> bool:
    name = _normal(key)
    *modifiers, base = name.split("+")
    known = name in _NAMED or base in _NAMED or (len(base) == 1 and base.isalnum())
    return known and set(modifiers) <= _MODIFIERS
