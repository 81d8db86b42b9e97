"""How tests ended, in the words of each format's readers: nothing is green that was not."""

import csv
import io
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.builders import HOSTILE_NAMES, MS, T0, Json, S, case, exception, line, span
from tracetui.analysis.study.findings import study
from tracetui.ingest import load
from tracetui.model.role import Outcome, Role
from tracetui.report.formats.formats import FORMATS
from tracetui.report.formats.junit import names
from tracetui.report.formats.results import Attempt, Result, Results
from tracetui.text import spelled_out

DATA = Path(__file__).parents[2] / "data"
RERUNS = DATA / "dialects" / "tracetui-reruns.traces.jsonl"
SAMPLES = [*sorted((DATA / "runs").iterdir()), *sorted((DATA / "resmoke").iterdir()), RERUNS]
OUTCOMES = ("passed", "failed", "error", "skipped", "xfailed", "xpassed", "unheard-of")
STATUSES = ("passed", "failed", "skipped", "pending", "other")


def reported(path: Path, form: str) -> str:
    ingest = load([str(path)])
    return "".join(FORMATS[form](Results(study(ingest.table.snapshot(), T0 + 3600 * S), ingest.span)))


def suite(status: str = "failure", **more: Any) -> Json:
    about = {"tracetui.span.role": "suite", "test.suite.name": "depot", "test.suite.run.status": status}
    return span("depot", about, **{"start": T0, "end": T0 + 9 * S, **more})


def written(tmp_path: Path, *spans: Json) -> Path:
    path = tmp_path / "x.jsonl"
    path.write_bytes(line(*spans))
    return path


def cases(path: Path) -> Sequence[ET.Element]:
    return list(ET.fromstring(reported(path, "junit")).iter("testcase"))


@pytest.fixture
def every_outcome(tmp_path: Path) -> Path:
    """A test of each outcome, in that order, of 1 s each; those that failed say why."""
    top = suite()
    tests = [
        case(
            f"tests/a.py::TestX::test_{word}",
            word,
            status=2 if word in ("failed", "error") else 0,
            start=T0 + number * S,
            end=T0 + (number + 1) * S,
            parent=top,
            events=[exception(at=T0 + number * S)] if word in ("failed", "error") else [],
        )
        for number, word in enumerate(OUTCOMES)
    ]
    for test in tests:
        if test["name"].endswith("unheard-of"):
            test["attributes"] = [pair for pair in test["attributes"] if "status" not in pair["key"]]
    return written(tmp_path, top, *tests)


def test_junit_says_how_each_ended(every_outcome: Path) -> None:
    """xfailed counts as skipped, as in pytest; what nobody knows is skipped, and said."""
    elements = {
        each.get("name"): [child.tag for child in each if child.tag != "properties"]
        for each in cases(every_outcome)
    }
    assert elements == {
        "test_passed": [],
        "test_failed": ["failure"],
        "test_error": ["error"],
        "test_skipped": ["skipped"],
        "test_xfailed": ["skipped"],
        "test_xpassed": [],
        "test_unheard-of": ["skipped"],
    }
    (root,) = ET.fromstring(reported(every_outcome, "junit")).iter("testsuites")
    told = {key: root.get(key) for key in ("tests", "failures", "errors", "skipped")}
    assert told == {"tests": "7", "failures": "1", "errors": "1", "skipped": "3"}


def test_junit_tells_tests_apart_as_pytest_does(every_outcome: Path) -> None:
    """By class and name, with the file and the seconds of the test itself."""
    first = cases(every_outcome)[0]
    assert first.attrib == {
        "classname": "tests.a.TestX",
        "name": "test_passed",
        "file": "tests/a.py",
        "time": "1.000000",
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("tests/a.py::test_b", ("tests.a", "test_b")),
        ("tests/a.py::TestX::TestY::test_b[c::d/e]", ("tests.a.TestX.TestY", "test_b[c::d/e]")),
        ("jstests/core/a.js", ("depot", "jstests/core/a.js")),
    ],
)
def test_class_names(name: str, expected: tuple[str, str]) -> None:
    """Colons in a parameter are no classes; what is no node id belongs to its suite."""
    attempt = Attempt(Outcome.PASSED, T0, S, S, None, "")
    assert names(Result(Role.TEST, name, "depot", "", 0, "", (attempt,))) == expected


def test_junit_has_earlier_attempts() -> None:
    """Of a test that passed in the end they are flaky, of one that never did they are reruns."""
    elements = {
        each.get("name"): [child.tag for child in each if child.tag != "properties"] for each in cases(RERUNS)
    }
    assert elements == {
        "test_never": ["failure", "rerunFailure"],
        "test_third_time_lucky": ["flakyFailure", "flakyFailure"],
        "test_steady": [],
        "test_first_time": [],
    }
    flaky = next(each for each in cases(RERUNS) if each.get("name") == "test_third_time_lucky")
    assert [each.get("message") for each in flaky.iter("flakyFailure")] == [
        "AssertionError: assert 1 == 3",
        "AssertionError: assert 2 == 3",
    ]
    assert "assert len(attempts) == 3" in "".join(flaky.itertext())


def test_hooks_are_properties(tmp_path: Path) -> None:
    """A test of 3 s of which a hook took 1 s took 2 s itself."""
    top = suite("success")
    test = case("a.py::test_b", parent=top, end=T0 + 3 * S)
    hook = span("validate", {"tracetui.span.role": "hook"}, parent=test, end=T0 + S)
    (found,) = cases(written(tmp_path, top, test, hook))
    told = {each.get("name"): each.get("value") for each in found.iter("property")}
    assert (found.get("time"), told["hooks_time"], told["total_time"]) == ("2.000000", "1.000000", "3.000000")


