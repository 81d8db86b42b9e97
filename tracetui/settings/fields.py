"""The syntax of each setting: in TOML with its own type, in the environment and on the command line as text.

msgspec checks whether a value has its type. A reader raises `ValueError` with a phrase for what it expected.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from tracetui import units
from tracetui.errors import suggestion

Name = Annotated[str, Meta(pattern=r"\S")]
"""A text that is not empty."""

_WORDS = dict.fromkeys(("1", "true", "yes", "on"), True) | dict.fromkeys(("0", "false", "no", "off"), False)
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgt]?)(i?)b?", re.IGNORECASE)
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}
_NO_NAME = "expected a non-empty text"


@dataclass(frozen=True)
class Reader:
    """The type of a setting, the phrase that asks for it, its parser for text, and the conversion to the
    final value.
    """

    type: Any
    expected: str
    of_text: Callable[[str], object]
    kept: Callable[[Any], Any]

    def __call__(self, value: object) -> Any:
        """The setting; an error inside a list or a table concerns one of its texts."""
        try:
            value = self.of_text(value) if isinstance(value, str) else value
            return self.kept(msgspec.convert(value, self.type))
        except msgspec.ValidationError as error:
            raise ValueError(_NO_NAME if "at `$" in str(error) else self.expected) from None
        except (ValueError, ArithmeticError):
            raise ValueError(self.expected) from None


def _same(value: Any) -> Any:
    return value


def _flag(text: str) -> object:
    return _WORDS.get(text.strip().lower(), text)


def _names(text: str) -> list[str]:
    return [part for part in text.split(",") if part.strip()]


def _size(text: str) -> int:
    match = _SIZE.fullmatch(text.strip())
    if not match:
        raise ValueError
    return int(Decimal(match[1]) * (1024 if match[3] else 1000) ** _POWERS[match[2].lower()])


def _duration(text: str) -> int:
    ns = units.nanoseconds(text)
    if not ns:
        raise ValueError
    return ns


def _table(text: str) -> object:
    return tomllib.loads(f"it = {text}")["it"]


def _stripped(value: list[str]) -> tuple[str, ...]:
    return tuple(text.strip() for text in value)


def _joined(value: Mapping[str, str | list[str]]) -> dict[str, str]:
    return {
        key: ",".join(_stripped(text)) if isinstance(text, list) else text.strip()
        for key, text in value.items()
    }


text = Reader(Name, _NO_NAME, _same, str.strip)
flag = Reader(bool, "expected true or false", _flag, _same)
names = Reader(list[Name], "expected a list of names", _names, _stripped)
size = Reader(Annotated[int, Meta(gt=0)], "expected a size such as 512 MB", _size, _same)
jobs = Reader(Annotated[int, Meta(ge=1, le=256)], "expected a number of threads from 1 to 256", int, _same)
limit = Reader(Name, "expected a duration such as 10m", _same, _duration)
axis = Reader(Literal["relative", "wall"], "expected relative or wall", _same, _same)
table = Reader(dict[str, Name | list[Name]], 'expected a table such as { name = "text" }', _table, _joined)
"""Texts by name; an inline table of TOML where it is text. A list of texts is one with commas."""


def _ratio(text: str) -> float:
    """`10%` as 0.1."""
    if not text.strip().endswith("%"):
        raise ValueError
    return float(Decimal(text.strip().removesuffix("%").strip()) / 100)


percent = Reader(Name, "expected a share such as 10%", _same, _ratio)


def reasons(value: object) -> tuple[str, ...]:
    """The reasons to stop a run for; raises `ValueError` for anything else."""
    chosen: tuple[str, ...] = names(value)
    if not chosen or not set(chosen) <= set(FAIL_ON):
        raise ValueError(f"expected some of {', '.join(FAIL_ON)}")
    return chosen


FAIL_ON = ("failed", "flaky", "cut-off", "lost", "incomplete")
"""What a run can be stopped for, beside limits."""
GATES: Mapping[str, Callable[[object], Any]] = {
    "max-test": limit,
    "max-suite": limit,
    "max-setup": limit,
    "max-regression": percent,
    "fail-on": reasons,
    "allow": text,
}
"""The rules of `tracetui gate`, and the file that says what may break them."""


def gates(value: object) -> Mapping[str, Any]:
    """A table of rules; raises `ValueError` for an unknown rule or an invalid limit."""
    try:
        value = _table(value) if isinstance(value, str) else value
    except tomllib.TOMLDecodeError:
        value = None
    if not isinstance(value, dict):
        raise ValueError('expected a table such as { max-test = "5s" }')
    rules: dict[str, Any] = {}
    for name, entry in value.items():
        if name not in GATES:
            raise ValueError(f"unknown rule {name} ({suggestion(str(name), GATES)})")
        try:
            rules[name] = GATES[name](entry)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
    return rules


LEAST_REVISION = 4
"""So many characters of a revision name it."""


def fixed(value: object) -> Mapping[str, str]:
    """Revisions or dates, by the tests that were fixed then: the last one counts."""
    by_test: Mapping[str, str] = table(value)
    if any(len(part) < LEAST_REVISION for revisions in by_test.values() for part in revisions.split(",")):
        raise ValueError(f"expected at least {LEAST_REVISION} characters of each revision, or a date")
    return by_test


def dotted_table(value: object) -> Mapping[str, str]:
    """The same by dotted names, quoted or not: `"list.up" = "w"`, `list.up = "w"`."""
    by_name: Mapping[str, str] = table(_by_dotted_name(value))
    return by_name


def _by_dotted_name(value: object) -> object:
    if isinstance(value, str):
        try:
            value = _table(value)
        except tomllib.TOMLDecodeError:
            return value
    if not isinstance(value, dict):
        return value
    entries: dict[str, object] = {}
    for name, entry in value.items():
        inner = entry if isinstance(entry, dict) and entry else {"": entry}
        entries |= {f"{name}.{last}" if last else str(name): item for last, item in inner.items()}
    return entries


FIELDS: Mapping[str, Callable[[object], Any]] = {
    "theme": text,
    "ascii": flag,
    "axis": axis,
    "columns": names,
    "memory": size,
    "jobs": jobs,
    "cache": flag,
    "limit": limit,
    "gates": gates,
    "screenshots": text,
    "filters": table,
    "fixed": fixed,
    "keymap": dotted_table,
}
