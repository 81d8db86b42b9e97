"""What can be seen of the tree, and what is running."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.graphs import runs
from tests.builders import RUNNING, T0, line, small_run, snapshot, span, start_record
from tracetui.analysis.outline import outline
from tracetui.analysis.running import running_now
from tracetui.analysis.tree import build
from tracetui.store.snapshot import Snapshot


@settings(max_examples=150, deadline=None)
@given(runs(), st.lists(st.integers(0, 13), max_size=6))
def test_folds_hide_what_is_below_and_nothing_else(read: Snapshot, toggles: list[int]) -> None:
    """However often rows are folded and unfolded, exactly what has no fold above it is visible."""
    tree = build(read)
    seen = outline(read, tree, {})
    chosen: dict[int, bool] = {}
    for toggle in toggles:
        if not len(seen):
            return
        row = seen.row(toggle % len(seen))
        seen = seen.toggled(row)
        chosen[row] = bool(seen.folded[row])
    visible = [
        row for row in tree.order.tolist() if not any(seen.folded[above] for above in tree.ancestors(row))
    ]
    assert [seen.row(index) for index in range(len(seen))] == visible
    assert [seen.index(row) for row in visible] == list(range(len(visible)))
    again = outline(read, tree, chosen)
    assert again.visible.tolist() == seen.visible.tolist()


def test_a_hidden_row_is_found_under_its_fold() -> None:
    """The place of a row under a fold is that of the fold."""
    top = span("top")
    read = snapshot(line(span("before", start=T0 - 1), top, span("below", parent=top)))
    seen = outline(read, build(read), {1: True})
    assert (len(seen), seen.index(2), seen.can_fold(1), seen.can_fold(0)) == (2, 1, True, False)


def test_old_runs_can_be_left_out() -> None:
    """Trees that began before a time are not in the outline."""
    top = span("top", start=T0)
    read = snapshot(line(span("old", start=T0 - 1), top, span("below", start=T0 - 2, parent=top)))
    seen = outline(read, build(read), {}, since_ns=T0)
    assert [read.name(seen.row(index)) for index in range(len(seen))] == ["top", "below"]


def test_what_runs_is_known_by_its_lane_and_innermost_span() -> None:
    """The outermost open test, the worker above it, and the phase inside it."""
    read = snapshot(small_run())
    (running,) = running_now(read, build(read))
    assert (read.title(running.row), running.lane, running.inner) == (RUNNING, "gw0", "")
    test = span("t", {"tracetui.span.role": "test"}, end=0)
    phase = span("call", {"tracetui.span.role": "phase"}, end=0, parent=test)
    hook = span("fixture", {"tracetui.span.role": "hook"}, end=0, parent=phase)
    read = snapshot(start_record(hook) + start_record(phase) + start_record(test))
    (running,) = running_now(read, build(read))
    assert (read.name(running.row), running.lane, running.inner) == ("t", "", "fixture")
