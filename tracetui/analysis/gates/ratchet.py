"""The list of allowed breaches: a TOML file that people review, and that only shrinks.

```toml ["max-test"] "tests/test_index.py::test_rebuild" = { limit = "12s", reason = "see #41", date =
"2026-11-29" } ```
"""

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated

import msgspec
from msgspec import Meta

from tracetui import units
from tracetui.analysis.gates.rules import Allowances, Allowed, Rule, Verdict
from tracetui.errors import InputError

RATCHETED = ("max-test", "max-setup")
"""The rules that hold for each test by itself."""
_HEAD = "# Tests that may be over a limit of tracetui gate. Entries only go; gate --shrink removes those.\n"


class _Entry(msgspec.Struct, forbid_unknown_fields=True):
    limit: str
    reason: Annotated[str, Meta(pattern=r"\S")]
    date: str


def parsed(text: str, file: str) -> Allowances:
    """The allowances in a file; raises `InputError`, with its name, for an invalid one."""
    try:
        document = msgspec.convert(tomllib.loads(text), dict[str, dict[str, _Entry]])
        return {
            rule: {name: _allowed(name, entry) for name, entry in entries.items()}
            for rule, entries in _known(document).items()
        }
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, ValueError) as error:
        raise InputError(f"{file}: not a list of allowances: {error}") from None


def _known(document: Mapping[str, Mapping[str, _Entry]]) -> Mapping[str, Mapping[str, _Entry]]:
    for rule in document:
        if rule not in RATCHETED:
            raise ValueError(f"{rule}: only {' and '.join(RATCHETED)} allow tests")
    return document


def _allowed(name: str, entry: _Entry) -> Allowed:
    return Allowed(name, units.nanoseconds(entry.limit), entry.reason, entry.date)


def written(allowances: Allowances) -> str:
    """The file's text, sorted, so that a change is a change of single lines."""
    return _HEAD + "".join(_lines(allowances))


def _lines(allowances: Allowances) -> Iterator[str]:
    for rule, entries in sorted(allowances.items()):
        if entries:
            yield f"\n[{_text(rule)}]\n"
        for name, entry in sorted(entries.items()):
            values = f"limit = {_text(_exact(entry.limit_ns))}, reason = {_text(entry.reason)}"
            yield f"{_text(name)} = {{ {values}, date = {_text(entry.date)} }}\n"


def _exact(ns: int) -> str:
    """A duration without rounding."""
    for unit, size in (("s", units.S), ("ms", units.MS), ("us", units.US)):
        if ns % size == 0:
            return f"{ns // size}{unit}"
    return f"{ns}ns"


def _text(value: str) -> str:
    # A basic string of TOML is one of JSON, but for DEL.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def unneeded(allowances: Allowances, rules: Iterable[Rule]) -> list[tuple[str, str]]:
    """Rules and names that are allowed but no longer over the limit, for rules that were decided."""
    used = {
        rule.name: {offender.name for offender in rule.offenders if offender.allowed}
        for rule in rules
        if rule.verdict is not Verdict.UNDECIDABLE
    }
    return [
        (rule, name) for rule in sorted(used) for name in sorted(allowances.get(rule, {}).keys() - used[rule])
    ]


def shrunk(allowances: Allowances, gone: Iterable[tuple[str, str]]) -> Allowances:
    """The allowances without some entries."""
    out = set(gone)
    return {
        rule: {name: entry for name, entry in entries.items() if (rule, name) not in out}
        for rule, entries in allowances.items()
    }


def started(rules: Iterable[Rule], reason: str, date: str) -> Allowances:
    """A list that allows everything over a limit today, each test a tenth more than it took."""
    return {
        rule.name: {
            offender.name: Allowed(offender.name, _rounded(offender.value), reason, date)
            for offender in rule.offenders
        }
        for rule in rules
        if rule.name in RATCHETED
    }


def _rounded(ns: int) -> int:
    """A tenth more; from a second on in whole hundredths of a second."""
    step = 10 * units.MS if ns >= units.S else units.US
    return -(-(ns + ns // 10) // step) * step
