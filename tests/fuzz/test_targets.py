"""The targets on their corpus, mutated by Hypothesis on every push; by atheris, for longer, at night."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS

CORPUS = Path(__file__).parent / "corpus"
SEEDS = {name: [path.read_bytes() for path in sorted((CORPUS / name).iterdir())] for name in TARGETS}

places = st.integers(0, 1 << 14)
edits = st.lists(
    st.tuples(
        st.sampled_from(["flip", "cut", "drop", "repeat", "insert"]), places, places, st.binary(max_size=9)
    ),
    min_size=1,
    max_size=3,
)


def edited(data: bytes, changes: list[tuple[str, int, int, bytes]]) -> bytes:
    """`data` damaged in a few places, as disks, networks and killed writers do."""
    for kind, first, second, noise in changes:
        begin, end = sorted((first % (len(data) + 1), second % (len(data) + 1)))
        part = data[begin:end]
        match kind:
            case "flip":
                flipped = bytes(byte ^ 1 << first % 8 for byte in data[begin : begin + 1])
                data = data[:begin] + flipped + data[begin + 1 :]
            case "cut":
                data = data[:begin]
            case "drop":
                data = data[:begin] + data[end:]
            case "repeat":
                data = data[:end] + part + data[end:]
            case _:
                data = data[:begin] + noise + data[begin:]
    return data


@pytest.mark.parametrize("name", TARGETS)
def test_every_seed_holds(name: str) -> None:
    """What a fuzzer once found stays mended."""
    for seed in SEEDS[name]:
        TARGETS[name](seed)


@pytest.mark.parametrize("name", TARGETS)
def test_damaged_seeds_hold(name: str) -> None:
    """A few edits of a seed, of any kind, break nothing."""

    @settings(max_examples=150, deadline=None)
    @given(st.sampled_from(SEEDS[name]), edits)
    def holds(seed: bytes, changes: list[tuple[str, int, int, bytes]]) -> None:
        TARGETS[name](edited(seed, changes))

    holds()


@pytest.mark.parametrize("name", TARGETS)
def test_any_bytes_hold(name: str) -> None:
    """Bytes out of the blue break nothing."""

    @settings(max_examples=150, deadline=None)
    @given(st.binary(max_size=400))
    def holds(data: bytes) -> None:
        TARGETS[name](data)

    holds()


@pytest.mark.nightly
@pytest.mark.timeout(4000)
@pytest.mark.skipif(not importlib.util.find_spec("atheris"), reason="needs the extra `fuzz`")
@pytest.mark.parametrize("name", TARGETS)
def test_an_hour_of_fuzzing_finds_nothing(name: str, tmp_path: Path) -> None:
    """Guided by coverage, from the corpus on."""
    command = [sys.executable, "-m", "tests.fuzz", name, "-max_total_time=3600"]
    options = [f"-artifact_prefix={tmp_path}/", str(tmp_path), str(CORPUS / name)]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
