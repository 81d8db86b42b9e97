"""Turns foreign text into text that is safe to print: one function makes the only type that may be shown.

Nothing is deleted and no escape sequence is parsed: each code point that could move a cursor, reorder, hide
or colour text is replaced by something visible, so that the original stays recognizable as evidence.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple, NewType

from rich.cells import cell_len, set_cell_size

Safe = NewType("Safe", str)
"""Text that `sanitize` made: one line, printable, no control code, nothing that reorders or hides."""

MOST_CODE_POINTS = 4096
MOST_MARKS = 4
_LEAST_SHARED = 4
_KEPT_LENGTH = 512
"""Longer texts are not kept, however they were fitted."""
ELLIPSIS = Safe("…")

_INVISIBLE = (
    (0xAD, 0xAD),
    (0x34F, 0x34F),
    (0x600, 0x605),
    (0x61C, 0x61C),
    (0x6DD, 0x6DD),
    (0x70F, 0x70F),
    (0x890, 0x891),
    (0x8E2, 0x8E2),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x2028, 0x202E),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xD800, 0xDFFF),
    (0xFDD0, 0xFDEF),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFFB),
    (0x110BD, 0x110BD),
    (0x110CD, 0x110CD),
    (0x13430, 0x1343F),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
)
_WORD = re.compile("[^ ]+ *| +")
_NONCHARACTERS = "".join(chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF))
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f"
    + "".join(f"{chr(first)}-{chr(last)}" for first, last in _INVISIBLE)
    + _NONCHARACTERS
    + "]"
)


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""What a terminal may obey; tabs and line ends have a meaning in files, too."""


def spelled_out(text: str, unwanted: re.Pattern[str] = _CONTROL) -> str:
    """The text for a file, with each `unwanted` code point spelled as JUnit XML has it: `#x1B`."""
    return unwanted.sub(lambda match: f"#x{ord(match[0]):02X}", text)


def comma_separated(rows: Iterable[Iterable[object]]) -> str:
    """Lines of comma-separated values (RFC 4180); what a terminal may obey is spelled out."""
    lines = io.StringIO()
    csv.writer(lines).writerows(
        [spelled_out(cell) if isinstance(cell, str) else cell for cell in row] for row in rows
    )
    return lines.getvalue()


def sanitize(foreign: str, most: int = MOST_CODE_POINTS) -> Safe:
    """`foreign` cut to `most` code points, every unsafe one made visible.

    C0 controls become their pictures (U+2400 and up), C1 controls `\\x9b`, the rest `\\u{200b}`.
    """
    if len(foreign) > most:
        foreign = foreign[: most - 1] + ELLIPSIS
    if foreign.isascii() and foreign.isprintable():
        return Safe(foreign)
    return Safe(_thin_marks(_UNSAFE.sub(_visible, foreign)))


def sanitize_lines(foreign: str, most: int = 64 * MOST_CODE_POINTS) -> list[Safe]:
    """The lines of `foreign` (a stack trace, a log), each sanitised, tabs as four spaces."""
    cut = foreign if len(foreign) <= most else foreign[: most - 1] + ELLIPSIS
    lines = cut.replace("\r\n", "\n").replace("\t", "    ").split("\n")
    return [sanitize(line) for line in lines]


def width(safe: Safe) -> int:
    """The number of cells `safe` takes on a terminal."""
    return cell_len(safe)


def fit(safe: Safe, cells: int) -> Safe:
    """`safe` cut with an ellipsis, or padded with spaces, to exactly `cells` cells."""
    if cells <= 0:
        return Safe("")
    if cell_len(safe) <= cells:
        return Safe(set_cell_size(safe, cells))
    return Safe(set_cell_size(set_cell_size(safe, cells - 1).rstrip() + ELLIPSIS, cells))


def fit_middle(safe: Safe, cells: int) -> Safe:
    """As `fit`, but cuts the middle: file names differ at their ends."""
    return (_fitted_middle if len(safe) <= _KEPT_LENGTH else _fitted_middle.__wrapped__)(safe, cells)


@lru_cache(maxsize=2048)
def _fitted_middle(safe: Safe, cells: int) -> Safe:
    if cells < 9 or cell_len(safe) <= cells:
        return fit(safe, cells)
    head = (cells - 1) // 3
    tail, start, kept = cells - 1 - head, len(safe), len(safe)
    while start and (tail := tail - cell_len(safe[start - 1])) >= 0:
        start -= 1
        # A combining mark is kept only with its base, lest it sit on the ellipsis.
        kept = start if cell_len(safe[start]) else kept
    return Safe(set_cell_size(set_cell_size(safe, head) + ELLIPSIS + safe[kept:], cells))


