"""The kernel reads any bytes and touches no others, also where memory runs out: in C, a mistake is a hole.

A fixed number of inputs from a fixed seed on every push, whichever the machine; an hour of others at night.
"""

import shutil
from pathlib import Path

import pytest

from tests.budgets import examples, some
from tests.fuzz.kernel.fuzzer import NoFuzzerError, build, build_plain, run, write_seeds
from tracetui.kernel.loading import FOLDER, sources

RUNS = examples(25_000)


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """A directory of them."""
    write_seeds(tmp_path / "seeds")
    return tmp_path / "seeds"


@pytest.fixture
def fuzzer(tmp_path: Path) -> Path:
    """Built with sanitizers."""
    try:
        return build(tmp_path)
    except NoFuzzerError as error:
        pytest.skip(str(error))


def test_damaged_documents_break_nothing(fuzzer: Path, seeds: Path) -> None:
    """Mutated, and kept where they reach other code; all that is returned lies within the text."""
    assert run(fuzzer, f"-runs={RUNS}", "-seed=1", seeds) == ""


BROKEN = (
    ("cursor.h", "LIKELY(left(c) >= length) && memcmp", "memcmp"),
    ("numbers.h", "left(c) < 16 * count + 2 || ", ""),
    ("interned.h", "        if (!items)\n            return NULL;\n        array", "        array"),
    ("read.c", "    r->last_blob[0] = r->last_blob[1] = (slice){text, 0};\n", ""),
)


@pytest.mark.parametrize(("file", "sound", "broken"), some(BROKEN, 3))
def test_what_is_broken_is_noticed(file: str, sound: str, broken: str, seeds: Path, tmp_path: Path) -> None:
    """A bound that is not checked, memory that is taken for granted, a place in a text that is gone."""
    folder = tmp_path / "c"
    folder.mkdir()
    for path in sources(FOLDER):
        shutil.copy(path, folder)
    source = (folder / file).read_text()
    assert source.count(sound) == 1
    (folder / file).write_text(source.replace(sound, broken))
    try:
        assert run(build(tmp_path, folder), f"-runs={RUNS}", "-seed=1", seeds) != ""
    except NoFuzzerError as error:
        pytest.skip(str(error))


def test_valgrind_finds_nothing(seeds: Path, tmp_path: Path) -> None:
    """No decision rests on a byte that was never written, which sanitizers miss; nothing is left behind."""
    valgrind = shutil.which("valgrind")
    if not valgrind:
        pytest.skip("needs valgrind")
    try:
        plain = build_plain(tmp_path)
    except NoFuzzerError as error:
        pytest.skip(str(error))
    under = [valgrind, "--quiet", "--error-exitcode=9", "--leak-check=full"]
    assert run(plain, "-runs=2000", "-seed=1", seeds, under=under) == ""


@pytest.mark.nightly
@pytest.mark.timeout(4000)
def test_an_hour_of_others_breaks_nothing(fuzzer: Path, seeds: Path) -> None:
    """From another seed each time."""
    assert run(fuzzer, "-max_total_time=3600", f"-seed={id(object())}", seeds) == ""
