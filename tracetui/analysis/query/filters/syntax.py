"""The conditions of a filter as a tree; printed, it is a filter that parses to it again."""

import re
from dataclasses import dataclass, field
from typing import TypeAlias

BARE = re.compile(r'[^\s()"\\:=!~<>]+')
KEYWORDS = frozenset({"and", "or", "not"})


@dataclass(frozen=True, slots=True)
class Condition:
    """A key, an operator and a value as text; without an operator, that the key exists.

    `begin` and `end` are its position in the filter, in code points.
    """

    key: str
    operator: str
    value: str
    begin: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)

    def __str__(self) -> str:
        key = f"attr.{quoted(self.key[5:])}" if self.key.startswith("attr.") else self.key
        return f"{key}{self.operator}{quoted(self.value)}" if self.operator else key


@dataclass(frozen=True, slots=True)
class Not:
    """What does not match `inner`."""

    inner: "Node"

    def __str__(self) -> str:
        return f"not {_grouped(self.inner)}"


@dataclass(frozen=True, slots=True)
class And:
    """What matches all of `parts`; at least two."""

    parts: "tuple[Node, ...]"

    def __str__(self) -> str:
        return " ".join(map(_grouped, self.parts))


@dataclass(frozen=True, slots=True)
class Or:
    """What matches any of `parts`; at least two."""

    parts: "tuple[Node, ...]"

    def __str__(self) -> str:
        return " or ".join(map(_grouped, self.parts))


Node: TypeAlias = Condition | Not | And | Or


def conditions(node: Node) -> list[Condition]:
    """Every condition of the tree, in the order of the text."""
    if isinstance(node, Condition):
        return [node]
    parts = (node.inner,) if isinstance(node, Not) else node.parts
    return [condition for part in parts for condition in conditions(part)]


def _grouped(node: Node) -> str:
    return f"({node})" if isinstance(node, And | Or) else str(node)


def quoted(text: str) -> str:
    """A value or an attribute's key as a filter must spell it."""
    if BARE.fullmatch(text) and text.lower() not in KEYWORDS:
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
