"""Which tests are of a module: those that bear its name or import it, else those of what imports it.

And the others of its floor, which are asked where those notice nothing.
"""

import ast
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

FLOORS = {
    "tracetui/tracing/files": ("tests/tracing",),
    "tracetui/analysis": ("tests/analysis", "tests/report"),
    "tracetui/formats": ("tests/formats", "tests/ingest"),
    "tracetui/store": ("tests/store", "tests/ingest"),
    "tracetui/model": ("tests/model", "tests/formats", "tests/ingest"),
    "tracetui/sources": ("tests/sources", "tests/ingest"),
    "tracetui/ingest": ("tests/ingest",),
    "tracetui/settings": ("tests/settings",),
    "tracetui/tracing": ("tests/tracing",),
}


def files_of(module: str, tree: Path) -> tuple[Sequence[str], Sequence[str]]:
    """The test files of `tracetui/...py`, nearest ones and the others, as paths below `tree`."""
    floor = next(floor for floor in FLOORS if module.startswith(floor))
    files = [file for place in FLOORS[floor] for file in _files(tree, place, "test_*.py")]
    wanted, seen = {module}, {module}
    while wanted:
        near = [file for file in files if any(_is_near(tree, file, each) for each in wanted)]
        if near:
            return near, [file for file in files if file not in near]
        code = _files(tree, "tracetui", "*.py")
        wanted = {file for file in code if any(_imports(tree, file, each) for each in wanted)} - seen
        seen |= wanted
    return files, []


def _is_near(tree: Path, file: str, module: str) -> bool:
    stem = Path(module).stem
    return Path(file).stem in (f"test_{stem}", f"test_edges_{stem}") or _imports(tree, file, module)


def _imports(tree: Path, file: str, module: str) -> bool:
    return module.removesuffix("/__init__.py").removesuffix(".py").replace("/", ".") in _imported(tree, file)


@cache
def _files(tree: Path, place: str, pattern: str) -> list[str]:
    return [path.relative_to(tree).as_posix() for path in sorted((tree / place).rglob(pattern))]


@cache
def _imported(tree: Path, file: str) -> frozenset[str]:
    """The names of modules, and of what is imported from them, in a file."""
    return frozenset(_names(ast.walk(ast.parse((tree / file).read_bytes()))))


def _names(nodes: Iterable[ast.AST]) -> Iterable[str]:
    for node in nodes:
        match node:
            case ast.Import(names=names):
                yield from (each.name for each in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield module
                yield from (f"{module}.{each.name}" for each in names)
