"""How each setting is written: in TOML with its own type, in the environment and on the command line as text.

A reader of values raises `ValueError` with a phrase that says what it expected.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from typing import Any

Reader = Callable[[object], Any]

_YES, _NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off")
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgt]?)(i?)b?", re.IGNORECASE)
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}


def text(value: object) -> str:
    """Some text."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError("expected a non-empty text")
    return value.strip()


def flag(value: object) -> bool:
    """Yes or no."""
    word = value.strip().lower() if isinstance(value, str) else value
    if isinstance(word, bool):
        return word
    if word in (*_YES, *_NO):
        return word in _YES
    raise ValueError("expected true or false")


def names(value: object) -> tuple[str, ...]:
    """A list of names, as text with commas between them."""
    if isinstance(value, str):
        value = [part for part in value.split(",") if part.strip()]
    if not isinstance(value, list):
        raise ValueError("expected a list of names")
    return tuple(text(each) for each in value)


def size(value: object) -> int:
    """Bytes: a number, or as `512 MB` or `2GiB`."""
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    found = _SIZE.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found or not (amount := float(found[1])):
        raise ValueError("expected a size such as 512 MB")
    return int(amount * (1024 if found[3] else 1000) ** _POWERS[found[2].lower()])


def one_of(*choices: str) -> Reader:
    """One word of some."""

    def read(value: object) -> str:
        if value not in choices:
            raise ValueError(f"expected {' or '.join(choices)}")
        return str(value)

    return read


def table(value: object) -> Mapping[str, str]:
    """Texts by name; an inline table of TOML where it is text. A list of texts is one with commas."""
    return {name: _entry(entry) for name, entry in _toml_table(value).items()}


def dotted_table(value: object) -> Mapping[str, str]:
    """The same by dotted names, quoted or not: `"list.up" = "w"`, `list.up = "w"`."""
    entries: dict[str, str] = {}
    for name, entry in _toml_table(value).items():
        inner = entry if isinstance(entry, dict) and entry else {"": entry}
        entries |= {f"{name}.{last}" if last else name: _entry(item) for last, item in inner.items()}
    return entries


def _toml_table(value: object) -> Mapping[str, object]:
    if isinstance(value, str):
        try:
            value = tomllib.loads(f"it = {value}")["it"]
        except tomllib.TOMLDecodeError:
            raise ValueError('expected a table such as { name = "text" }') from None
    if not isinstance(value, dict):
        raise ValueError("expected a table of texts by name")
    return value


def _entry(value: object) -> str:
    return ",".join(names(value)) if isinstance(value, list) else text(value)


FIELDS: Mapping[str, Reader] = {
    "theme": text,
    "ascii": flag,
    "axis": one_of("relative", "wall"),
    "columns": names,
    "memory": size,
    "cache": flag,
    "screenshots": text,
    "filters": table,
    "keymap": dotted_table,
}
