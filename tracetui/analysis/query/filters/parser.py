"""Parses tokens into a tree: `not` binds tightest, then `and` (or nothing) between conditions, then `or`."""

from tracetui.analysis.query.filters.errors import FilterError
from tracetui.analysis.query.filters.keys import checked
from tracetui.analysis.query.filters.lexer import Token, tokens
from tracetui.analysis.query.filters.syntax import And, Node, Not, Or

DEEPEST = 50
"""More levels of parentheses and `not` are refused, lest they exhaust the stack."""


def parse(text: str) -> Node | None:
    """The conditions of a filter, None for an empty one; raises `FilterError` for an invalid one."""
    return _Parser(text).whole()


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = list(tokens(text))
        self._end = len(text)
        self._place = 0
        self._depth = 0

    def whole(self) -> Node | None:
        if not self._tokens:
            return None
        node = self._any_of()
        if token := self._peek():
            raise FilterError("a parenthesis that was never opened", token.begin, token.end)
        return node

    def _any_of(self) -> Node:
        parts = [self._all_of()]
        while self._take("or"):
            parts.append(self._all_of())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _all_of(self) -> Node:
        parts = [self._single()]
        while self._take("and") or self._kind() in ("condition", "not", "("):
            parts.append(self._single())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _single(self) -> Node:
        token = self._next()
        if token.condition:
            return checked(token.condition)
        self._depth += 1
        if self._depth > DEEPEST:
            raise FilterError(f"more than {DEEPEST} levels deep", token.begin, token.end)
        node = self._inner(token)
        self._depth -= 1
        return node

    def _inner(self, token: Token) -> Node:
        if token.kind == "not":
            return Not(self._single())
        if token.kind != "(":
            said = (
                "a parenthesis that was never opened" if token.kind == ")" else f"nothing before {token.kind}"
            )
            raise FilterError(said, token.begin, token.end, 'quote it to look for it: "…"')
        node = self._any_of()
        if not self._take(")"):
            raise FilterError("a parenthesis that is never closed", token.begin, token.end, "end it with )")
        return node

    def _kind(self) -> str:
        token = self._peek()
        return token.kind if token else ""

    def _peek(self) -> Token | None:
        return self._tokens[self._place] if self._place < len(self._tokens) else None

    def _next(self) -> Token:
        token = self._peek()
        if token is None:
            before = self._tokens[-1]
            raise FilterError("the filter ends too early", before.begin, self._end, "a condition is missing")
        self._place += 1
        return token

    def _take(self, kind: str) -> bool:
        is_next = self._kind() == kind
        self._place += is_next
        return is_next
