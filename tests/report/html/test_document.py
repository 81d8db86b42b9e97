"""A page tells what every other report tells, and is harmless whatever a run holds."""

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest

from tests import jscore
from tests.builders import T0, S, case, exception, line, span, write_small_run
from tests.report.html.pages import Parsed, contents_of, page_of, require_harmless
from tests.report.markdown.digests import hostile_run
from tests.ui.histories import write_runs
from tracetui import units
from tracetui.analysis.history.over_runs import value as history_value
from tracetui.errors import InputError
from tracetui.ingest.history.index import history_of
from tracetui.report.deciding.advise import saving
from tracetui.report.drawing.verdict import verdict
from tracetui.report.html.document import document

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """resmoke's jsCore."""
    return jscore.write(tmp_path_factory.mktemp("core"))


def test_what_it_tells(core: Path) -> None:
    """The verdict first; then what ledger, lanes, ranking, failures and advice say, in their words."""
    contents = contents_of(core)
    parsed = require_harmless("".join(document(contents)))
    assert [each.attributes["id"] for each in parsed.all("section")] == [
        "costs",
        "timeline",
        "slowest",
        "failures",
        "advice",
    ]
    assert verdict(contents.findings) == "1 of 1 310 tests failed; 4m01s lost while it was archived"
    assert verdict(contents.findings) in parsed.text["head"]
    for row in contents.costs.rows:
        if row.depth == 0 and row.share > 0.01:
            assert f"{row.name}{units.duration(row.ns)}{units.share(row.share)}" in parsed.text["costs"]
    for lane in contents.lane_rows.rows:
        assert f"{lane.name} *" in parsed.text["timeline"]
    for proposal in contents.advice.rows:
        assert saving(proposal) in parsed.text["advice"]
    for place in range(5):
        rank = contents.slowest[place]
        assert (
            f"{rank.name}0{units.duration(rank.own_ns)}{units.duration(rank.total_ns)}"
            in parsed.text["slowest"]
        )
    assert jscore.FAILED in parsed.text["failures"]
    assert "StopExecution" in parsed.text["failures"]


def test_every_block_of_a_run_of_usual_size_is_a_bar(core: Path) -> None:
    """1,310 tests, none left out; where they are is where they were."""
    contents = contents_of(core)
    parsed = Parsed("".join(document(contents)))
    bars = [
        each
        for each in parsed.all("rect", "timeline")
        if (each.attributes.get("class") or "").split()[0] in ("role-test", "outcome-failed")
        and each.attributes["height"] == "18"
    ]
    assert len(bars) == jscore.TESTS
    assert "left out" in parsed.text["timeline"]  # Of the waterfall, which has 60 rows.
    assert "Bars: what failed" not in parsed.text["timeline"]
    (failed,) = [bar for bar in bars if bar.attributes["class"] in ("outcome-failed", "outcome-failed odd")]
    row = contents.failed[0]
    start = int(contents.findings.snapshot.start_ns[row]) - contents.window.start_ns
    place = float((failed.attributes["x"] or "").removesuffix("%"))
    assert place == pytest.approx(100 * start / contents.window.length, abs=1e-4)
    assert len(parsed.having("outcome-failed", "timeline")) > 2  # A mark too: colour alone tells nothing.


