"""The table that a Collector fills in ClickHouse, and recordings that are loaded beside it."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

pytest.importorskip("chdb", reason="needs: pip install -e '.[fleet-test]'")

from tests.builders import MS, T0, line
from tests.fleet import clickhouse
from tests.fleet.runs import DAY_NS, Row, load, rows, spans_of, sums, whole, write_run
from tests.recordings import RUNS
from tracetui.errors import InputError
from tracetui.fleet.store import open_sink, open_store, statements
from tracetui.fleet.store.address import address
from tracetui.fleet.store.clickhouse import materialised
from tracetui.fleet.store.clickhouse.engine import connect, tables

DATA = Path(__file__).parents[1] / "data"
RECORDINGS = (
    DATA / "resmoke" / "evergreen",
    DATA / "dialects" / "tracetui-reruns.traces.jsonl",
    RUNS / "shards_late",
)
NOT_TOLD = ("source", "unit", "app_spans", "ts")
"""Where it was read, what no span tells by itself, and when hooks began that wrote none."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The one store that a process can open."""
    return clickhouse.url(tmp_path_factory.mktemp("clickhouse"))


@pytest.fixture
def client(place: str) -> Iterator[Any]:
    """A connection to an empty store."""
    con = connect(address(place))
    for name in sorted(tables(con), key=lambda name: not name.endswith("_mv")):
        con.con.command(f"DROP TABLE IF EXISTS {name} SYNC")
    yield con.con
    con.disconnect()


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> tuple[pa.Table, list[Row]]:
    """The spans of some recordings, and their facts."""
    lake = f"lake://{tmp_path_factory.mktemp('lake')}"
    load(lake, *RECORDINGS, spans=True)
    with open_store(lake) as store:
        assert store.spans is not None
        return store.rows(store.spans), rows(lake)


def told_of_tests(some: list[Row]) -> list[list[Any]]:
    """All that is told of tests, in order."""
    found = [
        [value for name, value in row.items() if name not in NOT_TOLD]
        for row in some
        if row["role"] == "test"
    ]
    return sorted(found, key=repr)


def told_of_others(some: list[Row]) -> list[list[Any]]:
    """What is told of hooks, fixtures, archivers and suites; their self time is not known to a span."""
    left = (*NOT_TOLD, "own_ns")
    found = [
        [value for name, value in row.items() if name not in left] for row in some if row["role"] != "test"
    ]
    return sorted(found, key=repr)


def test_spans_of_a_collector_are_the_facts_of_the_recording(
    place: str, client: Any, recorded: tuple[pa.Table, list[Row]]
) -> None:
    """Found as they are asked for: the same, to the nanosecond. Columns that are computed are not read."""
    spans, facts = recorded
    clickhouse.create(client)
    clickhouse.collect(client, spans)
    found = rows(place)
    assert told_of_tests(found) == told_of_tests(facts)
    assert told_of_others(found) == told_of_others(facts)


