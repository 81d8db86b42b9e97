"""All engines give the same answers: the same keys and whole numbers, reals within 1e-9."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.fleet.engines import differences, documents
from tests.fleet.lake import Plan, fleet, write_lake
from tracetui.fleet.store import open_store

NEEDS = {"chdb": "fleet-test", "sail": "fleet-test"}
LIBRARIES = {"chdb": "chdb", "sail": "pysail"}
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake of a small fleet."""
    return write_lake(tmp_path_factory.mktemp("lake"), fleet(Plan(tests=40, regressed=4, flaky=3)))


@pytest.fixture(scope="module")
def expected(lake: Path) -> Any:
    """What the embedded engine answers, whose answers other tests hold against Python's."""
    with open_store(f"lake://{lake}") as store:
        return documents(store)


@pytest.mark.parametrize("engine", sorted(NEEDS))
def test_engines_agree(engine: str, lake: Path, expected: Any, tmp_path: Path) -> None:
    """ClickHouse over the table of a Collector, Spark over the lake."""
    if find_spec(LIBRARIES[engine]) is None:
        pytest.skip(f"needs: pip install -e '.[{NEEDS[engine]}]'")
    command = [sys.executable, "-W", "ignore", "-m", "tests.fleet.engines", engine, str(tmp_path), str(lake)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, timeout=250)
    assert ran.returncode == 0, ran.stderr.decode()[-2000:]
    found = json.loads(ran.stdout.splitlines()[-1])
    assert list(found) == list(expected)
    assert list(differences(found, expected)) == []


def test_a_difference_is_noticed() -> None:
    """In a whole number, a real, a key, a row, and in what is null."""
    row = {"count": 3, "share": 0.25, "variant": None}
    assert list(differences([row], [row])) == []
    for wrong in ({"count": 4}, {"share": 0.25 + 2e-9}, {"share": 0}, {"variant": ""}, {"more": 1}):
        assert len(list(differences([row], [row | wrong]))) == 1
    assert len(list(differences([row], [row, row]))) == 1