def test_the_policy_lets_nothing_run_but_our_script(tmp_path: Path) -> None:
    """By the hashes of what stands there."""
    parsed = require_harmless(page_of(write_small_run(tmp_path / "spans")))
    (policy,) = [
        each.attributes["content"] or ""
        for each in parsed.all("meta")
        if each.attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    parts = dict(part.split(" ", 1) for part in policy.split("; "))
    for name in ("script", "style"):
        digest = b64encode(sha256(parsed.inline[name].encode()).digest()).decode()
        assert parts[f"{name}-src"] == f"'sha256-{digest}'"
    assert parts["default-src"] == parts["base-uri"] == parts["form-action"] == "'none'"
    assert "unsafe" not in policy
    assert "http:" not in policy
    assert not re.search(
        r"\beval\b|innerHTML|outerHTML|insertAdjacentHTML|document\.write|fetch\(", parsed.inline["script"]
    )
    assert not re.search(r"@import|url\((?!#)", parsed.inline["style"])


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    """In titles, messages, stacks, and everywhere that a name stands."""
    parsed = require_harmless(page_of(hostile_run(tmp_path)))
    for section in ("head", "timeline", "slowest", "failures"):
        assert "[/tmp/x]" in parsed.text[section]
    for section in ("timeline", "slowest", "failures"):
        assert "<script>alert(1)</script>" in parsed.text[section]
        assert "\\u{202e}" in parsed.text[section]


@pytest.mark.parametrize(
    "path",
    sorted(path for path in DATA.rglob("*") if path.is_file() and path.suffix != ".md"),
    ids=lambda path: path.name,
)
def test_any_recording_has_a_page(path: Path) -> None:
    """What other writers wrote, what was cut off, what holds no tests."""
    try:
        page = page_of(path)
    except InputError:
        pytest.skip("no recording by itself")
    parsed = require_harmless(page)
    assert len(parsed.all("h1")) == 1
    assert len(page.encode()) < 600_000


def test_a_failure_has_code_variables_and_output(tmp_path: Path) -> None:
    """Where they were recorded."""
    stack = (
        "Traceback (most recent call last):\n"
        '  File "/usr/lib/python3.12/site-packages/lib.py", line 3, in call\n    return f()\n'
        '  File "/src/shop.py", line 13, in checked\n    raise ValueError(rate)\n    rate = 0.8\n'
        "ValueError: 0.8\n"
    )
    told = exception("ValueError", "0.8", at=T0 + S, stacktrace=stack)
    printed = {"timeUnixNano": str(T0 + S), "name": "log"}
    printed |= {"attributes": log_attributes(body="said <b>\nmore", stream="stdout")}  # type: ignore[dict-item]
    suite = span("depot", {"tracetui.span.role": "suite"}, end=T0 + 2 * S)
    test = case("a.py::test_b", "failed", end=T0 + S, parent=suite) | {"events": [told, printed]}
    (tmp_path / "a.jsonl").write_bytes(line(suite, test))
    parsed = require_harmless(page_of(tmp_path))
    said = parsed.text["failures"]
    for part in ("/src/shop.py:13", "rate = 0.8", "1 library frame", "Captured stdout", "said <b>\nmore"):
        assert part in said
    assert "pytest a.py::test_b" in said
    assert len(parsed.having("variable", "failures")) == 1


def log_attributes(body: str, stream: str) -> list[dict[str, object]]:
    told = {"body": body, "tracetui.captured": stream}
    return [{"key": key, "value": {"stringValue": value}} for key, value in told.items()]


def test_a_run_without_tests_and_one_without_its_end(tmp_path: Path) -> None:
    """Say so, and stay pages."""
    (tmp_path / "empty.jsonl").write_bytes(line(span("depot", {"tracetui.span.role": "suite"}, end=T0 + S)))
    parsed = require_harmless(page_of(tmp_path / "empty.jsonl"))
    assert "no test ran" in parsed.text["head"]
    assert "Nothing failed." in parsed.text["failures"]
    parsed = require_harmless(page_of(DATA / "runs" / "killed_nolive"))
    assert "Incomplete: its suite is missing" in parsed.text["head"]
    parsed = require_harmless(page_of(write_small_run(tmp_path / "spans")))
    assert "1 never ended" in parsed.text["head"]


def test_history_where_there_are_earlier_runs(tmp_path: Path) -> None:
    """A column for each, and what changed permanently."""
    directory = write_runs(tmp_path / "spans")
    told = history_value(history_of([str(directory)], cache=False))
    parsed = require_harmless("".join(document(contents_of(directory, history=told))))
    assert "1 changed" in parsed.text["history"]
    assert "tests/test_depot.py::test_slow" in parsed.text["history"]
    runs = [
        each
        for each in parsed.all("rect", "history")
        if (each.attributes["class"] or "").startswith("outcome-")
    ]
    assert len(runs) == 20
    assert [each.attributes["class"] for each in runs].count("outcome-failed") == 1
