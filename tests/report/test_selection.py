"""Which spans a page shows."""

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import T0, S, case, line, snapshot, span
from tracetui.analysis.study.findings import Findings, study
from tracetui.report import selection


@st.composite
def forests(draw: st.DrawFn) -> Findings:
    """Findings of up to 30 spans, each a root or below an earlier one, some of them tests, some failed."""
    made = [span("0")]
    for number in range(1, draw(st.integers(1, 30))):
        parent = draw(st.sampled_from([None, *made]))
        start = T0 + number
        end = start + draw(st.integers(0, 9)) * S
        outcome = draw(st.sampled_from(["", "passed", "failed", "skipped"]))
        if outcome:
            made.append(case(f"t::{number}", outcome, start=start, end=end, parent=parent))
        else:
            made.append(span(str(number), start=start, end=end, parent=parent))
    return study(snapshot(line(*made)), T0)


@given(forests(), st.integers(1, 40), st.one_of(st.none(), st.integers(1, 4)))
def test_a_page_is_a_part_of_the_tree(findings: Findings, most: int, levels: int | None) -> None:
    """A page is in display order, no longer than it may be, and holds all that is above what it shows."""
    rows = selection.page(findings, most, levels).tolist()
    places = findings.tree.position[rows].tolist()
    assert places == sorted(set(places))
    assert 0 < len(rows) <= most
    assert {int(findings.tree.parent[row]) for row in rows} <= {*rows, -1}


@given(forests(), st.integers(1, 40))
def test_levels_are_levels(findings: Findings, levels: int) -> None:
    """Of the first so many levels everything is shown where there is room, and nothing below them."""
    expected = [row for row in findings.tree.order.tolist() if findings.tree.depth[row] < levels]
    assert selection.whole(findings, levels).tolist() == expected
    assert selection.page(findings, len(findings.snapshot), levels).tolist() == expected


def test_what_failed_comes_before_what_was_slow() -> None:
    """A quick failure beats slow tests that passed."""
    top = span("top", end=T0 + 99 * S)
    slow = [case(f"t::slow{n}", start=T0 + n, end=T0 + 50 * S, parent=top) for n in range(5)]
    quick = case("t::quick", "failed", start=T0 + 9, end=T0 + 10, parent=top)
    findings = study(snapshot(line(top, *slow, quick)), T0)
    shown = [findings.snapshot.title(row) for row in selection.page(findings, 2).tolist()]
    assert shown == ["top", "t::quick"]


def test_a_chain_longer_than_the_page_is_cut_from_below() -> None:
    """Thousands of levels do not make a page longer: what is shown begins at the root."""
    chain = [span("0")]
    for number in range(1, 3000):
        chain.append(span(str(number), start=T0 + number, parent=chain[-1]))
    findings = study(snapshot(line(*chain)), T0)
    assert [int(findings.tree.depth[row]) for row in selection.page(findings, 50)] == list(range(50))
