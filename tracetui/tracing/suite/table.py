"""Reads a TOML table key by key, so that every mistake is one line that says what to write instead."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from typing import Any, TypeAlias

Command: TypeAlias = str | tuple[str, ...]

_SECONDS = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|)")
_UNITS = {"ms": 0.001, "s": 1.0, "": 1.0, "m": 60.0, "h": 3600.0}


class SuiteError(Exception):
    """A suite file that cannot be run; the message is one line that says what to write."""


class Table:
    """A table and its place in the file; `finish()` rejects keys that were never read."""

    def __init__(self, place: str, content: dict[str, Any]) -> None:
        self._place = place
        self._content = content
        self._known: list[str] = []

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        self._known.append(key)
        return key in self._content

    def text(self, key: str, default: str = "") -> str:
        """A string."""
        value = self._get(key, default)
        if not isinstance(value, str):
            raise self._wrong(key, value, 'a string, like "x"')
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings."""
        value = self._get(key, [])
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        raise self._wrong(key, value, 'a list of strings, like ["a", "b"]')

    def patterns(self, key: str) -> tuple[str, ...]:
        """Patterns of names: a list, true for all (the default), or false for none."""
        if self.has(key) and not isinstance(self._content[key], bool):
            return self.texts(key)
        return ("*",) if self._content.get(key, True) else ()

    def integer(self, key: str, default: int, *, least: int) -> int:
        """A whole number."""
        value = self._get(key, default)
        if isinstance(value, int) and not isinstance(value, bool) and value >= least:
            return value
        raise self._wrong(key, value, f"a whole number, at least {least}")

    def seconds(self, key: str, default: float) -> float:
        """A duration: a number of seconds, or a string with a unit."""
        value = self._get(key, default)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0:
            return float(value)
        match = _SECONDS.fullmatch(value.strip()) if isinstance(value, str) else None
        if match is None or not float(match[1]):
            raise self._wrong(key, value, 'a duration, like "90s", "5m" or 1.5')
        return float(match[1]) * _UNITS[match[2]]

    def command(self, key: str) -> Command | None:
        """A command: a list of words, or a line for the shell."""
        value = self._get(key, None)
        if isinstance(value, str) and value.strip():
            return value
        if isinstance(value, list) and value and all(isinstance(word, str) for word in value):
            return tuple(value)
        if value is None:
            return None
        raise self._wrong(key, value, 'a command, like ["sh", "{file}"] or "make"')

    def environment(self, key: str) -> dict[str, str]:
        """A table of strings."""
        value = self._get(key, {})
        if isinstance(value, dict) and all(isinstance(item, str) for item in value.values()):
            return dict(value)
        raise self._wrong(key, value, 'a table of strings, like { NAME = "value" }')

    def table(self, key: str) -> Table:
        """A table; a missing one is empty."""
        value = self._get(key, {})
        if not isinstance(value, dict):
            raise self._wrong(key, value, f"a table: [{self._path(key)}]")
        return Table(self._path(key), value)

    def tables(self, key: str) -> Iterator[Table]:
        """A list of tables."""
        value = self._get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self._wrong(key, value, f"tables: [[{self._path(key)}]]")
        for number, content in enumerate(value, 1):
            yield Table(f"{self._path(key)} {number}", content)

    def finish(self) -> None:
        """Reject the keys that were not read."""
        for key in self._content:
            if key not in self._known:
                near = difflib.get_close_matches(key, self._known, 1)
                hint = f"did you mean {near[0]!r}?" if near else f"write one of {', '.join(self._known)}"
                raise SuiteError(f"{self._where()} has no key {key!r}: {hint}")

    def fail(self, message: str) -> SuiteError:
        """An error about this table."""
        return SuiteError(f"{self._where()} {message}")

    def _get(self, key: str, default: object) -> Any:
        return self._content[key] if self.has(key) else default

    def _path(self, key: str) -> str:
        return f"{self._place}.{key}" if self._place else key

    def _where(self) -> str:
        return f"[{self._place}]" if self._place else "the file"

    def _wrong(self, key: str, value: object, wanted: str) -> SuiteError:
        return SuiteError(f"{self._path(key)} is {value!r}: write {wanted}")
