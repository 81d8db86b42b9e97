"""The line at the end of a run: what was written, what was lost, where it is, and how to open it."""

from __future__ import annotations

import os

from tracetui.tracing.host.words import counted
from tracetui.tracing.pytest.processes.forked import spans_of_children
from tracetui.tracing.pytest.processes.xdist import Controller
from tracetui.tracing.pytest.run_state import Underway
from tracetui.tracing.settings import is_disabled


def summary_line(underway: Underway, controller: Controller) -> str:
    """The line for this process, its workers, and all their child processes."""
    if is_disabled():
        return "tracetui: not traced: OTEL_SDK_DISABLED is set"
    tracing, faults = underway.tracing, underway.faults
    directory = os.path.relpath(tracing.spans_dir)
    shown = str(tracing.spans_dir) if directory.startswith("..") else directory
    written = tracing.spans_written + controller.written
    written += spans_of_children(tracing.spans_dir, {os.getpid(), *controller.pids}, underway.started_ns)
    lost = tracing.spans_lost + controller.lost
    # The run's own span is written when all has been said.
    written += underway.run is not None and not lost
    line = f"tracetui: {counted(written, 'span')} in {shown}"
    if lost:
        line += f", {lost} lost ({tracing.first_error or 'in a worker'})"
    if faults.count:
        line += f", {counted(faults.count, 'internal error')} ({faults.first})"
    return f"{line} (open with: tracetui open {shown})" if written else line
