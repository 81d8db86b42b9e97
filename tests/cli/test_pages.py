"""What the pages look like, and that foreign text is only text on them."""

import re
import time
from pathlib import Path

import orjson
import pytest

from tests.builders import T0, S, case, heartbeat, id_of, line, small_run, span, start_record
from tests.cli.hostile import CONTROL, NASTY
from tests.cli.running import DATA, EVERGREEN, answer, tracetui
from tracetui.text import sanitize


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A recording with hostile names of spans, tests and a file."""
    directory = tmp_path / "a[/b]\x1b[2J"
    directory.mkdir(parents=True)
    tests = [case(name) for name in NASTY]
    role = {"tracetui.span.role": "hook"}
    hooks = [
        span(name, role, parent=test, id=id_of("hook", name)) for name, test in zip(NASTY, tests, strict=True)
    ]
    (directory / "x\x9b.jsonl").write_bytes(line(*tests, *hooks) + b"\x1b[2J no JSON]}\n")
    return directory


@pytest.mark.parametrize("verb", ["waterfall", "top", "check", "open"])
def test_no_control_code_reaches_the_page(verb: str, hostile: Path) -> None:
    """Whatever names and paths hold, a page is lines of printable text."""
    ran = tracetui(verb, hostile, COLUMNS="200")
    assert ran.returncode == 0
    assert not CONTROL.search(ran.stdout.decode())
    assert not ran.stderr


@pytest.mark.parametrize("arguments", [["waterfall", "-n", "0"], ["top", "-n", "0"]])
def test_hostile_names_appear_literally(arguments: list[str], hostile: Path) -> None:
    """Brackets are brackets, control codes are shown as pictures; nothing is markup, nothing is missing."""
    page = tracetui(*arguments, hostile, COLUMNS="300").stdout.decode()
    for name in NASTY:
        assert sanitize(name) in page


@pytest.mark.parametrize("verb", ["waterfall", "top", "check"])
def test_json_is_ascii_and_says_the_real_names(verb: str, hostile: Path) -> None:
    """JSON escapes all that is not printable ASCII, and decodes to what was written."""
    ran = tracetui(verb, hostile, "--format", "json")
    assert re.fullmatch(rb"[\n -~]*", ran.stdout)
    found = answer(verb, hostile)
    if verb == "check":
        assert found["problems"][0]["file"] == str(hostile / "x\x9b.jsonl")
    else:
        assert {row.get("title", row["name"]) for row in found["rows"]} == set(NASTY)


@pytest.mark.parametrize("verb", ["waterfall", "top", "check"])
def test_a_pipe_gets_no_colour(verb: str) -> None:
    """Where the output is no terminal there is not one escape sequence."""
    assert b"\x1b" not in tracetui(verb, EVERGREEN).stdout


def test_colour_can_be_forced_and_forbidden() -> None:
    """FORCE_COLOR paints in a pipe; NO_COLOR takes the colours away again, whoever forces them."""
    coloured = re.compile(rb"\x1b\[[0-9;]*3[0-7]m")
    assert coloured.search(tracetui("waterfall", EVERGREEN, FORCE_COLOR="1").stdout)
    assert not coloured.search(tracetui("waterfall", EVERGREEN, FORCE_COLOR="1", NO_COLOR="1").stdout)


@pytest.mark.parametrize("cells", [60, 100, 180])
def test_a_page_is_as_wide_as_it_is_asked_to_be(cells: int) -> None:
    """COLUMNS and `--width` say how wide; no line of the waterfall is wider, but for the heading."""
    page = tracetui("waterfall", EVERGREEN, COLUMNS=str(cells)).stdout
    assert page == tracetui("waterfall", EVERGREEN, "--width", cells).stdout
    assert max(len(row) for row in page.decode().splitlines()[1:]) == cells


def test_a_bar_begins_where_its_span_begins(tmp_path: Path) -> None:
    """Without colours a bar still starts and ends in its cells, an eighth apart."""
    second = 1_000_000_000
    top = span("all", start=0x10**15, end=0x10**15 + 40 * second)
    half = span("half", start=0x10**15 + 20 * second, end=0x10**15 + 30 * second, parent=top)
    (tmp_path / "a.jsonl").write_bytes(line(top, half))
    whole, part = tracetui("waterfall", tmp_path, "--width", 120).stdout.decode().splitlines()[3:5]
    left, cells = whole.index("█"), whole.count("█")
    assert len(whole) == 120
    assert part.index("█") == left + cells // 2
    assert part.count("█") == cells // 4


def test_runs_far_apart_have_an_axis_each(tmp_path: Path) -> None:
    """A run of another day does not squeeze this one to a dot."""
    day = 86_400 * 1_000_000_000
    runs = [span(f"run {n}", start=day * n, end=day * n + 1_000_000_000) for n in (20_001, 20_003)]
    (tmp_path / "a.jsonl").write_bytes(line(*runs))
    page = tracetui("waterfall", tmp_path).stdout.decode()
    assert page.count(" UTC ") == 2
    bars = [row for row in page.splitlines() if "█" in row]
    assert len(bars) == 2
    assert bars[0].count("█") == bars[1].count("█") > 20


def test_a_page_shows_failures_first_and_counts_the_rest() -> None:
    """However few rows there are, failed tests and what is above them are among them; the rest is counted."""
    page = tracetui("waterfall", EVERGREEN, "-n", 8).stdout.decode()
    failed = {row["title"] for row in answer("waterfall", EVERGREEN)["rows"] if row["outcome"] == "failed"}
    assert page.count("✗") >= 3
    assert len(failed) >= 3
    assert "... 125 more spans (-n 0 shows all)" in page


@pytest.mark.parametrize("words", [
    *(("waterfall",), ("top",), ("lanes",), ("check",), ("ledger",), ("critical-path",), ("history",)),
    *(("flaky",), ("gate", "--max-test", "1h"), ("report", "--format", "md"), ("report", "--format", "html")),
    *(("report", "--format", "junit"), ("report", "--format", "github"), ("export", "--to", "speedscope")),
])  # fmt: skip
@pytest.mark.parametrize("results", [True, False])
def test_nothing_is_shown_in_1970(words: tuple[str, ...], results: bool, tmp_path: Path) -> None:
    """Because its format has no date: neither tests of a build's trace nor results of tests."""
    if results:
        case = '<testcase name="t" time="1"><failure/></testcase>'
        (tmp_path / "x.xml").write_text(f'<testsuite name="s">{case}</testsuite>')
    else:
        test = {"cat": "action processing", "name": "Testing //a:t", "ph": "X", "ts": 5, "dur": 2_000_000}
        test |= {"pid": 1, "tid": 1, "args": {"target": "//a:t", "mnemonic": "TestRunner"}}
        (tmp_path / "x.json").write_bytes(orjson.dumps({"traceEvents": [test]}))
    ran = tracetui(*words[:1], tmp_path, *words[1:])
    assert ran.returncode in (0, 2, 3, 4)
    assert b"1970" not in ran.stdout + ran.stderr
    if words == ("history",):
        assert b"1 run, no date" in ran.stdout


