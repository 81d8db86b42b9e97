"""The place of a test among all that were collected, from the plugin to the column a reader has."""

from pathlib import Path

import numpy as np
import pytest

from tests.tracing.recording import run_pytest, write_suite
from tracetui.ingest.loading import load
from tracetui.model.numbers.collected import place, places
from tracetui.model.role import Role

SUITE = """
    import pytest

    @pytest.mark.parametrize("n", [3, 1, 2])
    def test_z(n): pass

    def test_a(): pass
"""


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["alone", "xdist"])
def test_each_test_says_its_place(tmp_path: Path, workers: list[str]) -> None:
    """As they stand in the file, whichever worker runs them; nothing else has one."""
    write_suite(tmp_path, test_yard=SUITE)
    run_pytest(tmp_path, "--tracetui", "spans", *workers)
    snapshot = load([str(tmp_path / "spans")]).table.snapshot()
    tests = np.flatnonzero(snapshot.role == Role.TEST).tolist()
    by_place = {int(snapshot.place[row]): snapshot.title(row).partition("::")[2] for row in tests}
    assert by_place == {1: "test_z[3]", 2: "test_z[1]", 3: "test_z[2]", 4: "test_a"}
    assert not snapshot.place[snapshot.role != Role.TEST].any()


def test_an_index_that_is_none() -> None:
    """Negative or beyond all suites: nobody told."""
    assert [place(index) for index in (-1, 0, 7, 1 << 30)] == [0, 1, 8, 0]
    assert places(np.array([-1, 0, 7, 1 << 30])).tolist() == [0, 1, 8, 0]
