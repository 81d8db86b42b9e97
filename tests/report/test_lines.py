"""Lines of text: everything on them is safe, and as wide as it may be."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import T0, S, case, line, snapshot, span
from tracetui.analysis.study.findings import Findings, study
from tracetui.report import as_json, selection
from tracetui.report.check import check, page
from tracetui.report.drawing.style import Line, clock_badge
from tracetui.report.spans import value
from tracetui.report.top import top
from tracetui.report.waterfall import waterfall
from tracetui.text import Safe, width

NAMES = st.text(st.characters(codec=None), min_size=1, max_size=60)


def _findings(name: str) -> Findings:
    return study(snapshot(line(case(name)), b"no JSON}\n"), T0)


def _text(shown: Line) -> str:
    return "".join(segment.text for segment in shown)


def _moves_or_hides(character: str) -> bool:
    """Whether a terminal would do something else with it than show it."""
    bidi = unicodedata.bidirectional(character) in {
        "LRE",
        "RLE",
        "LRO",
        "RLO",
        "PDF",
        "LRI",
        "RLI",
        "FSI",
        "PDI",
    }
    return bidi or unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}


@given(NAMES, st.integers(80, 200))
def test_whatever_a_name_holds_a_page_only_shows_it(name: str, cells: int) -> None:
    """Any code points in a name: no control code is left, and no row is wider than the page."""
    findings = _findings(name)
    rows = selection.whole(findings)
    tree = [_text(shown) for shown in waterfall(findings, rows, cells, colour=True)]
    ranking = [_text(shown) for shown in top(findings.rank(), "own_ns", 0, cells)]
    counts = [_text(shown) for shown in page(check(findings, 1))]
    assert not any(map(_moves_or_hides, "".join((*tree, *ranking, *counts))))
    assert all(width(Safe(text)) <= cells for text in (*tree[1:4], *ranking))


@given(NAMES)
def test_json_is_ascii_and_loses_nothing(name: str) -> None:
    """Any code points in a name: the JSON is printable ASCII and decodes to the name."""
    findings = _findings(name)
    document = "".join(as_json.waterfall(findings, value(findings, selection.whole(findings))))
    assert document.replace("\n", "").isprintable()
    assert document.isascii()
    (row,) = json.loads(document)["rows"]
    assert row["title"] == findings.snapshot.title(0)
    assert row["span_id"] == findings.snapshot.span_id_text(0)
    ranking = json.loads("".join(as_json.top(findings, findings.rank(), 0)))
    assert [rank["name"] for rank in ranking["rows"]] == [row["title"]]


@pytest.mark.parametrize(
    ("at_ns", "told"),
    [
        (5000 * S, "clock: +01:23:20.000 to +00:00:00.000"),
        (T0, "clock: 2026-11-18 11:06:40.000 to 1970-01-01 00:00:00.000"),
    ],
)
def test_an_impossible_time_without_an_epoch_is_not_shown_in_1970(at_ns: int, told: str) -> None:
    """It tells only how far it is from the others; one with a date is shown as it was written."""
    spans = [span("back", start=at_ns, end=5), span("good", start=at_ns, end=at_ns + S)]
    found = study(snapshot(line(*spans)), T0 + S)
    assert clock_badge(found, 0) == told
    drawn = waterfall(found, selection.whole(found, None), 160, colour=False)
    assert any("".join(part.text for part in each).endswith(told) for each in drawn)