@pytest.mark.parametrize("form", ["junit", "ctrf", "csv", "json"])
def test_what_failed_beside_tests_is_not_green(form: str) -> None:
    """The after-suite hook of this run raised, and all of its tests passed."""
    text = reported(DATA / "runs" / "hookfail", form)
    assert "hook conftest.py after suite" in text
    assert "data files inconsistent" in text


@pytest.mark.parametrize("form", ["junit", "ctrf", "csv", "json"])
def test_a_run_that_is_not_all_there_is_not_green(form: str) -> None:
    """Though the one test that is there passed."""
    assert "the run is incomplete: its suite is missing" in reported(DATA / "runs" / "killed_nolive", form)


def test_a_test_that_never_ended_is_an_error(tmp_path: Path) -> None:
    """Its process is gone."""
    top = suite(end=0)
    path = written(tmp_path, top, case("a.py::test_b", parent=top, end=0) | {"attributes": []})
    told = json.loads(reported(path, "ctrf"))["results"]["summary"]
    assert told["passed"] == 0


def test_attempts_of_the_same_name_in_two_suites_are_two_tests(tmp_path: Path) -> None:
    """Shards run the same test: neither is a retry of the other."""
    tops = [suite(trace=f"{number:032x}", start=T0 + number) for number in (1, 2)]
    tests = [case("a.py::test_b", parent=top, trace=top["traceId"]) for top in tops]
    rows = list(csv.DictReader(io.StringIO(reported(written(tmp_path, *tops, *tests), "csv"))))
    assert {row["attempt"] for row in rows if row["role"] == "test"} == {"1"}


def test_names_survive(tmp_path: Path) -> None:
    """XML has no place for control characters: these are spelled as pytest spells them."""
    hostile = [*HOSTILE_NAMES, "a.py::t[\"]]>&<b a='x'>]", "a.py::t[\x00\x7f\x9b\ufffe\n]"]
    top = suite()
    tests = [
        case(name, "failed", parent=top, start=T0 + number * MS, end=T0 + S, events=[exception(message=name)])
        for number, name in enumerate(hostile)
    ]
    path = written(tmp_path, top, *tests)
    seen = [each.get("name") for each in cases(path)]
    assert seen[:6] == [name.partition("::")[2].replace("\x1b", "#x1B") for name in hostile[:6]]
    assert seen[6:] == ["t[\"]]>&<b a='x'>]", "t[#x00#x7F#x9B#xFFFE\n]"]
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", reported(path, "junit"))
    for form in ("ctrf", "json"):
        assert reported(path, form).isascii()
    assert [each["name"] for each in json.loads(reported(path, "ctrf"))["results"]["tests"]] == hostile
    text = reported(path, "csv")
    rows = csv.DictReader(io.StringIO(text, newline=""))
    assert [row["name"] for row in rows] == list(map(spelled_out, hostile))
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", text)


_TEST = {
    **dict.fromkeys(("name", "status", "message", "trace", "rawStatus", "filePath", "threadId", "type"), str),
    **dict.fromkeys(("duration", "start", "stop", "line", "retries"), int),
    **dict.fromkeys(("suite", "retryAttempts"), list),
    "flaky": bool,
    "extra": dict,
}
_ATTEMPT = {key: _TEST[key] for key in ("status", "message", "trace", "duration", "start", "stop")}
_NUMBERS = ("tests", *STATUSES, "flaky", "suites", "start", "stop", "duration")


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_ctrf_is_as_its_schema_has_it(sample: Path) -> None:
    """Which knows no other keys, and wants these: whole milliseconds, counts that add up."""
    document = json.loads(reported(sample, "ctrf"))
    assert (document["reportFormat"], document["specVersion"]) == ("CTRF", "0.1.0")
    assert set(document) == {"reportFormat", "specVersion", "generatedBy", "results"}
    results = document["results"]
    assert set(results) == {"tool", "summary", "tests"}
    summary, tests = results["summary"], results["tests"]
    assert tuple(summary) == _NUMBERS
    assert all(type(number) is int for number in summary.values())
    assert summary["tests"] == len(tests) == sum(summary[status] for status in STATUSES)
    for test in tests:
        assert {"name", "status", "duration"} <= set(test)
        assert {key: type(value) for key, value in test.items()}.items() <= _TEST.items()
        assert test["status"] in STATUSES
        for number, attempt in enumerate(test.get("retryAttempts", ()), 1):
            assert attempt.pop("attempt") == number
            assert {key: type(value) for key, value in attempt.items()}.items() <= _ATTEMPT.items()
    for status in STATUSES:
        assert summary[status] == sum(test["status"] == status for test in tests)
    assert summary["flaky"] == sum(test.get("flaky", False) for test in tests)


def test_ctrf_tells_of_attempts_before_the_last() -> None:
    """The test itself tells of the last; flaky is what failed before it passed, in this run."""
    tests = json.loads(reported(RERUNS, "ctrf"))["results"]["tests"]
    told = {
        test["name"].partition("::")[2]: (
            test["status"],
            test.get("flaky"),
            test.get("retries"),
            [attempt["status"] for attempt in test.get("retryAttempts", ())],
        )
        for test in tests
    }
    assert told == {
        "test_never": ("failed", None, 1, ["failed"]),
        "test_third_time_lucky": ("passed", True, 2, ["failed", "failed"]),
        "test_steady": ("passed", None, None, []),
        "test_first_time": ("passed", None, None, []),
    }


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_junit_counts_add_up(sample: Path) -> None:
    """Of all suites and of each, as the elements in them are."""
    root = ET.fromstring(reported(sample, "junit"))
    for each in (root, *root.iter("testsuite")):
        assert int(each.get("tests", "")) == len(list(each.iter("testcase")))
        for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(each.get(key, "")) == len(list(each.iter(tag)))
