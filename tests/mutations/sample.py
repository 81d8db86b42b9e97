"""The sample that is tried every night: the same mutants as long as their lines are the same."""

from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import blake2b
from pathlib import Path

from tests.mutations.judging import TREE
from tests.mutations.mutants import Mutant, mutants

ROOMS = (
    "tracetui/analysis",
    "tracetui/store",
    "tracetui/formats",
    "tracetui/model",
    "tracetui/sources",
    "tracetui/ingest",
    "tracetui/tracing",
)
SIZE = 100
SEED = b"edges"
_EQUIVALENT = Path(__file__).with_name("equivalent.txt")


def modules(paths: Iterable[str]) -> list[str]:
    """The modules at or below paths of the tree."""
    found = (TREE / path for path in paths)
    files = (file for path in found for file in ([path] if path.is_file() else sorted(path.rglob("*.py"))))
    return [file.relative_to(TREE).as_posix() for file in files]


def sample(size: int = SIZE) -> list[tuple[str, Mutant]]:
    """Modules and mutants: the first by chance; a line that changes changes no others."""
    return _by_chance()[:size]


@cache
def _by_chance() -> list[tuple[str, Mutant]]:
    every = [
        (rank(f"{module}::{mutant.name}"), module, mutant)
        for module in modules(ROOMS)
        for mutant in mutants((TREE / module).read_bytes())
    ]
    every.sort(key=lambda each: each[0])
    return [(module, mutant) for _, module, mutant in every]


def rank(name: str) -> bytes:
    """A place by chance that follows from the name."""
    return blake2b(name.encode(), key=SEED, digest_size=16).digest()


def equivalent() -> Mapping[str, str]:
    """Mutants by name that no test can tell from the code, and why: pairs of lines, the second indented."""
    lines = [line for line in _EQUIVALENT.read_text("utf-8").splitlines() if line.strip()]
    return {name: why.strip() for name, why in zip(lines[::2], lines[1::2], strict=True)}
