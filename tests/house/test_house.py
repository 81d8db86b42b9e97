"""The house keeps its measures: no circle of imports, no crowded folder, no long module or function."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import grimp
import pytest

PACKAGE = Path(__file__).parents[2] / "tracetui"
MODULES = sorted(PACKAGE.rglob("*.py"))

MOST_MODULES = 12
MOST_LINES = 300
MOST_FUNCTION_LINES = 40
MOST_KERNEL_LINES = 1500
LEAST_LINES = 20
"""A shorter module that only one other imports belongs into that one."""

SMALL = {
    "tracetui.__main__": "python -m tracetui runs it; nothing imports it",
    "tracetui.tracing.unittest.__main__": "python -m tracetui.tracing.unittest runs it",
}
"""Why some short modules stand alone all the same."""


@cache
def imports() -> grimp.ImportGraph:
    """All imports among our modules: those in functions and under TYPE_CHECKING too."""
    return grimp.build_graph("tracetui", exclude_type_checking_imports=False, cache_dir=None)


def circles(graph: grimp.ImportGraph) -> list[list[str]]:
    """Modules that import each other, directly or by others: Tarjan's strongly connected components."""
    index: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    components: list[list[str]] = []

    def visit(module: str) -> None:
        index[module] = lowest[module] = len(index)
        stack.append(module)
        for other in graph.find_modules_directly_imported_by(module):
            if other not in index:
                visit(other)
            if other in stack:
                lowest[module] = min(lowest[module], lowest[other])
        if lowest[module] == index[module]:
            place = stack.index(module)
            components.append(sorted(stack[place:]))
            del stack[place:]

    for module in sorted(graph.modules):
        if module not in index:
            visit(module)
    return [component for component in components if len(component) > 1]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a module, nested ones too."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def test_no_module_imports_one_that_imports_it() -> None:
    """Neither directly nor by others, and not even when it is first used."""
    assert circles(imports()) == []


@pytest.mark.parametrize("closing", ["a", "b"])
def test_a_circle_is_noticed(closing: str) -> None:
    """Also one that goes through several modules."""
    graph = grimp.ImportGraph()
    for importer, imported in (("a", "b"), ("b", "c"), ("c", closing), ("d", "a")):
        graph.add_import(importer=importer, imported=imported)
    assert circles(graph) == [["a", "b", "c"] if closing == "a" else ["b", "c"]]


def test_no_folder_is_crowded() -> None:
    """At most a dozen modules each, `__init__` aside."""
    folders = {path.parent for path in MODULES}
    sizes = {folder: sum(path.name != "__init__.py" for path in folder.glob("*.py")) for folder in folders}
    assert {folder: size for folder, size in sizes.items() if size > MOST_MODULES} == {}


def test_no_module_is_long() -> None:
    """Whoever reads one holds it in the head."""
    assert {path: lines(path) for path in MODULES if lines(path) > MOST_LINES} == {}


def test_the_kernel_is_small() -> None:
    """Foreign bytes in C: it can be read in an afternoon."""
    assert sum(map(lines, PACKAGE.joinpath("kernel").glob("*.[ch]"))) <= MOST_KERNEL_LINES


def test_no_function_is_long() -> None:
    """From its `def` to its last line, docstring included."""
    sizes = {
        f"{path}:{function.name}": (function.end_lineno or 0) - function.lineno + 1
        for path in MODULES
        for function in functions(path)
    }
    assert {name: size for name, size in sizes.items() if size > MOST_FUNCTION_LINES} == {}


def test_only_pages_and_screens_draw() -> None:
    """What counts and measures knows no character that draws: lines, blocks, shapes, braille, marks."""
    below = [path for path in MODULES if path.relative_to(PACKAGE).parts[0] in ("analysis", "store", "model")]
    drawing = re.compile("[\u2500-\u28ff]")
    assert [str(path) for path in below if drawing.search(path.read_text())] == []


def test_no_small_module_stands_alone() -> None:
    """One with a single importer is a part of that one, unless `SMALL` tells why not."""
    small = {
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
        for path in MODULES
        if path.name != "__init__.py" and lines(path) < LEAST_LINES
    }
    alone = {name for name in small if len(imports().find_modules_that_directly_import(name)) < 2}
    assert alone == set(SMALL)
