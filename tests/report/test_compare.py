"""The page of a comparison says what its JSON does, the verdict first."""

import json

import pytest

from tests.analysis.compare.noisy import OTHERS, noisy, several
from tests.analysis.compare.recorded import HEAD, runs
from tests.builders import HOSTILE_NAMES, MS, S
from tests.cli.schemas import check
from tracetui.analysis.compare.comparison import Comparison, compare
from tracetui.analysis.compare.suspects import Confirmation
from tracetui.analysis.history.records import Variant
from tracetui.model.role import Outcome
from tracetui.report.deciding import confirm
from tracetui.report.deciding.compare import document, page
from tracetui.text import width


def lines(found: Comparison, most: int = 20, cells: int = 120) -> list[str]:
    return ["".join(segment.text for segment in line) for line in page(found, most, cells)]


def test_the_first_line_is_the_verdict() -> None:
    """How many, what they add in all, and of how many runs that is said."""
    base = several(10, a=S, b=2 * S)
    first, *rest = lines(compare(base, several(10, 50, a=2 * S, b=S)))
    assert first == "1 slower (+1.00s), 1 faster (-1.01s)   10 runs against 10 runs"
    assert rest[0].startswith("as a whole the new runs took 1.0")
    assert rest[1] == "30 the same (within 1.10x)"
    assert rest[-1].startswith("by the exact rank sum (Mann-Whitney); q <= 5 %")
    (slow,) = (line for line in rest if line.startswith("a "))
    assert slow.split()[1:2] == ["slower"]
    assert slow.split()[-2] == "10+10"
    assert lines(compare(base, base))[0].startswith("no change   10 runs")


def test_suspects_stand_apart_with_what_to_do() -> None:
    """From one run there is no verdict: how many it takes, and the command that needs fewer."""
    head = HEAD._replace(revision="0123456789abcdef")
    new = runs(noisy(1, a=9 * S), heads=[HEAD._replace(revision="fedcba9876543210")])
    told = lines(compare(runs(OTHERS | {"a": S}, heads=[head]), new))
    assert told[0] == "undecided; 1 suspect   1 run of fedcba9876 against 1 run of 0123456789"
    assert "a verdict on times needs at least 5 runs on either side" in told
    assert not any(line.startswith("what changed") for line in told)
    assert told[-3] == "no verdicts: beyond 4x the usual noise, but 1 run cannot tell; most are chance"
    command = 'tracetui confirm 0123456789 fedcba9876 --run "pytest ..."'
    assert told[-2:] == [f"to find out: {command}", "(sooner with --suspects FILE: this as JSON)"]


def test_what_fails_shows_how_often() -> None:
    """Before and now; rows beyond the most are counted."""
    new = noisy(2, a=(S, Outcome.FAILED)) | {f"n{number}": S for number in range(5)}
    told = lines(compare(runs(noisy(1, a=S)), runs(new)), most=2)
    assert told[0].startswith("1 newly failing, 5 added (+5.")
    assert "... 4 more rows (-n 0 shows all)" in told
    told = lines(compare(runs(noisy(1, a=S)), runs(new)), most=0)
    assert any("0/1 > 1/1" in line for line in told)


def test_unequal_machines_are_warned_about() -> None:
    """Before any figure."""
    heads = [HEAD._replace(variant=Variant(cores=cores)) for cores in (4, 16)]
    told = lines(compare(runs({"a": S}, heads=heads[:1]), runs({"a": S}, heads=heads[1:])))
    assert told[1] == "! cores differ: 16 against 4; times may differ for that alone"
    assert told[2] == "too few tests to tell how fast the runs were as a whole: nothing is divided out"


def test_nothing_green_in_silence() -> None:
    """Nothing to compare is no agreement, and what waits is counted."""
    assert lines(compare(runs(), runs()))[0].startswith("nothing to compare")
    live = runs({"a": S}, heads=[HEAD._replace(state="live")])
    assert "1 test or hook have not run yet" not in lines(compare(runs({"a": S, "b": S}), live))
    assert "1 test or hook has not run yet" in lines(compare(runs({"a": S, "b": S}), live))


@pytest.mark.parametrize("cells", [60, 80, 160])
def test_no_line_is_wider_than_the_page(cells: int) -> None:
    """Tables, that is; names are foreign, and only text."""
    names = dict.fromkeys(HOSTILE_NAMES, 7 * S)
    told = lines(compare(runs(OTHERS), runs(OTHERS | names)), 0, cells)
    rows = [line for line in told if "added" in line and not line.startswith("6 ")]
    assert len(rows) == len(HOSTILE_NAMES) + 2
    assert not any("\x1b" in line or "\u202e" in line for line in told)
    assert all(width(line) <= max(cells, 69) for line in rows[1:-1])  # type: ignore[arg-type]
    assert all(width(line) <= cells for line in told if line not in rows)  # type: ignore[arg-type]


def test_the_json_has_the_promised_keys_and_every_row() -> None:
    """In order of added time; what is not known is null."""
    found = compare(several(1, a=S), several(1, 50, a=9 * S, b=MS))
    told = json.loads("".join(document(found)))
    assert told["schema"] == "tracetui.compare/1"
    assert (told["base_runs"], told["new_runs"], told["needs"]) == (1, 1, 5)
    assert told["speed_ratio"] == pytest.approx(1, rel=0.05)
    a, *rest = told["rows"]
    promised = {"name", "verdict", "base_ns", "new_ns", "ratio", "p", "q", "n_base", "n_new"}
    assert promised <= set(a)
    assert (a["name"], a["verdict"], a["p"], a["q"], a["statistic"]) == ("a", "suspect", None, None, "noise")
    added = [row["added_ns"] for row in told["rows"]]
    assert added == sorted(added, reverse=True)
    (b,) = (row for row in rest if row["name"] == "b")
    assert (b["verdict"], b["base_ns"], b["ratio"], b["n_base"]) == ("added", None, None, 0)


def test_confirm_names_what_does_not_run_by_itself() -> None:
    """Suspects that are hooks or fixtures, the first few of many; in JSON all of them."""
    found = compare(several(5, a=S), several(5, 50, a=2 * S), took_turns=True)
    left = tuple(f"fixture f{number}" for number in range(7))
    told = Confirmation(found, 5, 31, left, 0, 60.0, 12.0)
    shown = ["".join(segment.text for segment in line) for line in confirm.page(told, 200)]
    says = "suspect, and not run again, for only tests run by themselves: "
    assert says + "fixture f0, fixture f1, fixture f2, fixture f3, fixture f4, ..." in shown
    written = check("".join(confirm.document(told)).encode())
    assert (written["left_out"], written["left_out_names"]) == (7, list(left))
