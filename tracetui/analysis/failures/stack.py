"""Stack traces as frames: those of Python, of JavaScript (V8, SpiderMonkey), and similar ones.

What is no frame stays a line of text. Lines are parsed by plain searching: no text makes it slow.
"""

import re
from typing import TypeAlias

from msgspec import Struct

MOST_LINES = 1000
_PYTHON = re.compile(r'[\s|+-]*File "(?P<file>[^"]*)", line (?P<line>\d{1,9})(?:, in (?P<function>.*))?')
_LIBRARIES = (
    "site-packages/",
    "dist-packages/",
    "/lib/python3",
    "<frozen ",
    "<string>",
    "node_modules/",
    "node:",
    "internal/",
    "src/mongo/shell/",
    "/_pytest/",
    "/pluggy/",
    "tracetui/tracing/",
)


class Frame(Struct, frozen=True):
    """A place in code; `line` counts from 1, `code` is the source that the trace shows. All text is
    foreign.
    """

    file: str
    line: int
    function: str
    code: tuple[str, ...] = ()

    @property
    def is_library(self) -> bool:
        """Whether it is library code, as far as its path says."""
        path = self.file.replace("\\", "/")
        return any(mark in path for mark in _LIBRARIES)


Part: TypeAlias = Frame | str


def parse_stack(text: str) -> tuple[Part, ...]:
    """The frames of a stack trace and the lines between them, in the order of the text."""
    parts: list[Part] = []
    python: list[str] | None = None
    for line in text.splitlines()[:MOST_LINES]:
        match = _PYTHON.fullmatch(line)
        if python is not None and not match and line.startswith((" ", "\t", "|")) and line.strip():
            python.append(line)
            continue
        _close(parts, python)
        python = [] if match else None
        parts.append(_python_frame(match) if match else _other_frame(line) or line)
    _close(parts, python)
    return tuple(parts)


def without_message(text: str, message: str) -> str:
    """A stack trace without the `message` at its end, for callers that have shown it already."""
    bare, said = text.rstrip(), message.strip()
    return bare.removesuffix(said).rstrip() if said and bare.endswith(said) else bare


def first_own_frame(parts: tuple[Part, ...], test_file: str = "") -> Frame | None:
    """Where the user's own code failed: the innermost frame that is no library's, or else of `test_file`.

    None if there is neither. Python writes the innermost frame last, all others first.
    """
    frames = [part for part in parts if isinstance(part, Frame)]
    if any(frame.code for frame in frames) or any(is_python(part) for part in parts):
        frames.reverse()
    own = [frame for frame in frames if not frame.is_library]
    return next(iter(own or [frame for frame in frames if frame.file == test_file]), None)


def is_headless(part: str) -> bool:
    """Whether a line is the rest of one whose message was removed: `ValueError:`."""
    return part.endswith(":") and part[:-1].replace(".", "").isidentifier()


def is_python(part: Part) -> bool:
    """Whether a part shows that the trace is Python's."""
    if isinstance(part, Frame):
        return part.file.endswith((".py", ".pyx", ".ipynb"))
    return part.strip(" |+-").startswith("Traceback (most recent call last)")


def _close(parts: list[Part], code: list[str] | None) -> None:
    """Attach the lines below a Python frame to it as its code."""
    if code and isinstance(frame := parts[-1], Frame):
        parts[-1] = Frame(frame.file, frame.line, frame.function, tuple(code))


def _python_frame(match: re.Match[str]) -> Frame:
    return Frame(match["file"], int(match["line"]), match["function"] or "")


def _other_frame(line: str) -> Frame | None:
    """`at f (file:1:2)`, `at file:1:2`, `f@file:1:2`, or pytest's `file:1: Error`; None for anything else."""
    stripped = line.strip()
    if stripped.startswith("at "):
        function, opened, where = stripped[3:].rpartition("(")
        return _placed(function.strip(), where.removesuffix(")") if opened else stripped[3:])
    function, at, where = stripped.partition("@")
    if at and " " not in function:
        return _placed(function, where)
    file, colon, rest = stripped.partition(":")
    number, more, what = rest.partition(":")
    if colon and more and number.isdecimal() and "." in file and " " not in file and len(number) < 10:
        return Frame(file, int(number), what.strip())
    return None


def _placed(function: str, where: str) -> Frame | None:
    """A frame at `file:line` or `file:line:column`."""
    file, _, last = where.rpartition(":")
    head, _, before = file.rpartition(":")
    if head and _is_number(before) and _is_number(last):
        return Frame(head, int(before), function)
    return Frame(file, int(last), function) if file and _is_number(last) and " " not in file else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10