def test_how_to_see_the_rest_is_true(tmp_path: Path) -> None:
    """What is said to show all rows shows all of them."""
    for options, said in (((), "-n 0 shows all"), (("--depth", 2), "-n 0 without --depth shows all")):
        page = tracetui("waterfall", EVERGREEN, "-n", 3, *options).stdout.decode()
        assert f" more spans ({said})" in page
    assert (
        " more spans (-n 0 without --depth"
        in tracetui("waterfall", EVERGREEN, "-n", 0, "--depth", 1).stdout.decode()
    )
    assert " more spans" not in tracetui("waterfall", EVERGREEN, "-n", 0).stdout.decode()


def test_suites_of_several_runs_are_told_apart(tmp_path: Path) -> None:
    """By what tells their runs apart, where a page shows several; alone, a run needs no such words."""
    for attempt in (1, 2):
        told = {"service.name": "x", "cicd.pipeline.run.id": "7", "github.run_attempt": str(attempt)}
        names = {"tracetui.span.role": "suite", "test.suite.name": "unit"}
        at = T0 + attempt * 60 * S
        top = span("unit", names, start=at, end=at + 5 * S, trace=f"{attempt:032x}")
        test = case(f"t{attempt}", start=at, end=at + S, parent=top, trace=f"{attempt:032x}")
        (tmp_path / f"{attempt}.jsonl").write_bytes(line(top, test, resource=told))
    page = tracetui("waterfall", tmp_path, "--depth", 1).stdout.decode()
    assert [part in page for part in ("suite unit attempt 1 ", "suite unit attempt 2 ")] == [True, True]
    rows = answer("waterfall", tmp_path)["rows"]
    assert [row["apart"] for row in rows if row["role"] == "suite"] == ["attempt 1", "attempt 2"]
    assert "suite unit  " in tracetui("waterfall", tmp_path, "--run", 2).stdout.decode()


def test_dull_tests_are_folded() -> None:
    """Inside of tests that passed quickly nothing is shown unless it is asked for; the fold is marked."""
    page = tracetui("waterfall", EVERGREEN).stdout.decode()
    assert "▸ test jstests/core/query/abs.js" in page
    assert page.count("phase run_test") < 60
    assert tracetui("waterfall", EVERGREEN, "-n", 0).stdout.decode().count("phase run_test") == 60


