"""What a page says of flaky tests, and that JSON says the same."""

import json

from tests.analysis.flaky.runs import Ran, recorded
from tracetui.analysis.flaky.fixes import Fix
from tracetui.analysis.flaky.flaky import flakiness
from tracetui.report.deciding.flaky import FlakyValue, document, page, value


def made(*runs: Ran, fixes: tuple[Fix, ...] = ()) -> FlakyValue:
    of_runs = recorded(runs)
    return value(of_runs, flakiness(of_runs, fixes))


def text(found: FlakyValue, cells: int = 120, most: int = 0) -> str:
    return "\n".join("".join(part.text for part in line).rstrip() for line in page(found, cells, most))


RUNS = (
    Ran("a" * 40, {"t": "P", "u": "rP", "w": "P"}, "7"),
    Ran("a" * 40, {"t": "F", "u": "P", "w": "F"}, "7", 2),
    Ran("b" * 40, {"t": "P", "v": "F", "w": "P"}),
    Ran("", {"t": "P", "v": "F", "w": "F"}),
)


def test_the_page() -> None:
    """How many runs can be compared, each flaky test with the last of its evidence, and what just fails."""
    assert text(made(*RUNS, fixes=(Fix("t", "dddd"),))).splitlines() == [
        "4 runs: 3 flaky tests",
        "2 runs ran a revision that another run ran too",
        "1 run did not say which revision (vcs.ref.head.revision): there only reruns within the run count",
        "no run here has dddd: t is not reset",
        "",
        "flaky test  failed   rate          95 %  red runs   cost  to see it",
        "u           1 of 3  33.3%  6.1 .. 79.2%    0 of 2  3.00s     8 runs",
        "    ↻ run 7 at aaaaaaaaaa, attempt 1: passed on attempt 2 of the same run",
        "w           1 of 3  33.3%  6.1 .. 79.2%    1 of 4  1.00s     8 runs",
        "    ✗ run 7/2 at aaaaaaaaaa, attempt 1: passed in run 7, same revision",
        "      failed 1 more time where nothing tells flaky from broken",
        "t           1 of 4  25.0%  4.6 .. 69.9%    1 of 4  1.00s    11 runs",
        "    ✗ run 7/2 at aaaaaaaaaa, attempt 1: passed in run 7, same revision",
        "",
        "failing, and not known to be flaky:",
        "✗ v  failed in each of its last 2 runs, since run 2026-11-18 13:06:40.000 at bbbbbbbbbb",
        "✗ w  failed in its last run, 2026-11-18 14:06:40.000",
    ]


def test_nothing_to_compare_is_said() -> None:
    """A recording of which nothing can be known does not look like one without flaky tests."""
    assert text(made(Ran("", {"t": "P"}), Ran("", {"t": "F"}))).splitlines()[:2] == [
        "2 runs: no test is known to be flaky",
        "2 runs did not say which revision (vcs.ref.head.revision): there only reruns within the run count",
    ]
    said = text(made(Ran("aaaa", {"t": "P"}), Ran("bbbb", {"t": "F"})))
    assert "no revision ran twice: only reruns within a run can show a flaky test" in said


def test_what_is_left_out_is_said() -> None:
    """Of evidence more than three, and of tests more than are wanted."""
    runs = [Ran("aaaa", {"t": outcome, "u": outcome, "v": "F", "w": "F"}) for outcome in "PFFFFF"]
    said = text(made(*runs), most=1)
    assert "      2 more in JSON" in said
    assert said.count("... 1 more (-n 0 shows all)") == 2
    assert "... " not in text(made(*runs))


def test_lines_fit() -> None:
    """At 80 cells, whatever tests and runs are called."""
    runs = [Ran("c" * 40, {"tests/test_x.py::test[日本語-🧪]" * 5: outcome}, "job" * 40) for outcome in "PF"]
    for line in page(made(*runs), 80):
        assert sum(part.cell_length for part in line) <= 80


def test_json_says_the_same() -> None:
    """The rows and their evidence, by the keys that were promised."""
    found = made(*RUNS)
    told = json.loads("".join(document(found)))
    assert (told["schema"], told["runs"], told["unknown_revision"], told["repeated"]) == (
        "tracetui.flaky/1",
        4,
        1,
        2,
    )
    row = told["rows"][2]
    assert (row["name"], row["runs"], row["failed"], row["reruns"]) == ("t", 4, 1, 11)
    assert (row["low"], row["high"]) == (0.045587, 0.699358)
    assert row["evidence"] == [
        {
            "revision": "a" * 40,
            "run": "7",
            "attempt": 1,
            "outcome": "passed",
            "why": "failed in run 7/2, same revision",
        },
        {
            "revision": "a" * 40,
            "run": "7/2",
            "attempt": 1,
            "outcome": "failed",
            "why": "passed in run 7, same revision",
        },
    ]
    assert [each["name"] for each in told["broken"]] == ["v", "w"]
    again = made(Ran("", {"t": "P"}, "7"), Ran("", {"t": "F"}, "7", 2))
    (row,) = json.loads("".join(document(again)))["rows"]
    assert row["evidence"][0]["why"] == "failed in run 7/2, same pipeline run"
