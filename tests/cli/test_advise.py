"""`tracetui advise`: a paragraph for each proposal, and the same as a document."""

from pathlib import Path
from typing import Any

import pytest

from tests import jscore
from tests.builders import HOSTILE_NAMES, T0, S, case, line, span
from tests.cli.hostile import CONTROL
from tests.cli.running import answer, tracetui
from tests.tracing.recording import run_pytest, write_suite


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return jscore.write(tmp_path_factory.mktemp("jscore"))


def test_the_archive_of_jscore_comes_first(core: Path) -> None:
    """In minutes, with why, where and how sure it is."""
    page = tracetui("advise", core, "--width", "100").stdout.decode()
    first = page.partition("\n2. ")[0]
    assert "1. archive beside the lanes, not on them: copy first" in first
    assert " saves 4m" in first
    assert "1 archive took 4m10s of lane time, and for 4m01s of it no other lane got on" in first
    assert f"   {jscore.FAILED}\n" in first
    assert "   sure: " in first
    assert max(map(len, page.splitlines()[1:])) <= 100
    assert "each change by itself: what they save does not add up" in page


def test_the_document_has_the_same(core: Path) -> None:
    """A row for each proposal, by what it saves."""
    document: dict[str, Any] = answer("advise", core)
    assert document["schema"] == "tracetui.advise/1"
    assert document["doubt"] == ""
    rows = document["rows"]
    assert [row["kind"] for row in rows] == ["archiving", "hook", "hook"]
    assert rows[0]["share"] == rows[0]["saving_ns"] / document["recorded_ns"]
    assert rows[0]["file"] == jscore.FAILED
    assert all(row["low_ns"] <= row["saving_ns"] <= row["high_ns"] for row in rows)


def test_nothing_worth_doing_is_said(tmp_path: Path) -> None:
    """And of a run without tests, that there are none."""
    tests = [
        case(
            f"a.py::{number}",
            worker=f"gw{number % 2}",
            start=T0 + number // 2 * S,
            end=T0 + (number // 2 + 1) * S,
        )
        for number in range(8)
    ]
    suite = span("depot", {"tracetui.span.role": "suite"}, start=T0, end=T0 + 4 * S, status=1)
    (tmp_path / "a.jsonl").write_bytes(line(suite, *tests))
    assert b"nothing worth doing: no change saves 2% of the run" in tracetui("advise", tmp_path).stdout
    (tmp_path / "a.jsonl").write_bytes(line(span("x")))
    assert b"nothing to propose: no test ran in it" in tracetui("advise", tmp_path).stdout


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    """Whatever a long test is called."""
    for number, name in enumerate(HOSTILE_NAMES):
        tests = [
            case(f"a.py::{place}", worker="gw0", start=T0 + place * S, end=T0 + (place + 1) * S)
            for place in range(4)
        ]
        long = case(name, worker="gw1", start=T0, end=T0 + 20 * S)
        (tmp_path / f"{number}.jsonl").write_bytes(line(*tests, long))
        ran = tracetui("advise", tmp_path / f"{number}.jsonl")
        assert ran.returncode == 0, ran.stderr
        assert not CONTROL.search(ran.stdout.decode())
        assert "into two tests" in ran.stdout.decode()


def test_a_fixture_is_shown_where_it_stands(tmp_path: Path) -> None:
    """As the writer told: file and line of its definition."""
    suite = """
        import time, pytest

        @pytest.fixture
        def client():
            time.sleep(0.03)

        @pytest.mark.parametrize("n", range(12))
        def test_it(client, n):
            pass
    """
    write_suite(tmp_path, test_a=suite)
    assert run_pytest(tmp_path, "--tracetui=spans").returncode == 0
    rows = answer("advise", tmp_path / "spans")["rows"]
    (fixture,) = (row for row in rows if row["kind"] == "fixture scope")
    assert fixture["where"] == "client"
    assert (Path(fixture["file"]).name, fixture["line"]) == ("test_a.py", 4)
    assert fixture["saving_ns"] > 0
