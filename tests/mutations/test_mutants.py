"""Which mutants a module has, by what they are known, and every night: how many of a sample are noticed."""

import subprocess
import sys

import pytest

from tests.mutations.judging import TREE
from tests.mutations.mutants import mutants
from tests.mutations.sample import SIZE, equivalent, sample
from tests.mutations.subjects import files_of


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("a < b", ["a <= b"]),
        ("a <= b < c", ["a < b < c", "a <= b <= c"]),
        ("a is not None", ["a is None"]),
        ("a is b", ["a is not b"]),
        ("a not in b", ["a in b"]),
        ("a in b", ["a not in b"]),
        ("a == b", ["a != b"]),
        ("a and b or c", ["a or b or c", "a and b and c"]),
        ("not a", ["a"]),
        ("x[~a] & b", ["x[a] & b", "x[~a] | b"]),
        ("MOST = 64", ["MOST = 63", "MOST = 65"]),
        ("MOST = 0.0", ["MOST = -1.0", "MOST = 1.0"]),
        ("'é' < b", ["'é' <= b"]),
        ("def f(a: 'x | 3' = True) -> 'int | 4': pass", []),
        ("'1 < 2'", []),
    ],
)
def test_mutants(code: str, changed: list[str]) -> None:
    """Comparisons, numbers, `and`, `or`, `not`, `is` and `&` change; texts and annotations do not."""
    source = code.encode()
    assert [each.applied(source).decode() for each in mutants(source)] == changed


def test_names() -> None:
    """By function and statement, so that lines may move; equal ones are numbered."""
    source = b"MOST = 0.5\\nclass A:\\n    def f(self, x):\\n        return x < x < x\\n".replace(
        b"\\n", b"\n"
    )
    made = mutants(source)
    assert [each.name for each in made] == [
        "MOST: 0.5 -> 0.495 in `MOST = 0.5`",
        "MOST: 0.5 -> 0.505 in `MOST = 0.5`",
        "A.f: < -> <= in `return x < x < x`",
        "A.f: < -> <= in `return x < x < x` #2",
    ]
    assert [each.is_of_constant for each in made] == [True, True, False, False]
    assert [each.name for each in mutants(b"\n\n" + source)] == [each.name for each in made]


def test_files_of_a_module() -> None:
    """Those that bear its name or import it come first, then the others of its floor."""
    near, others = files_of("tracetui/analysis/stalls/quiet.py", TREE)
    assert {"tests/analysis/test_quiet.py", "tests/analysis/test_edges_quiet.py"} <= set(near)
    assert "tests/analysis/test_tree.py" in others
    assert not set(near) & set(others)


def test_the_sample_is_fixed() -> None:
    """A smaller one is its beginning; what is listed as equivalent is in it."""
    names = [f"{module}::{mutant.name}" for module, mutant in sample()]
    assert [f"{module}::{mutant.name}" for module, mutant in sample(7)] == names[:7]
    assert (len(names), len(set(names))) == (SIZE, SIZE)
    assert set(equivalent()) <= set(names)


@pytest.mark.nightly
@pytest.mark.timeout(4 * 3600)
def test_most_are_noticed() -> None:
    """Of the sample, without what no test can tell, at least 85 of 100; the others are printed."""
    command = [sys.executable, "-m", "tests.mutations", "--sample", str(SIZE)]
    ran = subprocess.run(command, cwd=TREE, capture_output=True, text=True, check=False)
    *alive, counted = ran.stdout.splitlines() or [ran.stderr]
    assert ran.returncode < 2, ran.stdout + ran.stderr
    noticed, _, tried, _ = counted.split()
    assert int(noticed) >= 0.85 * int(tried), "\n".join(alive)
