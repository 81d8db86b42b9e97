"""`python -m tests.mutations PATH... [options]`: writes the mutants of modules that nobody notices."""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.mutations.judging import TREE, Judge
from tests.mutations.mutants import Mutant, mutants
from tests.mutations.sample import equivalent, modules, sample
from tests.mutations.subjects import files_of


def main() -> int:
    """The exit code: 1 where any survived, 2 where tests fail without a mutant."""
    given = _arguments()
    alive = judged = 0
    with tempfile.TemporaryDirectory() as place:
        judge = Judge(Path(place))
        for module, chosen in _work(given):
            tests = _tests(module, given)
            if judge.fails(tests[:1]):
                _say(f"{module}: its tests fail without any mutant")
                return 2
            for mutant in chosen:
                judged += 1
                if not judge.is_noticed(module, mutant, tests):
                    alive += 1
                    _say(f"{module}::{mutant.name}")
    _say(f"{judged - alive} of {judged} noticed")
    return min(alive, 1)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _arguments() -> argparse.Namespace:
    reader = argparse.ArgumentParser(prog="python -m tests.mutations")
    reader.add_argument("paths", nargs="*", metavar="PATH", help="a module, or a folder of some")
    reader.add_argument(
        "--sample", type=int, metavar="N", help="the first of the sample, without equivalent ones"
    )
    reader.add_argument("--constants", action="store_true", help="only those of named constants")
    reader.add_argument("--where", default="", metavar="NAME", help="only those of a function or constant")
    reader.add_argument(
        "--near", action="store_true", help="only tests of the name, or that import the module"
    )
    reader.add_argument("--tests", nargs="+", metavar="FILE", help="these instead")
    return reader.parse_args()


def _work(given: argparse.Namespace) -> Iterator[tuple[str, Sequence[Mutant]]]:
    """Modules, and their mutants that are to be tried."""
    if given.sample:
        known = equivalent()
        some = [each for each in sample(given.sample) if f"{each[0]}::{each[1].name}" not in known]
        for module in sorted({module for module, _ in some}):
            yield module, [mutant for of, mutant in some if of == module]
    for module in modules(given.paths):
        if chosen := _chosen(module, given):
            yield module, chosen


def _chosen(module: str, given: argparse.Namespace) -> list[Mutant]:
    found = mutants((TREE / module).read_bytes())
    return [
        each for each in found if (each.is_of_constant or not given.constants) and given.where in each.where
    ]


def _tests(module: str, given: argparse.Namespace) -> tuple[Sequence[str], ...]:
    if given.tests:
        return (given.tests,)
    near, others = files_of(module, TREE)
    return (near,) if given.near else (near, others)


if __name__ == "__main__":
    sys.exit(main())
