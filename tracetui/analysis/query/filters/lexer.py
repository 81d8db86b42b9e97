"""Splits a filter's text into tokens: parentheses, the three keywords, and conditions.

A condition is `KEY OPERATOR VALUE`, or a bare word, which is short for `name:WORD`. A word ends at white
space or at a parenthesis that it did not open itself, so that patterns may contain some: `name~(a|b)c`.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from tracetui.analysis.query.filters.errors import FilterError
from tracetui.analysis.query.filters.syntax import KEYWORDS, Condition

MOST_CODE_POINTS = 4096
"""Longer filters are refused: nobody writes them."""

_KEY = re.compile(
    r'attr\.(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>[^\s()"\\:=!~<>]+))|(?P<word>[A-Za-z_]\w*)'
)
_OPERATOR = re.compile(r"\s*(?P<operator>!=|!~|>=|<=|[=~<>]|:(?!:))\s*")
_STRING = re.compile(r'"(?P<content>(?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPE = re.compile(r'\\(["\\])')
_SPACE = re.compile(r"\s*")


class Token(NamedTuple):
    """`kind` is `(`, `)`, `and`, `or`, `not` or `condition`; then `condition` is set."""

    kind: str
    begin: int
    end: int
    condition: Condition | None = None


def tokens(text: str) -> Iterator[Token]:
    """The tokens of `text`; raises `FilterError` for invalid text."""
    if len(text) > MOST_CODE_POINTS:
        raise FilterError(f"longer than {MOST_CODE_POINTS} characters", 0, len(text))
    place = _after_space(text, 0)
    while place < len(text):
        token = _token(text, place)
        yield token
        place = _after_space(text, token.end)


def _token(text: str, place: int) -> Token:
    if text[place] in "()":
        return Token(text[place], place, place + 1)
    return _comparison(text, place) or _word(text, place)


def _comparison(text: str, place: int) -> Token | None:
    """A key with an operator after it, or None."""
    key = _KEY.match(text, place)
    operator = _OPERATOR.match(text, key.end()) if key else None
    if key is None or operator is None:
        return None
    value, end = _value(text, operator.end())
    if end == operator.end():
        raise FilterError(f"no value after {key[0]}{operator['operator']}", place, end)
    return Token("condition", place, end, Condition(_name(key), operator["operator"], value, place, end))


def _word(text: str, place: int) -> Token:
    """A keyword, an attribute that must exist, or a name to look for."""
    key = _KEY.match(text, place)
    if key and key["word"] is None and _is_end(text, key.end()):
        return Token("condition", place, key.end(), Condition(_name(key), "", "", place, key.end()))
    value, end = _value(text, place)
    if value.lower() in KEYWORDS and text[place] != '"':
        return Token(value.lower(), place, end)
    if end == place or text[place] in ":=!~<>":
        hint = f'put the text in quotes to look for it: "{value}"' if value else ""
        raise FilterError(f"no key before {value or text[place]}", place, end, hint)
    return Token("condition", place, end, Condition("name", ":", value, place, end))


def _value(text: str, place: int) -> tuple[str, int]:
    """A quoted text, or a bare one, and where it ends."""
    if text[place : place + 1] == '"':
        string = _STRING.match(text, place)
        if string is None:
            raise FilterError("a quote that is never closed", place, len(text), 'end the text with "')
        return _ESCAPE.sub(r"\1", string["content"]), string.end()
    end, depth = place, 0
    while end < len(text) and not text[end].isspace():
        depth += (text[end] == "(") - (text[end] == ")")
        if depth < 0:
            break
        end += 1
    return text[place:end], end


def _name(key: re.Match[str]) -> str:
    if key["word"] is not None:
        return key["word"].lower()
    return "attr." + (key["bare"] or _ESCAPE.sub(r"\1", key["quoted"] or ""))


def _is_end(text: str, place: int) -> bool:
    return place >= len(text) or text[place].isspace() or text[place] in "()"


def _after_space(text: str, place: int) -> int:
    match = _SPACE.match(text, place)
    return match.end() if match else place
