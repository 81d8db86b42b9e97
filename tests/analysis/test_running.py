"""What is running."""

from tests.builders import RUNNING, small_run, snapshot, span, start_record
from tracetui.analysis.overview.running import running_now
from tracetui.analysis.tree.tree import build


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
