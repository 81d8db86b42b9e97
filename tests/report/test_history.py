"""The page of a history says what its JSON does: what changed first, or one test run by run."""

import json
from collections.abc import Sequence

import numpy as np
import pytest
from msgspec.structs import replace

from tests.analysis.history.noise import head, recorded
from tests.builders import HOSTILE_NAMES, S
from tracetui.analysis.history.over_runs import HistoryValue, value
from tracetui.analysis.history.records import Records
from tracetui.analysis.history.selecting import branch_called, of_branch, of_job, up_to
from tracetui.errors import InputError
from tracetui.model.role import Outcome
from tracetui.report.deciding.history import document, page
from tracetui.text import width

RUNS, AT = 20, 12


def records(runs: int = RUNS, names: Sequence[str] = (), suite: str = "s") -> Records:
    """Three tests almost without noise; the second takes twice as long from run 12 on."""
    took = S * (1 + 0.001 * np.random.default_rng(0).random((3, runs)))
    took[1, AT:] *= 2
    took[2] *= 5
    made = recorded(took)
    heads = [head(number, 3, suite, revision=f"{number:x}" * 40) for number in range(runs)]
    return Records(heads, names or made.texts, made.columns)


def lines(told: HistoryValue, most: int = 20, cells: int = 120) -> list[str]:
    return ["".join(segment.text for segment in line) for line in page(told, most, cells)]


def rows(told: HistoryValue) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads("".join(document(told)))["rows"]
    return found


def test_the_first_line_is_the_verdict() -> None:
    """How many changed, what that adds to a run, and over which runs; what changed most is the first row."""
    first, _, titles, changed, longest, *_ = lines(value(records()))
    assert first == "3 tests, 1 changed (+1.00s a run)   20 runs, 2026-11-18 11:06 to 2026-11-19 06:06 UTC"
    assert titles.split() == ["test", "n", "last", "change", "added", "since", "q", "over", "all", "runs"]
    assert changed.split()[:5] == ["a.py::t1", "20", "2.00s", "2.00x", "+1.00s"]
    assert "2026-11-18 23:06 cccccccccc" in changed
    assert longest.split()[:3] == ["a.py::t2", "20", "5.00s"]


def test_json_has_the_keys_of_its_contract() -> None:
    """A change names the run it begins with; its ratio, its q, and the levels in ns."""
    found = json.loads("".join(document(value(records()))))
    assert (found["schema"], found["runs"], found["needs"]) == ("tracetui.history/1", RUNS, None)
    row, other, _ = found["rows"]
    assert (row["name"], row["n"], other["changes"]) == ("a.py::t1", RUNS, [])
    (change,) = row["changes"]
    assert change["run"] == "2026-11-18 23:06:40.000"
    assert change["start_ns"] == head(AT, 3).start_ns
    assert (change["run_number"], change["revision"]) == (AT + 1, "c" * 40)
    assert change["ratio"] == pytest.approx(2, rel=0.01)
    assert 0 < change["q"] < 0.01
    assert row["last_ns"] == pytest.approx(2 * S, rel=0.01)


def test_one_test_is_told_run_by_run() -> None:
    """The last run first; where it changed a line says how much; the JSON has the same points."""
    told = value(records(), name="T1")
    found = lines(told, most=0)
    assert found[0].startswith("1 test, 1 changed")
    begin = found.index("a.py::t1 (s)") + 1
    assert [line[:16] for line in found[begin : begin + 2]] == ["2026-11-19 06:06", "2026-11-19 05:06"]
    step = next(place for place, line in enumerate(found) if "──" in line)
    assert found[step].startswith("  ── 2.00x from here on: 1.00s before, 2.00s since, q <.001")
    assert found[step - 1].startswith("2026-11-18 23:06  cccccccccc")
    assert found[step + 1].count("█") * 2 == pytest.approx(found[step - 1].count("█"), abs=1)
    (row,) = rows(told)
    points = row["points"]
    assert isinstance(points, list)
    assert len(points) == RUNS
    assert points[0]["own_ns"] == row["last_ns"]
    assert lines(told, most=3)[begin + 3] == "... 17 earlier runs (-n 0 shows all)"


def test_a_name_that_several_have_shows_all_of_them() -> None:
    """A full name shows that one, though others have it as a part; one that none has says so."""
    names = ["t", "t2", "other"]
    assert [row["name"] for row in rows(value(records(names=names), name="t"))] == ["t"]
    assert {row["name"] for row in rows(value(records(names=["ta", "tb", "x"]), name="t"))} == {"ta", "tb"}
    assert (
        lines(value(records(), name="nobody"))[-1] == "no test is called that; without a name all are shown"
    )


def test_too_few_runs_say_so() -> None:
    """Seven runs: no verdict, and how many it takes; nothing is called the same."""
    told = value(records(runs=7))
    first, second, *_ = lines(told)
    assert first.startswith("3 tests, too few runs to tell   7 runs")
    assert second == "7 runs, and a change needs 5 before and 3 after it: nothing here can be told from noise"
    assert json.loads("".join(document(told)))["needs"] == 8
    assert all(row["needs"] == 8 for row in rows(told))


