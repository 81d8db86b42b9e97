"""The mutants of a module: one comparison, number, `and`, `or`, `not`, `is` or `&` changed in each."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

FLIPS: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
}
_NAMED = re.compile(r"_?[A-Z][A-Z0-9_]+")


@dataclass(frozen=True)
class Mutant:
    """The bytes from `first` to `last` of a source become `after`; `number` tells equal ones apart."""

    where: str
    first: int
    last: int
    before: str
    after: str
    statement: str
    number: int = 0

    @property
    def name(self) -> str:
        """What it is known by: it stays the same when lines move."""
        again = f" #{self.number}" if self.number > 1 else ""
        return f"{self.where}: {self.before} -> {self.after} in `{self.statement}`{again}"

    @property
    def is_of_constant(self) -> bool:
        """Whether it changes a named constant of the module."""
        return bool(_NAMED.fullmatch(self.where))

    def applied(self, source: bytes) -> bytes:
        """The source with it."""
        return source[: self.first] + self.after.encode() + source[self.last :]


def mutants(source: bytes) -> list[Mutant]:
    """Every mutant of a module, in order of the source."""
    found = sorted(
        _Finder(source).of(ast.parse(source), "module", ""), key=lambda each: (each.first, each.after)
    )
    seen: Counter[str] = Counter()
    numbered = []
    for each in found:
        seen[each.name] += 1
        numbered.append(replace(each, number=seen[each.name]))
    return numbered


class _Finder:
    def __init__(self, source: bytes) -> None:
        self._source = source
        self._lines = [0]
        for line in source.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))

    def of(self, node: ast.AST, where: str, statement: str) -> Iterator[Mutant]:
        """Those of a node and what is below it, annotations left out."""
        where, statement = self._place(node, where, statement)
        for first, last, after in self._changes(node):
            before = self._source[first:last].decode()
            yield Mutant(where, first, last, before, after, statement)
        for name, below in ast.iter_fields(node):
            if name in ("annotation", "returns", "type_params"):
                continue
            for child in below if isinstance(below, list) else [below]:
                if isinstance(child, ast.AST):
                    yield from self.of(child, where, statement)

    def _place(self, node: ast.AST, where: str, statement: str) -> tuple[str, str]:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                where = name if where == "module" else f"{where}.{name}"
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                where = name if where == "module" else where
        if isinstance(node, ast.stmt):
            statement = self._source[self._first(node) : self._last(node)].decode().split("\n")[0].strip()
        return where, statement

    def _changes(self, node: ast.AST) -> Iterator[tuple[int, int, str]]:
        match node:
            case ast.Constant(value=bool()):
                return
            case ast.Constant(value=int() | float() as value):
                for after in _beside(value):
                    yield self._first(node), self._last(node), after
            case ast.UnaryOp(op=ast.Not() | ast.Invert(), operand=operand):
                yield self._first(node), self._first(operand), ""
            case ast.Compare() | ast.BoolOp() | ast.BinOp(op=ast.BitAnd()):
                for left, before, after, right in _flips(node):
                    yield from self._between(left, right, before, after)

    def _between(
        self, left: ast.expr, right: ast.expr, before: str, after: str
    ) -> Iterator[tuple[int, int, str]]:
        start = self._last(left)
        edge = r"\b" if before[0].isalpha() else ""
        written = edge + re.escape(before).replace(r"\ ", r"\s+") + edge
        found = re.search(written.encode(), self._source[start : self._first(right)])
        if found:
            yield start + found.start(), start + found.end(), after

    def _first(self, node: ast.stmt | ast.expr) -> int:
        return self._lines[node.lineno - 1] + node.col_offset

    def _last(self, node: ast.stmt | ast.expr) -> int:
        return self._lines[(node.end_lineno or 1) - 1] + (node.end_col_offset or 0)


def _flips(node: ast.Compare | ast.BoolOp | ast.BinOp) -> Iterator[tuple[ast.expr, str, str, ast.expr]]:
    """What stands left of each operator, it, what it becomes, and what stands right of it."""
    match node:
        case ast.Compare():
            for operator, (left, right) in zip(
                node.ops, pairwise([node.left, *node.comparators]), strict=True
            ):
                yield left, *FLIPS[type(operator)], right
        case ast.BoolOp():
            before, after = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
            for left, right in pairwise(node.values):
                yield left, before, after, right
        case ast.BinOp():
            yield node.left, "&", "|", node.right


def _beside(value: float) -> tuple[str, ...]:
    """The numbers next to one: a whole one, or 0.0, one either side, a fraction a hundredth either side."""
    if isinstance(value, int) or not value:
        return str(value - 1), str(value + 1)
    return repr(value * 0.99), repr(value * 1.01)