def test_who_may_not_make_tables_has_the_same(
    place: str, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only slower: what is temporary otherwise is worked out at each mention."""
    clickhouse.create(client)
    monkeypatch.setattr(materialised, "_PLAIN", "ENGINE = Forbidden")
    with open_store(place) as store:
        assert store.between(None, None).equals(store.facts)


def test_only_days_around_a_window_are_looked_at(place: str, client: Any, tmp_path: Path) -> None:
    """With whatever belongs to its tests, although that began before it; a part of them is not made again."""
    for number, start in ((1, T0), (2, T0 + 10 * DAY_NS)):
        load(f"lake://{tmp_path}/lake", write_run(tmp_path / f"{number}.jsonl", number, 4, start), spans=True)
    with open_store(f"lake://{tmp_path}/lake") as store:
        assert store.spans is not None
        clickhouse.create(client)
        clickhouse.collect(client, store.rows(store.spans))
    since = T0 + 10 * DAY_NS + 15 * MS
    with open_store(place) as store:
        narrow = store.between(since, None)
        found = store.rows(narrow.filter(narrow.start_ns >= since)).to_pylist()
        assert {row["run"] for row in store.rows(narrow).to_pylist()} == {"run-2"}
        assert store.between(since + DAY_NS, since + 2 * DAY_NS) is narrow
    expected = [row for row in rows(f"lake://{tmp_path}/lake") if row["start_ns"] >= since]
    assert told_of_tests(found) == told_of_tests(expected)
    assert len(found) == 2


def test_what_is_loaded_meanwhile_counts_once(place: str, client: Any, tmp_path: Path) -> None:
    """A run that a Collector has brought, while a store is open that has asked about it before."""
    path = write_run(tmp_path / "a.jsonl", 1)
    load(f"lake://{tmp_path}/lake", path, spans=True)
    open_sink(place)
    clickhouse.create(client)
    with open_store(f"lake://{tmp_path}/lake") as store:
        assert store.spans is not None
        clickhouse.collect(client, store.rows(store.spans))
    with open_store(place) as store:
        before = store.rows(store.between(None, None))
        load(place, path)
        after = store.rows(store.between(None, None))
    assert before.num_rows == after.num_rows == 11
    assert before["unit"].unique().to_pylist() == [""] != after["unit"].unique().to_pylist()


def test_a_view_keeps_them_as_they_come(
    place: str, client: Any, recorded: tuple[pa.Table, list[Row]]
) -> None:
    """What an older exporter wrote before there was a view and after it, twice, and a recording of the same.

    A clock that was set back makes a span end before it begins: that one tells nothing.
    """
    spans, facts = recorded
    clickhouse.create(client, is_old=True)
    wrong = spans["SpanName"].to_pylist().index("job._execute_test")
    backwards = [-4 if number == wrong else took for number, took in enumerate(spans["Duration"].to_pylist())]
    place_of = spans.column_names.index("Duration")
    clickhouse.collect(client, spans.set_column(place_of, "Duration", pa.array(backwards)), is_old=True)
    open_sink(place).create()
    found = [row for row in rows(place) if row["role"] == "test"]
    without = [
        row for row in facts if row["role"] == "test" and row["span"] != spans["SpanId"][wrong].as_py()
    ]
    assert len(found) == len(without)
    assert told_of_tests(found) == told_of_tests(without)
    for _ in range(2):  # The Collector delivers at least once.
        clickhouse.collect(client, spans, is_old=True)
    (asked,) = client.query("SELECT count(), sum(total_ns) FROM test_facts").result_rows
    assert asked == (len(facts), sum(row["total_ns"] for row in facts))
    load(place, *RECORDINGS)
    assert told_of_tests(rows(place)) == told_of_tests(facts)


def test_durations_are_signed(place: str, client: Any, recorded: tuple[pa.Table, list[Row]]) -> None:
    """A newer exporter writes one of -4 ns as 584 years."""
    clickhouse.create(client)
    spans = recorded[0].slice(0, 1)
    backwards = pa.array([-4], pa.int64())
    clickhouse.collect(client, spans.set_column(spans.column_names.index("Duration"), "Duration", backwards))
    assert client.query("SELECT Duration FROM otel_traces").result_rows == [(2**64 - 4,)]
    with open_store(place) as store:
        assert store.spans is not None
        assert store.rows(store.spans.select("Duration"))["Duration"].to_pylist() == [-4]


def test_the_time_zone_of_a_table_changes_nothing(
    place: str, client: Any, recorded: tuple[pa.Table, list[Row]]
) -> None:
    """New York is hours behind: half past midnight is the day before there."""
    clickhouse.create(client, zone="America/New_York")
    midnight = 1_795_046_400_000_000_000 + 30 * 60 * 10**9
    spans = recorded[0].slice(0, 1)
    place_of = spans.column_names.index("StartTimeUnixNano")
    clickhouse.collect(client, spans.set_column(place_of, "StartTimeUnixNano", pa.array([midnight])))
    with open_store(place) as store:
        assert store.spans is not None
        (row,) = store.rows(store.spans.select("date", "Timestamp", "StartTimeUnixNano")).to_pylist()
    assert (row["date"], row["StartTimeUnixNano"]) == (dt.date(2026, 11, 19), midnight)
    assert row["Timestamp"].astimezone(dt.UTC).hour == 0


def test_recordings_are_loaded_once(place: str, client: Any, tmp_path: Path) -> None:
    """Twice, grown, and after a load that was killed before it was noted."""
    path = write_run(tmp_path / "a.jsonl", 1, lines=6)
    load(place, path)
    load(place, path)
    assert sums(place) == {"run-1": (6, 6, 6 * 10 * MS)}
    load(place, write_run(path, 1))
    assert sums(place) == {"run-1": whole()}
    client.command("TRUNCATE TABLE fleet_loads")
    client.command("TRUNCATE TABLE fleet_files")
    load(place, path)
    assert sums(place) == {"run-1": whole()}


def test_old_days_leave(place: str, client: Any, tmp_path: Path) -> None:
    """And parts are merged."""
    load(place, write_run(tmp_path / "a.jsonl", 1))
    sink = open_sink(place)
    day = rows(place)[0]["date"]
    assert sink.compact()[1] == 1
    assert (sink.prune(day), len(rows(place))) == (0, 11)
    assert (sink.prune(day.replace(year=day.year + 1)), len(rows(place))) == (11, 0)


def test_what_is_missing_is_told(place: str, client: Any, tmp_path: Path) -> None:
    """With what to do."""
    with pytest.raises(InputError, match="tracetui fleet ingest"):
        open_store(place)
    sink = open_sink(place)
    with pytest.raises(InputError, match="have a Collector write"):
        sink.create()
    *tests, top = spans_of(1, 2, T0)
    (tmp_path / "a.jsonl").write_bytes(line(*tests, top))
    with pytest.raises(InputError, match="without --spans"):
        load(place, tmp_path / "a.jsonl", spans=True)


def test_the_statements_need_no_server(place: str) -> None:
    """They are there to be read, and run by whoever may."""
    printed = statements("clickhouse://nowhere.invalid/otel")
    assert [statement.split()[:3] for statement in printed[-3:]] == [
        ["CREATE", "MATERIALIZED", "VIEW"],
        ["INSERT", "INTO", "test_spans"],
        ["CREATE", "OR", "REPLACE"],
    ]


def test_a_server_that_is_not_there_is_told_in_a_line() -> None:
    """Without the password."""
    with pytest.raises(InputError, match=r"^clickhouse://me:\*\*\*@127\.0\.0\.1:1/otel: [^\n]+$"):
        open_store("clickhouse://me:secret@127.0.0.1:1/otel")
