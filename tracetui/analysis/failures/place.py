"""Where to look first in the code of a failure or a test."""

from typing import NamedTuple

from tracetui.analysis.failures.causes import Cause
from tracetui.analysis.failures.stack import first_own_frame, parse_stack
from tracetui.model.span import Attributes


class Place(NamedTuple):
    """A line of a file, as a span or a stack trace names it: foreign text; line 0 if unknown."""

    file: str
    line: int


def place_of(cause: Cause | None, attributes: Attributes) -> Place | None:
    """Where to look first: the innermost frame of the user's own code, else the test's place."""
    recorded = attributes.get("code.file.path") or attributes.get("code.filepath")
    file = recorded if isinstance(recorded, str) else ""
    for raised in cause.thrown if cause else ():
        if frame := first_own_frame(parse_stack(raised.stack), file):
            return Place(frame.file, frame.line)
    line = attributes.get("code.line.number", attributes.get("code.lineno", 0))
    return Place(file, line if isinstance(line, int) else 0) if file else None
