"""Completions at the cursor of a filter that is being typed: keys, operators, values that occur."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from tracetui.analysis.query.filters.keys import ATTRIBUTE, KEYS, Kind
from tracetui.analysis.query.filters.syntax import quoted

MOST = 8
_WORD = re.compile(r'(?:[^\s()"]|"(?:[^"\\]|\\.)*(?:"|$))*$')
_CONDITION = re.compile(
    r'(?P<key>attr\.(?:"[^"]*"|[^\s:=!~<>"]+)|[A-Za-z_]\w*)(?P<operator>!=|!~|>=|<=|[=~<>]|:)(?P<value>.*)'
)
_DURATIONS = ("100ms", "1s", "10s", "1m")
_KEYWORDS = {"not": "what follows does not hold", "or": "either holds", "and": "both hold"}


class Completion(NamedTuple):
    """`text` may replace what is typed from `begin` on; `told` explains it. Foreign text."""

    text: str
    begin: int
    told: str = ""


Vocabulary = Mapping[str, Sequence[str]]
"""By key the values that occur, the most telling first; at `attr.` the attribute keys."""


def complete(text: str, vocabulary: Vocabulary) -> list[Completion]:
    """What may follow at the end of `text`, the likeliest first."""
    match = _WORD.search(text)
    begin = match.start() if match else len(text)
    word = text[begin:]
    condition = _CONDITION.fullmatch(word)
    if condition:
        head = condition["key"] + condition["operator"]
        return _values(condition["key"].lower(), head, condition["value"].lstrip('"'), begin, vocabulary)
    if word.startswith(ATTRIBUTE):
        typed = word.removeprefix(ATTRIBUTE).lstrip('"')
        likely = _likely(typed, vocabulary.get(ATTRIBUTE, ()))
        return [Completion(f"{ATTRIBUTE}{quoted(key)}=", begin, "attribute") for key in likely]
    return _keys(word, begin, before=text[:begin])


def settled(text: str) -> str:
    """`text` without a last word that may yet become a key: typing `outcome` must not hide rows without that
    text.
    """
    match = _WORD.search(text)
    word = text[match.start() :] if match else ""
    unfinished = word and any(name.startswith(word.lower()) for name in (*KEYS, *_KEYWORDS, ATTRIBUTE))
    return text[: -len(word)] if unfinished else text


def _keys(word: str, begin: int, before: str) -> list[Completion]:
    keys = [
        Completion(_opened(name), begin, KEYS[name].told) for name in KEYS if name.startswith(word.lower())
    ]
    if ATTRIBUTE.startswith(word.lower()):
        keys.append(Completion(ATTRIBUTE, begin, "an attribute of the span or its resource"))
    words = [
        Completion(f"{keyword} ", begin, meaning)
        for keyword, meaning in _KEYWORDS.items()
        if keyword.startswith(word.lower()) and word and (before.strip() or keyword == "not")
    ]
    return (keys + words)[: MOST if word else None]


def _opened(name: str) -> str:
    return name + (">" if KEYS[name].kind is Kind.DURATION else ":")


def _values(key: str, head: str, typed: str, begin: int, vocabulary: Vocabulary) -> list[Completion]:
    known: Iterable[str] = vocabulary.get(key, ())
    if key in KEYS and KEYS[key].kind is Kind.CHOICE:
        known = KEYS[key].choices
    elif key in KEYS and KEYS[key].kind is Kind.DURATION:
        known = _DURATIONS
    return [Completion(f"{head}{quoted(value)} ", begin) for value in _likely(typed, known) if value != typed]


def _likely(typed: str, known: Iterable[str]) -> list[str]:
    """The words that begin as typed, then those that contain it."""
    low = typed.lower()
    holding = [word for word in known if low in word.lower()]
    return sorted(holding, key=lambda word: not word.lower().startswith(low))[:MOST]