def test_outcomes_have_marks(tmp_path: Path) -> None:
    """Every outcome is a shape too: colour alone says nothing."""
    outcomes = ("passed", "failed", "error", "skipped", "xfailed", "xpassed")
    tests = [case(f"t::{outcome}", outcome) for outcome in outcomes]
    running = start_record(case("t::running", start=time.time_ns(), end=0))
    (tmp_path / "a.jsonl").write_bytes(line(*tests) + running)
    rows = tracetui("waterfall", tmp_path).stdout.decode().splitlines()[1:]
    for outcome, mark in zip((*outcomes, "running"), "✓✗!◌~≈▶", strict=True):
        (row,) = (row for row in rows if f"t::{outcome} " in row)
        assert f" {mark} " in row


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    """A page of a recording with rejected lines and dropped spans says how many."""
    (tmp_path / "a.jsonl").write_bytes(line(case("t::good")) + b"[/x]]\n" + heartbeat(dropped=7))
    page = tracetui("waterfall", tmp_path).stdout.decode()
    assert "missing from this recording: non-span records (1), " in page
    assert "(7) (details: tracetui check)" in page


def test_top_of_a_recording_without_tests(tmp_path: Path) -> None:
    """Where there is nothing to rank, that is said, and what else can be done."""
    (tmp_path / "a.jsonl").write_bytes(line(span("GET /")))
    assert "--by name" in tracetui("top", tmp_path).stdout.decode()
    assert "GET /" in tracetui("top", tmp_path, "--by", "name").stdout.decode()


def test_check_speaks_plainly(tmp_path: Path) -> None:
    """The check is a block of counts and the list of problems, exit code 0."""
    (tmp_path / "a.jsonl").write_bytes(small_run() + b"no JSON}\n")
    ran = tracetui("check", tmp_path)
    page = ran.stdout.decode()
    assert ran.returncode == 0
    assert "spans in 1 trace, 1 file" in page
    assert re.search(r"\b1  non-span records", page)
    assert re.search(rf"{tmp_path}/a.jsonl: byte \d+ \(9 bytes\): ", page)


def test_an_ascii_terminal_gets_every_line(tmp_path: Path) -> None:
    """What an encoding cannot say is spelled out, never a traceback."""
    (tmp_path / "a.jsonl").write_bytes(small_run())
    ran = tracetui("waterfall", tmp_path, PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert ran.returncode == 0
    assert ran.stdout.isascii()


def test_one_example_stands_for_all_lines_of_a_log(tmp_path: Path) -> None:
    """Of them nothing more is said; of records there are ten examples, and how many more."""
    (tmp_path / "a.jsonl").write_bytes(small_run() + b"a line of a log\n" * 30 + b"no JSON}\n" * 30)
    page = tracetui("check", tmp_path).stdout.decode()
    assert re.search(r"\b30  lines of text among the records", page)
    assert re.findall(r"\.\.\. (\d+) more", page) == ["20"]


def test_what_cannot_wait_stands_last(tmp_path: Path) -> None:
    """Without a terminal a limit gets a line below the pages, and of a live run whatever hangs."""
    hour, second, now = 3600 * 10**9, 10**9, time.time_ns()
    for number in range(1, 4):
        at, trace = now - number * hour, f"{number:032x}"
        suite = span("s", {"tracetui.span.role": "suite"}, start=at, end=at + second, trace=trace)
        test = case("t", start=at, end=at + second, parent=suite, trace=trace)
        (tmp_path / f"run{number}.jsonl").write_bytes(line(suite, test))
    suite = span("s", {"tracetui.span.role": "suite"}, start=now - 60 * second, end=0)
    test = case("t", "", start=now - 60 * second, end=0, parent=suite)
    (tmp_path / "live").mkdir()
    live = start_record(suite) + start_record(test) + heartbeat(at=now)
    (tmp_path / "live" / "now.logs.jsonl").write_bytes(live)
    hung, limit = tracetui("watch", tmp_path, "--limit", "30s").stdout.decode().splitlines()[-2:]
    assert re.fullmatch(r"■ hung: 6\dx its p95: t for 1m0\ds \(p95 1.00s, n 3\)", hung)
    assert re.fullmatch(r"breached 30s: 1m0\ds so far.*, 3\d.\ds too long", limit)
    (tmp_path / "live" / "now.logs.jsonl").unlink()
    limit = tracetui("open", tmp_path, TRACETUI_LIMIT="1s").stdout.decode().splitlines()[-1]
    assert limit == "limit 1s kept: took 1.00s"


def test_services_have_a_column() -> None:
    """A page of a recording without tests says who wrote each span, below a title, at any width."""
    for width in (80, 160):
        path = DATA / "other" / "jaeger-ui-flamegraph-trace.json"
        lines = tracetui("waterfall", path, "--width", width).stdout.decode().splitlines()
        title, *rows = (line for line in lines if "service" in line or "ride-sharing-app" in line)
        assert [row.index("ride-sharing-app") for row in rows] == [title.index("service")] * 2
        assert max(map(len, lines)) <= width


def test_a_page_of_nothing_speaks_of_no_other_run() -> None:
    """No spans, no runs: none beside that."""
    page = tracetui("waterfall", DATA / "other" / "otlp-proto-example-logs.json").stdout.decode()
    assert "no spans" in page
    assert "other run" not in page
