"""Facts of what a Collector wrote are those of the recording, as far as its spans tell."""

from pathlib import Path
from typing import Any

from tests.fleet.runs import load, rows
from tests.recordings import RUNS
from tracetui.fleet.facts.collected import facts
from tracetui.fleet.facts.roles import spans_of_tests
from tracetui.fleet.schema import FACTS
from tracetui.fleet.schema.types import ibis_schema
from tracetui.fleet.store import open_store

DATA = Path(__file__).parents[1] / "data"
RECORDINGS = (
    DATA / "resmoke" / "evergreen",
    DATA / "dialects" / "tracetui-reruns.traces.jsonl",
    RUNS / "hookfail",
    RUNS / "shards_late",
)
NAMES = ["trace", "span", "parent", "role", "suite", "test", "hook", "outcome", "total_ns", "start_ns"]
NOT_TOLD = ("source", "unit", "app_spans", "ts", "date", "jobs")
OF_TESTS = [column.name for column in FACTS if column.name not in NOT_TOLD]


def both(tmp_path: Path, *paths: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Facts as they were loaded, and as they are found in the spans that were loaded with them."""
    url = f"lake://{tmp_path}/lake"
    load(url, *paths, spans=True)
    with open_store(url) as store:
        assert store.spans is not None
        found = facts(spans_of_tests(store.spans))
        assert found.schema() == ibis_schema(FACTS)
        return rows(url), store.rows(found).to_pylist()


def table(some: list[dict[str, Any]], columns: list[str], *roles: str) -> list[tuple[Any, ...]]:
    return sorted((tuple(row[name] for name in columns) for row in some if row["role"] in roles), key=repr)


def test_tests_are_those_of_the_recording(tmp_path: Path) -> None:
    """Every column of every test, to the nanosecond, and all names of hooks and suites."""
    loaded, found = both(tmp_path, *RECORDINGS)
    assert table(found, OF_TESTS, "test") == table(loaded, OF_TESTS, "test")
    roles = ("hook", "fixture", "archiver", "suite")
    assert table(found, NAMES, *roles) == table(loaded, NAMES, *roles)


def test_spans_that_come_twice_count_once(tmp_path: Path) -> None:
    """A Collector that was not answered in time delivers again."""
    url = f"lake://{tmp_path}/lake"
    load(url, RECORDINGS[0], spans=True)
    with open_store(url) as store:
        assert store.spans is not None
        twice = facts(spans_of_tests(store.spans.union(store.spans)))
        count = store.rows(twice.aggregate(rows=twice.count(), took=twice.total_ns.sum())).to_pylist()
    assert count == [{"rows": len(rows(url)), "took": sum(row["total_ns"] for row in rows(url))}]
