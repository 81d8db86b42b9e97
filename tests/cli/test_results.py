"""Results of tests on the command line: what is told of them, and what says that there is no timeline."""

import json
from pathlib import Path

import pytest

from tests.cli.running import answer, tracetui
from tests.formats.results.reading import DATA

PYTEST, SUREFIRE, GO = (DATA / name for name in ("pytest-9.2.0.xml", "surefire.xml", "go-1.24.json"))
WHY = "no times of day: pytest-9.2.0.xml holds results, not a timeline"


def test_slowest_and_failures() -> None:
    """Durations and outcomes are told as of any recording, with a line that says what is not known."""
    page = tracetui("top", PYTEST).stdout.decode().splitlines()
    assert page[0] == WHY
    assert page[2].split()[:3] == ["test_a.TestDepot::test_opens", "0", "52.0ms"]
    told = answer("top", PYTEST)
    assert told["no_timeline"] == WHY
    assert told["run"]["start_ns"] == told["run"]["end_ns"]
    assert told["rows"][0]["own_ns"] == 52_000_000


@pytest.mark.parametrize("verb", ["waterfall", "lanes", "ledger", "critical-path"])
def test_what_would_draw_time_says_so(verb: str) -> None:
    """One line below the run, and no axis; the document has the reason, and nothing that was made up."""
    page = tracetui(verb, PYTEST, COLUMNS="100").stdout.decode()
    assert page.splitlines()[0].startswith("pytest  ended  no times of day  6 tests")
    assert WHY in page
    assert "█" not in page
    told = answer(verb, PYTEST)
    assert told["no_timeline"] == WHY
    if verb == "waterfall":
        assert (told["axes"], {row["axis"] for row in told["rows"]}) == ([], {-1})
    else:
        assert told["segments" if verb == "critical-path" else "rows"] == []


@pytest.mark.parametrize("arguments", [
    ["what-if"], ["beside", "opens"], *(["export", "--to", to] for to in ("perfetto", "speedscope", "jaeger"))
])  # fmt: skip
def test_what_needs_a_timeline_is_refused(arguments: list[str]) -> None:
    """In one line, as unreadable input is."""
    ran = tracetui(*arguments, PYTEST)
    assert (ran.returncode, ran.stdout) == (2, b"")
    assert ran.stderr.decode() == f"tracetui: {WHY}\n"


def test_advice_has_nothing_to_simulate() -> None:
    """It says why."""
    assert f"nothing to propose: {WHY}" in tracetui("advise", PYTEST).stdout.decode()
    assert answer("advise", PYTEST)["rows"] == []


def test_plans_work_on_durations(tmp_path: Path) -> None:
    """Which test takes how long is enough to deal them out; how long the run took is not told."""
    ran = tracetui("plan", SUREFIRE, "--shards", 2, "--out", tmp_path)
    page = ran.stdout.decode()
    assert ran.returncode == 0
    assert "recorded" not in page
    assert "cannot be sure: no times of day: surefire.xml holds results" in page
    durations = json.loads((tmp_path / ".test_durations").read_text())
    assert durations["com.example.DepotTest::opens"] == 1234.5
    assert not list(tmp_path.rglob("*forecast*"))


def test_gates() -> None:
    """Limits of tests hold; how long the run took, or setting up, nobody can say."""
    assert tracetui("gate", PYTEST, "--max-test", "1s").returncode == 0
    assert tracetui("gate", PYTEST, "--max-test", "10ms").returncode == 3
    for rule in ("--max-suite", "--max-setup"):
        ran = tracetui("gate", PYTEST, rule, "1s")
        assert ran.returncode == 4
        assert WHY in ran.stdout.decode()


def test_comparisons_and_history(tmp_path: Path) -> None:
    """Two days of results are two runs, the later one the newest."""
    data = PYTEST.read_text()
    for day in ("2026-11-28", "2026-11-29"):
        (tmp_path / f"{day}.xml").write_text(data.replace("2026-11-30", day))
    told = answer("compare", tmp_path / "2026-11-28.xml", "--", tmp_path / "2026-11-29.xml")
    assert {row["name"] for row in told["rows"]} >= {"test_a.TestDepot::test_opens"}
    told = answer("history", tmp_path)
    assert told["runs"] == 2


@pytest.mark.parametrize("form", ["md", "html", "junit", "ctrf", "csv"])
def test_reports(form: str) -> None:
    """Each says how tests ended; those with lengths say that there is none."""
    ran = tracetui("report", PYTEST, "--format", form)
    assert ran.returncode == 0
    report = ran.stdout.decode()
    assert "test_closes" in report
    if form in ("md", "html"):
        assert "no times of day" in report
        assert "lane time" not in report


def test_our_own_junit_is_read_back(tmp_path: Path) -> None:
    """A report of results says the same tests, outcomes and durations."""
    again = tmp_path / "again.xml"
    again.write_bytes(tracetui("report", SUREFIRE, "--format", "junit").stdout)
    ours, theirs = answer("top", again), answer("top", SUREFIRE)
    names = ("name", "failed", "own_ns")
    assert [[row[name] for name in names] for row in ours["rows"]] == [
        [row[name] for name in names] for row in theirs["rows"]
    ]


def test_exports_say_that_times_are_none(tmp_path: Path) -> None:
    """What other readers of OTLP get has the mark by which it is known here as well."""
    exported = tmp_path / "again.jsonl"
    exported.write_bytes(tracetui("export", PYTEST, "--to", "otlp").stdout)
    assert answer("top", exported)["no_timeline"] == WHY.replace(PYTEST.name, exported.name)


def test_fleet(tmp_path: Path) -> None:
    """A store takes results as it takes any runs: tests by their durations, on the day of their suite."""
    pytest.importorskip("ibis")
    store = f"duckdb:///{tmp_path / 'fleet.duckdb'}"
    assert tracetui("fleet", "ingest", "--store", store, PYTEST, SUREFIRE).returncode == 0
    page = tracetui("fleet", "slowest", "--store", store, "--since", "2026-11-01").stdout.decode()
    assert "test_a.TestDepot::test_opens" in page
    assert "com.example.DepotTest::opens" in page


def test_go_has_a_timeline() -> None:
    """Its tests have times: everything works on them."""
    page = tracetui("waterfall", GO).stdout.decode()
    assert "no times of day" not in page
    assert "from 2026-11-29 10:00:00.000 UTC" in page
    assert answer("lanes", GO)["rows"]
    assert tracetui("what-if", GO).returncode == 0


def test_results_from_standard_input() -> None:
    """Whatever writes them can be piped."""
    ran = tracetui("top", "-", stdin=PYTEST.read_bytes())
    assert ran.stdout.decode().startswith("no times of day: standard input holds results, not a timeline\n")
