"""`tracetui ledger`: rows that add up, names behind them, and what a lane's time costs."""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.builders import MS, T0, S, case, id_of, line, span
from tests.cli.running import EVERGREEN, LOCAL, answer, tracetui
from tests.recordings import RUNS
from tracetui.report.deciding.ledger import price

KEYS = ("kind", "name", "ns", "computing_ns", "waiting_ns", "count", "depth")


@pytest.fixture
def waiting(tmp_path: Path) -> Path:
    """Two lanes; of three tests one mostly waits; a fixture stands for two of them."""
    suite = span("s", {"tracetui.span.role": "suite", "test.suite.name": "s"}, end=T0 + 1000 * MS)
    spans = [suite]
    for number, (lane, at, cpu) in enumerate((("gw0", 0, 10), ("gw0", 500, 490), ("gw1", 0, 480))):
        test = case(f"t::{number}", worker=lane, start=T0 + at * MS, end=T0 + (at + 500) * MS, parent=suite)
        told = {"tracetui.span.role": "phase", "tracetui.cpu_ns": cpu * MS}
        start, end = int(test["startTimeUnixNano"]), int(test["endTimeUnixNano"])
        spans += [test, span("call", told, start=start, end=end, parent=test, id=id_of(number))]
    (tmp_path / "run.jsonl").write_bytes(line(*spans))
    return tmp_path


@pytest.mark.parametrize("path", [EVERGREEN, LOCAL, RUNS / "shards_late"])
def test_rows_add_up(path: Path) -> None:
    """Those of depth 0 to lanes times wall, those of depth 1 to the one above, with all names or few."""
    for most in (0, 2):
        told = answer("ledger", path, "-n", most)
        assert told["schema"] == "tracetui.ledger/1"
        assert told["capacity_ns"] == told["lanes"] * told["wall_ns"]
        assert sum(row["ns"] for row in told["rows"] if row["depth"] == 0) == told["capacity_ns"]
        for top in (row for row in told["rows"] if row["depth"] == 0):
            parts = [row for row in told["rows"] if row["depth"] == 1 and row["kind"] == top["kind"]]
            assert sum(row["ns"] for row in parts) == top["ns"]
            assert len(parts) <= 3 or not most
        assert all(set(KEYS) <= set(row) for row in told["rows"])


def test_what_waits_is_called_so(waiting: Path) -> None:
    """In the document, on the row, and in a sentence that counts them."""
    told = answer("ledger", waiting)
    tests = {row["name"]: row for row in told["rows"] if row["kind"] == "tests" and row["depth"]}
    assert {name: row["mostly_waits"] for name, row in tests.items()} == {
        "t::0": True,
        "t::1": False,
        "t::2": False,
    }
    assert all(row["computing_ns"] + row["waiting_ns"] == row["ns"] for row in tests.values())
    assert (told["tests"], told["waiting"]) == (3, 1)
    page = tracetui("ledger", waiting).stdout.decode()
    assert "* mostly waits: 1 of 3 tests, more than half of their own time" in page
    (row,) = (row for row in page.splitlines() if "t::0" in row)
    assert row.split()[-2:] == ["490ms*", "1"]


def test_waiting_for_a_processor_is_told_apart(tmp_path: Path) -> None:
    """The document has it by row, the page says it of all tests; none of them is called a waiting one."""
    suite = span(
        "s", {"tracetui.span.role": "suite", "test.suite.name": "s", "tracetui.run_queue_ns": S}, end=T0 + S
    )
    test = case("t::0", start=T0, end=T0 + S, parent=suite)
    told = {"tracetui.span.role": "phase", "tracetui.cpu_ns": 200 * MS}
    call = span("call", told, start=T0, end=T0 + S, parent=test)
    (tmp_path / "run.jsonl").write_bytes(line(suite, test, call))
    rows = [row for row in answer("ledger", tmp_path)["rows"] if row["kind"] == "tests"]
    assert [row["queued_ns"] for row in rows] == [row["waiting_ns"] for row in rows]
    page = tracetui("ledger", tmp_path).stdout.decode()
    assert "tests waited 800ms for a processor, of 1.00s: too many workers, or other work" in page
    assert "mostly waits" not in page


def test_without_processor_time_it_says_so() -> None:
    """Neither column is there, and a line says why."""
    page = tracetui("ledger", EVERGREEN).stdout.decode()
    assert "no processor time in this recording" in page
    assert "computing" not in page.splitlines()[3]
    assert {row["computing_ns"] for row in answer("ledger", EVERGREEN)["rows"]} == {None}


@pytest.mark.parametrize(
    ("text", "hour"), [("0.50/h", "0.5"), ("$2/h", "2"), ("0.01/min", "0.6"), ("€3.5/min", "210")]
)
def test_a_price_is_of_a_lane_and_hour_or_minute(text: str, hour: str) -> None:
    """With or without a currency's sign."""
    assert price(text).of(3_600 * 10**9) == Decimal(hour)


def test_money_is_in_page_and_document(waiting: Path) -> None:
    """Two lanes for a second at 3,600 an hour are 2, row by row."""
    told = answer("ledger", waiting, "--price", "$3600/h")
    assert told["price"] == {"currency": "$", "amount": 3600.0, "per_ns": 3_600 * 10**9}
    assert sum(row["cost"] for row in told["rows"] if row["depth"] == 0) == pytest.approx(2.0)
    page = tracetui("ledger", waiting, "--price", "$3600/h").stdout.decode()
    assert "2.00s = $2.00 of lane time" in page


@pytest.mark.parametrize("text", ["0.5", "cheap", "-1/h", "1/day", "1,5/h"])
def test_what_is_no_price_is_refused(text: str) -> None:
    """In one line that shows what a price looks like."""
    ran = tracetui("ledger", EVERGREEN, f"--price={text}")
    assert ran.returncode == 2
    assert b"give one like 0.50/h" in ran.stderr
    assert ran.stderr.count(b"\n") == 1


def test_a_recording_without_tests_has_no_lanes(tmp_path: Path) -> None:
    """Which is said, and is no failure."""
    (tmp_path / "x.jsonl").write_bytes(line(span("a")))
    assert b"no lanes" in tracetui("ledger", tmp_path).stdout
    assert answer("ledger", tmp_path)["rows"] == []
