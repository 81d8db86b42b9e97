"""`tracetui beside` on real files, from the command line."""

from pathlib import Path

import pytest

from tests.analysis.beside.recorded import runs
from tests.cli.running import answer, tracetui


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Six runs in which `t` failed beside `x`, and ten in which it passed without."""
    for number, part in enumerate([*runs("failed", 6, ["x"]), *runs("passed", 10, ["a"], 10)]):
        (tmp_path / f"run{number}y.jsonl").write_bytes(part)
    return tmp_path


def test_what_ran_beside_it(directory: Path) -> None:
    """The same on the page and in JSON."""
    page = tracetui("beside", "t", directory).stdout.decode().splitlines()
    assert page[0] == "t  6 failures, 10 passes"
    assert page[3].split() == ["test", "x", "6", "of", "6", "0", "of", "10", "273x", "<0.001"]
    (row,) = answer("beside", "t", directory)["rows"]
    assert (row["name"], row["bad_with"], row["good_with"]) == ("x", 6, 0)
    assert row["p"] == pytest.approx(1 / 8008)


def test_when_it_was_slow(directory: Path) -> None:
    """All took two seconds: there is nothing to compare, and that is said."""
    page = tracetui("beside", "--slow", "t", directory).stdout.decode().splitlines()
    assert page == [
        "t  0 slow passes, 10 others (slow: from 1.5x its median on)",
        "too few to tell what ran beside it: at least 3 of each are needed",
    ]


def test_no_such_test(directory: Path) -> None:
    """Wrong use, in one line."""
    ran = tracetui("beside", "tt", directory)
    assert (ran.returncode, ran.stdout) == (2, b"")
    assert ran.stderr == b"tracetui: no test is called tt (did you mean t?)\n"
