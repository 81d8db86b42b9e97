"""The keys of the filter language: what each means, which operators it takes, and which values."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import NamedTuple

from tracetui import units
from tracetui.analysis.query.filters.errors import FilterError, did_you_mean
from tracetui.analysis.query.filters.patterns import PatternError, compiled
from tracetui.analysis.query.filters.syntax import Condition
from tracetui.model.role import Outcome, Role, StatusCode

ATTRIBUTE = "attr."


class Kind(Enum):
    """What a key compares; the value is the operators it takes."""

    CHOICE = (":", "=", "!=")
    TEXT = (":", "=", "!=", "~", "!~")
    DURATION = (":", "=", "!=", "<", "<=", ">", ">=")
    ATTRIBUTE = ("", ":", "=", "!=", "~", "!~", "<", "<=", ">", ">=")


class Key(NamedTuple):
    """One key; `choices` are the values of a `CHOICE`, `told` explains it."""

    kind: Kind
    told: str
    choices: Sequence[str] = ()


BAD = "bad"
"""As an outcome: whatever someone has to look at."""

KEYS: Mapping[str, Key] = {
    "role": Key(Kind.CHOICE, "what a span is", [role.label for role in Role]),
    "outcome": Key(Kind.CHOICE, "how it ended", [*(outcome.label for outcome in Outcome), BAD]),
    "status": Key(Kind.CHOICE, "what the span says itself", [code.name.lower() for code in StatusCode]),
    "dur": Key(Kind.DURATION, "from start to end"),
    "own": Key(Kind.DURATION, "without hooks, wider fixtures and archiving"),
    "total": Key(Kind.DURATION, "from start to end"),
    "self": Key(Kind.DURATION, "without what is inside"),
    "start": Key(Kind.DURATION, "since the run began"),
    "end": Key(Kind.DURATION, "since the run began"),
    "name": Key(Kind.TEXT, "name or title of the span"),
    "suite": Key(Kind.TEXT, "the suite it belongs to"),
    "test": Key(Kind.TEXT, "the test it belongs to"),
    "hook": Key(Kind.TEXT, "the hook or fixture it belongs to"),
    "archiver": Key(Kind.TEXT, "the archiver it belongs to"),
    "file": Key(Kind.TEXT, "the file of the test it belongs to"),
    "lane": Key(Kind.TEXT, "the worker it ran on: gw0 of every shard, or one lane by its whole name"),
    "trace": Key(Kind.TEXT, "trace id"),
    "id": Key(Kind.TEXT, "span id, or its first digits"),
}


def checked(condition: Condition) -> Condition:
    """The condition, if its key, operator and value go together; raises `FilterError` otherwise."""
    kind = _kind(condition)
    if condition.operator not in kind.value:
        takes = ", ".join(operator for operator in kind.value if operator)
        raise _error(condition, f"{condition.key} takes no {condition.operator}", f"it takes {takes}")
    if kind is Kind.CHOICE:
        _check_choices(condition)
    elif kind is Kind.DURATION:
        _check_duration(condition)
    elif condition.operator in ("~", "!~"):
        _check_pattern(condition)
    return condition


def choices(condition: Condition) -> list[str]:
    """The values of a choice: several may be separated by commas."""
    return [word.strip().lower() for word in condition.value.split(",")]


def _kind(condition: Condition) -> Kind:
    if condition.key.startswith(ATTRIBUTE):
        return Kind.ATTRIBUTE
    key = KEYS.get(condition.key)
    if key is None:
        hint = did_you_mean(condition.key, (*KEYS, "attr.KEY"))
        if not hint.startswith("did"):
            hint += ', or quote the text: "…"'
        end = condition.begin + len(condition.key)
        raise FilterError(f"unknown key {condition.key}", condition.begin, end, hint)
    return key.kind


def _check_choices(condition: Condition) -> None:
    known = KEYS[condition.key].choices
    for word in choices(condition):
        if word not in known:
            raise _error(condition, f"no {condition.key} is called {word}", did_you_mean(word, known))


def _check_duration(condition: Condition) -> None:
    try:
        units.nanoseconds(condition.value)
    except ValueError:
        number = condition.value.replace(".", "", 1).isdecimal()
        hint = f"say the unit: {condition.value}s" if number else "write it as 250ms, 2s or 1m30s"
        raise _error(condition, f"not a duration: {condition.value}", hint) from None


def _check_pattern(condition: Condition) -> None:
    try:
        compiled(condition.value)
    except PatternError as error:
        raise _error(condition, f"no regular expression: {error}", "see RE2's syntax") from None


def _error(condition: Condition, reason: str, hint: str) -> FilterError:
    return FilterError(reason, condition.begin, condition.end, hint)
