"""A lake is read by its manifests."""

import datetime as dt
from pathlib import Path

import pytest

from tests.fleet.lakes import DAY, declare, fact, write
from tracetui.errors import InputError
from tracetui.fleet.schema import FACTS
from tracetui.fleet.schema.types import ibis_schema
from tracetui.fleet.store import Store, open_store


def named(store: Store) -> list[str]:
    return sorted(store.rows(store.facts.select("test"))["test"].to_pylist())


def opened(lake: Path) -> Store:
    return open_store(f"lake://{lake}")


def test_an_empty_lake_has_all_columns(tmp_path: Path) -> None:
    """Questions need no case of their own for it."""
    with opened(tmp_path) as store:
        assert store.facts.schema() == ibis_schema(FACTS)
        assert store.rows(store.facts).num_rows == 0


def test_only_what_manifests_name_counts(tmp_path: Path) -> None:
    """What a killed load left behind is not read."""
    write(tmp_path / "facts/date=2026-10-01/one.parquet", [fact("one")])
    write(tmp_path / "facts/date=2026-10-01/left.parquet", [fact("left")])
    declare(tmp_path, "one", "facts/date=2026-10-01/one.parquet")
    with opened(tmp_path) as store:
        assert named(store) == ["one"]


def test_manifests_that_are_replaced_do_not_count(tmp_path: Path) -> None:
    """The moment in which a compaction is in place and what it was made of is still there."""
    for name in ("one", "two", "both"):
        write(tmp_path / f"facts/date=2026-10-01/{name}.parquet", [fact(name)])
        replaced = ("one", "two") if name == "both" else ()
        declare(tmp_path, name, f"facts/date=2026-10-01/{name}.parquet", replaces=replaced)
    with opened(tmp_path) as store:
        assert named(store) == ["both"]


def test_columns_that_a_file_lacks_say_nothing(tmp_path: Path) -> None:
    """A lake outlives the version that wrote its first files."""
    write(tmp_path / "facts/date=2026-10-01/old.parquet", [fact("old")], ("owner", "reruns", "cpu_ns"))
    write(tmp_path / "facts/date=2026-10-02/new.parquet", [fact("new", owner="us", reruns=2, cpu_ns=7)])
    declare(tmp_path, "a", "facts/date=2026-10-01/old.parquet", "facts/date=2026-10-02/new.parquet")
    with opened(tmp_path) as store:
        rows = store.rows(store.facts.select("test", "owner", "reruns", "cpu_ns").order_by("test"))
        assert store.facts.schema() == ibis_schema(FACTS)
    assert [tuple(row.values()) for row in rows.to_pylist()] == [("new", "us", 2, 7), ("old", "", 0, None)]


def test_columns_of_a_newer_version_are_passed_over(tmp_path: Path) -> None:
    """Only what is declared is read."""
    path = tmp_path / "facts/date=2026-10-01/one.parquet"
    write(path, [fact("one")])
    import pyarrow.parquet as pq

    table = pq.read_table(path, partitioning=None)
    pq.write_table(table.append_column("weather", [["rain"]]), path)
    declare(tmp_path, "one", "facts/date=2026-10-01/one.parquet")
    with opened(tmp_path) as store:
        assert "weather" not in store.facts.columns
        assert named(store) == ["one"]


def test_the_time_zone_of_the_machine_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """New York is four hours behind: a day there is another day."""
    import ibis

    write(tmp_path / "facts/date=2026-10-01/a.parquet", [fact("late", "2026-10-01T23:30:00")])
    write(tmp_path / "facts/date=2026-10-02/a.parquet", [fact("early", "2026-10-02T00:30:00")])
    declare(tmp_path, "a", *(f"facts/date=2026-10-0{day}/a.parquet" for day in (1, 2)))
    monkeypatch.setenv("TZ", "America/New_York")
    with opened(tmp_path) as store:
        midnight = ibis.timestamp("2026-10-02T00:00:00", timezone="UTC")
        before = store.facts.filter(store.facts.ts < midnight)
        assert store.rows(before.select("test"))["test"].to_pylist() == ["late"]
        as_days = store.facts.mutate(day=store.facts.ts.date()).select("date", "day")
        assert all(row["date"] == row["day"] for row in store.rows(as_days).to_pylist())


def test_a_date_reads_only_the_files_of_that_date(tmp_path: Path) -> None:
    """Times would not: that is why every question has a date beside its times."""
    days = [DAY + dt.timedelta(days=back) for back in range(10)]
    names = [f"facts/date={day}/a.parquet" for day in days]
    for name, day in zip(names, days, strict=True):
        write(tmp_path / name, [fact("t", f"{day}T12:00:00")])
    declare(tmp_path, "a", *names)
    with opened(tmp_path) as store:
        late = store.facts.filter(store.facts.date >= days[8]).agg(n=store.facts.own_ns.sum())
        plan = store.con.raw_sql(f"EXPLAIN ANALYZE {store.con.compile(late)}").fetchall()[0][1]
    assert "Scanning Files: 2/10" in plan


def test_names_are_no_sql(tmp_path: Path) -> None:
    """A quote in the path of a lake is a quote."""
    lake = tmp_path / "it's; DROP TABLE"
    write(lake / "facts/date=2026-10-01/a.parquet", [fact("one")])
    declare(lake, "a", "facts/date=2026-10-01/a.parquet")
    with opened(lake) as store:
        assert named(store) == ["one"]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("lake:///nowhere/at/all", "tracetui fleet ingest"),
        ("duckdb:///nowhere/at/all.db", "tracetui fleet ingest"),
        ("lakes:///a", "did you mean lake?"),
        ("/a/directory", "write lake:///DIR"),
        ("lake://", "a path is missing"),
    ],
)
def test_what_is_no_store_says_what_to_do(url: str, words: str) -> None:
    """One line each."""
    with pytest.raises(InputError, match=r"^[^\n]+$") as raised:
        open_store(url)
    assert words in str(raised.value)


@pytest.mark.parametrize(("text", "words"), [("{", "no manifest"), ('{"format": 99}', "another version")])
def test_manifests_that_cannot_be_read_are_named(tmp_path: Path, text: str, words: str) -> None:
    """They are never passed over: numbers would be wrong without a word."""
    declare(tmp_path, "a")
    (tmp_path / "manifests" / "a.json").write_text(text)
    with pytest.raises(InputError, match=words):
        opened(tmp_path)
