"""What a page says of what ran beside a test, and that JSON says the same."""

import json

from tracetui.analysis.beside.beside import Beside, Suspicion
from tracetui.model.role import Role
from tracetui.report.deciding.beside import BesideValue, document, page, row_words

FOUND = Suspicion(
    what="failed",
    bad=20,
    good=1322,
    window_ns=1_500_000_000,
    candidates=80,
    tested=39,
    broken=0,
    rows=(
        Beside(Role.TEST, "b.py::test_y", 18, 30, 1e-9, 4e-9, 310.4),
        Beside(Role.HOOK, "upload\x1b[2J", 9, 200, 0.001, 0.0123, 4.56),
    ),
)


def text(found: Suspicion, cells: int = 100) -> list[str]:
    lines = page(BesideValue("a.py::test_x", found), cells)
    return ["".join(part.text for part in line).rstrip() for line in lines]


def test_the_page() -> None:
    """The cases, each name with its counts, and by which test; no control code."""
    assert text(FOUND) == [
        "a.py::test_x  20 failures, 1 322 passes",
        "",
        "beside it          failures        passes  odds       q",
        "test b.py::test_y  18 of 20   30 of 1 322  310x  <0.001",
        "hook upload␛[2J     9 of 20  200 of 1 322  4.6x   0.012",
        "on other lanes, in the first 1.50s of each; 39 of 80 names tested",
        "by Fisher's exact test; q <= 5 % (Benjamini-Hochberg)",
    ]


def test_why_nothing_is_named() -> None:
    """Nothing stands out; or nobody could tell, and why not."""
    none = FOUND
    for changes, said in (
        ({}, "nothing that ran beside it stands out (39 names tested)"),
        ({"tested": 0}, "too few to tell: no name ran beside enough of them to stand out"),
        ({"tested": 0, "candidates": 0}, "nothing ran on other lanes at that time"),
        ({"bad": 2}, "too few to tell what ran beside it: at least 3 of each are needed"),
    ):
        values = {name: getattr(none, name) for name in none.__struct_fields__} | {"rows": ()} | changes
        assert text(Suspicion(**values))[-1] == said


def test_slow_ones_and_broken_ones() -> None:
    """What slow means is said, and how many failures were left out."""
    values = {name: getattr(FOUND, name) for name in FOUND.__struct_fields__}
    assert text(Suspicion(**values | {"what": "slow", "broken": 1}))[:4] == [
        "a.py::test_x  20 slow passes, 1 322 others (slow: from 1.5x its median on)",
        "1 failure left out, at a revision at which it always fails",
        "",
        "beside it          slow passes        others  odds       q",
    ]


def test_in_a_line() -> None:
    """For a screen that has one."""
    said = "test b.py::test_y: beside 18 of 20 failures, 30 of 1 322 passes (q <0.001)"
    assert row_words(FOUND.rows[0], FOUND) == said


def test_json_says_the_same() -> None:
    """Exactly, by keys that stay."""
    told = json.loads("".join(document(BesideValue("t", FOUND))))
    assert {key: told[key] for key in ("schema", "test", "what", "bad", "good", "window_ns", "tested")} == {
        "schema": "tracetui.beside/1",
        "test": "t",
        "what": "failed",
        "bad": 20,
        "good": 1322,
        "window_ns": 1_500_000_000,
        "tested": 39,
    }
    assert told["rows"][0] == {
        "name": "b.py::test_y",
        "role": "test",
        "bad_with": 18,
        "good_with": 30,
        "odds": 310.4,
        "p": 1e-9,
        "q": 4e-9,
    }
