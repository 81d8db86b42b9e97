"""The line at the end of a run: what was written, what was lost, where it is and how to open it."""

from __future__ import annotations

import os

from tracetui.tracing.pytest.safety import Faults
from tracetui.tracing.pytest.xdist import Controller
from tracetui.tracing.set_up import Tracing


def summary_line(tracing: Tracing, controller: Controller, faults: Faults) -> str:
    """The line, for this process and its workers."""
    directory = os.path.relpath(tracing.spans_dir)
    shown = str(tracing.spans_dir) if directory.startswith("..") else directory
    written = tracing.spans_written + controller.written
    lost = tracing.spans_lost + controller.lost
    line = f"tracetui: {written} spans in {shown}"
    if lost:
        line += f", {lost} lost ({tracing.first_error or 'in a worker'})"
    if faults.count:
        line += f", {faults.count} faults of tracetui itself ({faults.first})"
    return f"{line} (open with: tracetui open {shown})" if written else line