class Shared(NamedTuple):
    """The common part of the names in a list: the (sanitised) characters that all begin with, up to a word.

    `longest` is the length of the longest name.
    """

    start: int = 0
    longest: int = 0


NOTHING_SHARED = Shared()


def shared(names: Collection[str]) -> Shared:
    """The common part of `names` (foreign texts): O(n)."""
    return shared_between(min(names), max(names), max(map(len, names))) if names else NOTHING_SHARED


def shared_between(first: str, last: str, longest: int) -> Shared:
    """The same from the alphabetically first and last name, and the longest length."""
    same = first[: _alike((first, last))] if first != last else ""
    start = len(sanitize(same[: max(same.rfind(sign) for sign in "/:. ") + 1]))
    return Shared(start if start >= _LEAST_SHARED else 0, longest)


def fit_name(name: Safe, cells: int, common: Shared) -> Safe:
    """As `fit_middle`; if not all names of a list fit, their common part is dropped first, and the end
    stays.
    """
    if common.longest > cells and common.start:
        name = Safe(ELLIPSIS + name[common.start :])
    return fit_middle(name, cells)


def fit_apart(names: Sequence[Safe], cells: int) -> list[Safe]:
    """Each as `fit_middle`; if that makes different names equal, the common part of `names` is dropped
    first.
    """
    best: list[Safe] = []
    for shorter in _shorter(names):
        fitted = [fit_middle(name, cells) for name in shorter]
        if len(set(fitted)) > len(set(best)):
            best = fitted
        if len(set(best)) == len(set(names)):
            break
    return best


def _shorter(names: Sequence[Safe]) -> Iterator[Sequence[Safe]]:
    """The names; without their common beginning, up to a word or all of it; and without their common end."""
    yield names
    shared = _alike(names)
    for begin in (max(names[0].rfind(sign, 0, shared) for sign in " :/-(") + 1, shared):
        rest = [name[begin:] for name in names]
        yield [Safe(ELLIPSIS + part) for part in rest]
        end = _alike([part[::-1] for part in rest])
        yield [Safe(ELLIPSIS + part[: len(part) - end] + ELLIPSIS) for part in rest]


def _alike(texts: Sequence[str]) -> int:
    """The length of the common prefix of `texts`."""
    first, last = min(texts), max(texts)
    return next((at for at, one in enumerate(first) if not last.startswith(one, at)), len(first))


def wrap(safe: Safe, cells: int) -> list[Safe]:
    """`safe` cut into lines of at most `cells` cells (at least 2); a single empty line for an empty text.

    Cut after blanks; inside a word only if that is longer than a line, or alone on one. Joined, the lines are
    `safe` again.
    """
    room = max(2, cells)
    lines: list[Safe] = []
    line, used = "", 0
    for word in _WORD.findall(safe):
        wide = cell_len(word)
        if line.strip() and used + cell_len(word.rstrip(" ")) > room >= cell_len(word.rstrip(" ")):
            lines.append(Safe(line))
            line, used = "", 0
        if used + wide <= room:
            line, used = line + word, used + wide
            continue
        *whole, line = _cut(line + word, room)
        lines += whole
        used = cell_len(line)
    return [*lines, Safe(line)]


def _cut(text: str, room: int) -> list[Safe]:
    """Pieces of at most `room` cells, cut anywhere."""
    pieces: list[Safe] = []
    line, used = "", 0
    for character in text:
        wide = cell_len(character)
        if used + wide > room:
            pieces.append(Safe(line))
            line, used = "", 0
        line, used = line + character, used + wide
    return [*pieces, Safe(line)]


def _visible(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    return f"\\x{code:02x}" if code < 0xA0 else f"\\u{{{code:x}}}"


def _thin_marks(text: str) -> str:
    """At most `MOST_MARKS` combining marks on a base: 100,000 in one name would be 600 kB per repaint."""
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character)[0] == "M" else 0
        if marks <= MOST_MARKS:
            kept.append(character)
    return "".join(kept)


_NUMBER = re.compile(r"([0-9]+)")


def natural(text: str) -> tuple[list[tuple[int, str]], str]:
    """A sort key that orders numbers by value, gw2 before gw10, of any length, with no two texts equal."""
    parts = enumerate(_NUMBER.split(text))
    return [(len(digits := part.lstrip("0")), digits) if at % 2 else (0, part) for at, part in parts], text
