"""What engines do differently, and gave wrong answers without an error: each trap has a test."""

import re
from pathlib import Path

import ibis
import pytest

from tests.fleet.lakes import declare, fact, write
from tests.fleet.test_questions import of_facts
from tracetui.fleet.queries import durations, money, outcomes, questions, series
from tracetui.fleet.queries.window import Window
from tracetui.fleet.report.asking import Question
from tracetui.fleet.report.slowest import slowest
from tracetui.fleet.schema import FACTS
from tracetui.fleet.schema.types import ibis_schema
from tracetui.fleet.store import open_store

QUERIES = Path(questions.__file__).parent
DAY = 86_400 * 1_000_000_000
DIALECTS = ("duckdb", "clickhouse", "databricks", "snowflake", "trino", "bigquery", "postgres")


def test_no_query_names_an_engine() -> None:
    """One set of expressions for all; nor do they ask for what engines only estimate, or rank anew."""
    text = "\n".join(path.read_text() for path in QUERIES.glob("*.py"))
    for word in ("duckdb", "clickhouse", "chdb", "spark", "sail", "raw_sql", r"\.sql\("):
        assert not re.search(word, text, re.IGNORECASE), word
    for call in ("nunique", "quantile", "median", "rank", "row_number", "memtable", "execute", "approx_"):
        assert not re.search(rf"\.{call}\(", text), call


def expressions(facts: ibis.Table) -> list[ibis.Table]:
    """All that any question asks."""
    new, base = Window(DAY, 2 * DAY, branches=("main",)), Window(0, DAY)
    return [
        each
        for verb in ("slowest", "hooks", "archive", "flaky", "regress", "cost", "history", "stats", "doctor")
        for each in questions.expressions(verb, facts, new, base)
    ]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_can_say_it(dialect: str) -> None:
    """Also those of warehouses that are not tested here: nothing is asked that they have no word for."""
    facts = ibis.table(ibis_schema(FACTS), name="test_facts")
    for expression in expressions(facts):
        sql = str(ibis.to_sql(expression, dialect=dialect)).lower()
        assert "test_facts" in sql
        assert not re.search(r"\b(rank|dense_rank|row_number|quantile\w*|uniq\w*|approx\w*)\(", sql)


def test_a_small_share_keeps_its_digits(tmp_path: Path) -> None:
    """Where quotients are decimals of six digits it would be 0."""
    rows = [fact("small", own_ns=3), fact("large", own_ns=900_000_000)]
    with of_facts(tmp_path, rows) as store:
        told = {row["test"]: row["share"] for row in slowest(Question(store, Window())).rows}
    assert told["small"] == pytest.approx(3 / 900_000_003, rel=1e-12)


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo", "UTC"])
def test_the_time_zone_of_a_session_moves_nothing(tmp_path: Path, zone: str) -> None:
    """Windows and days are UTC, to the nanosecond."""
    rows = [fact(f"t{hour}", at=f"2026-10-01T{hour:02}:30:00") for hour in range(24)]
    begin = rows[3]["start_ns"]
    with of_facts(tmp_path, rows) as store:
        store.con.raw_sql(f"SET TimeZone = '{zone}'")
        asked = Question(store, Window(begin, rows[20]["start_ns"]))
        assert sorted(row["test"] for row in slowest(asked).rows) == sorted(f"t{n}" for n in range(3, 20))
        days = store.rows(outcomes.stats(store.facts, Window()))["date"].to_pylist()
    assert {day.isoformat() for day in days} == {"2026-10-01"}


def test_only_files_of_the_days_asked_for_are_read(tmp_path: Path) -> None:
    """A file of another day may be damaged: nobody looks into it."""
    for day in (1, 2, 3):
        path = tmp_path / "facts" / f"date=2026-10-0{day}" / "all.parquet"
        write(path, [fact("t", at=f"2026-10-0{day}T12:00:00", run=str(day))])
    declare(tmp_path, "all", *(f"facts/date=2026-10-0{day}/all.parquet" for day in (1, 2, 3)))
    begin = fact(at="2026-10-02T00:00:00")["start_ns"]
    with open_store(f"lake://{tmp_path}") as store:
        plan = store.con.raw_sql(
            "EXPLAIN ANALYZE " + store.con.compile(durations.slowest(store.facts, Window(begin, begin + DAY)))
        ).fetchall()
    assert re.search(r"Scanning Files:\s*1/3|Total Files Read:\s*1\b", str(plan)), plan


def test_a_missing_column_says_nothing(tmp_path: Path) -> None:
    """Files of an older version are asked like any other."""
    path = tmp_path / "facts" / "date=2026-10-01" / "old.parquet"
    write(path, [fact("t", run="1")], without=("owner", "cores", "reruns", "request"))
    declare(tmp_path, "old", "facts/date=2026-10-01/old.parquet")
    with open_store(f"lake://{tmp_path}") as store:
        rows = store.rows(money.cost(store.facts, Window(), "owner")).to_pylist()
    assert [(row["name"], row["count"], row["unpriced"]) for row in rows] == [("", 1, 1)]


def test_whole_numbers_beside_nothing_stay_whole(tmp_path: Path) -> None:
    """A test that never passed has no time at which it passed: a null would make reals of the others."""
    rows = [fact("a", outcome="failed", revision="1"), fact("b", revision="1"), fact("b", outcome="failed")]
    with of_facts(tmp_path, rows) as store:
        found = store.rows(outcomes.at_code(store.facts, Window()))
        empty = store.rows(durations.runs(store.facts, Window(until_ns=1)))
    integers = [name for name in found.column_names if str(found[name].type) == "int64"]
    assert "last_passed_ns" in integers
    assert all(found[name].null_count == 0 for name in integers)
    assert empty.to_pylist() == [{"runs": 0, "tests": 0, "oldest_ns": 0, "newest_ns": 0}]


def test_names_with_quotes_and_percents(tmp_path: Path) -> None:
    """What is looked for is text in every dialect."""
    rows = [fact("it's 100%_\\d", owner="o'neil"), fact("its 100 d", owner="x")]
    with of_facts(tmp_path, rows) as store:
        found = store.rows(series.longest(store.facts, Window(), 5, "'S 100%_\\"))["test"].to_pylist()
        told = slowest(Question(store, Window(owners=("o'neil",)))).rows
    assert found == ["it's 100%_\\d"]
    assert [row["test"] for row in told] == ["it's 100%_\\d"]