def test_a_test_with_too_few_runs_says_so_beside_others() -> None:
    made = records()
    kept = np.flatnonzero((made.columns.name != 2) | (made.columns.run > RUNS - 3))
    told = value(Records(made.heads, made.texts, made.columns.only(kept)))
    assert lines(told)[0].startswith("3 tests, 1 changed (+1.00s a run), 1 with too few runs to tell")
    assert any("too few runs" in line for line in lines(told) if line.startswith("a.py::t2"))


def test_a_killed_test_took_at_least_so_long() -> None:
    """Its last run is told with a `>`."""
    made = records()
    made.columns.at_least[-3:] = True
    made.columns.outcome[-3:] = Outcome.CUT_OFF
    last = lines(value(made, name="t1"))[3]
    assert ">2.00s" in last
    assert "╳ cut_off" in last


def test_files_are_sums_of_their_tests() -> None:
    found = rows(value(records(names=["a.py::x", "a.py::y", "b.py::z"]), by="file"))
    assert {row["name"]: round(float(str(row["last_ns"])) / S) for row in found} == {"a.py": 3, "b.py": 5}


@pytest.mark.parametrize("cells", [60, 80, 120, 200])
def test_no_line_of_rows_is_wider_than_the_page(cells: int) -> None:
    """Nor does foreign text reach it as it is."""
    found = lines(value(records(names=HOSTILE_NAMES[2:5])), cells=cells)
    shown = found[2 : found.index("", 2)]
    assert len(shown) == 4
    assert not any("\x1b" in line or "\u202e" in line for line in found)
    if cells >= 80:
        assert max(width(line) for line in shown) <= cells  # type: ignore[arg-type]


def branched() -> Records:
    """Every other run is of a branch on which one test takes five times as long; the first tells none."""
    made = records()
    heads = [
        each._replace(branch="slow/x" if number % 2 else "main") for number, each in enumerate(made.heads)
    ]
    heads[0] = heads[0]._replace(branch="")
    own = made.columns.own_ns * np.where((made.columns.run % 2 == 1) & (made.columns.name == 0), 5, 1)
    return Records(heads, made.texts, replace(made.columns, own_ns=own))


def test_runs_of_a_branch() -> None:
    """By its name or a part of it; without one the page says that they are mixed, and which there are."""
    both = branched()
    assert branch_called(both, "slow") == "slow/x"
    assert {head.branch for head in of_branch(both, "main").heads} == {"main"}
    assert len(of_branch(both, "main")) == RUNS // 2 - 1
    with pytest.raises(InputError, match="no branch is called dev; known are main; slow/x"):
        branch_called(both, "dev")
    with pytest.raises(InputError, match="no run here tells its branch"):
        branch_called(records(), "main")
    mixed, one = value(both), value(both, branch="main")
    assert (mixed.branches, one.branches, one.branch) == (("main", "slow/x"), ("main", "slow/x"), "main")
    text = " ".join(lines(mixed))
    assert (
        "runs of 2 branches are mixed (main, slow/x): where they differ looks like a change (--branch)"
        in text
    )
    first = lines(one)[0]
    assert "   9 runs of main, 2026-11-18" in first
    assert "mixed" not in " ".join(lines(one))
    found = [json.loads("".join(document(told))) for told in (mixed, one)]
    assert [(told["branch"], told["branches"], told["runs"]) for told in found] == [
        (None, 2, RUNS),
        ("main", 2, 9),
    ]


def test_runs_of_a_job_and_up_to_a_run() -> None:
    """By a part of the job's name; by place, label or revision. What is none says what there is."""
    made = records(suite="unit")
    heads = [each._replace(job="py313" if number % 2 else "py314") for number, each in enumerate(made.heads)]
    both = Records(heads, made.texts, made.columns)
    assert len(of_job(both, "313")) == RUNS // 2
    assert {each.job for each in of_job(both, "unit py314").heads} == {"py314"}
    with pytest.raises(InputError, match="several jobs are called unit"):
        of_job(both, "unit")
    assert len(up_to(made, "newest")) == RUNS
    assert len(up_to(made, "3")) == RUNS - 2
    assert len(up_to(made, "c" * 40)) == AT + 1
    assert len(up_to(made, "2026-11-18 13:06")) == 3
    with pytest.raises(InputError, match="no run is called nothing"):
        up_to(made, "nothing")


def test_it_says_whether_the_speed_of_runs_is_known() -> None:
    """Of four tests nobody knows, of five one does, also in a single run, in which it is as usual."""
    for tests, runs, known in ((4, 9, False), (5, 9, True), (5, 1, True)):
        told = value(recorded(np.full((tests, runs), float(S))))
        assert told.is_speed_known is known
        assert any("nothing is divided out" in line for line in lines(told)) is not known
