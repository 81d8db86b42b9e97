"""The rows of Health: a kind of problem with its count, and below it, unfolded, its examples."""

from pathlib import Path
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.strip import Strip

from tracetui import units
from tracetui.model.kind import Kind
from tracetui.report.drawing.style import many
from tracetui.report.troubles import Example, Found, clean_words
from tracetui.store.health import ABOUT
from tracetui.text import Safe, fit, fit_middle, sanitize, width, wrap
from tracetui.ui.feed.reading import Reading
from tracetui.ui.theme.themes import Paint

COUNT_CELLS = 9
SAID_CELLS = max(len(about.said) for about in ABOUT.values()) + 3
LEAST_DONE = 24
WHERE_CELLS = 34
MOST_TOLD = 6
"""Lines of the pane below that an excerpt may take."""


class About(NamedTuple):
    """The state of reading: files found, their formats, and bytes of memory.

    `resident` is the process's memory, 0 if unknown; `bytes` about that of spans, out of `ceiling`.
    `slow_reader` is empty where the kernel reads.
    """

    files: int
    formats: frozenset[str]
    resident: int
    bytes: int
    ceiling: int
    slow_reader: str


class Row(NamedTuple):
    """A kind, or one of its examples; `open` if it is unfolded.

    Or, with `clean` kinds, the one row for all of these, of which `found` is the first.
    """

    found: Found
    example: Example | None
    open: bool
    clean: int = 0


def health_row(row: Row, cells: int, paint: Paint, *, selected: bool) -> Strip:
    """One row, `cells` wide."""
    background = paint.colour("cursor-row" if selected else "background")
    marker = Segment("▌" if selected else " ", Style(color=paint.colour("accent"), bgcolor=background))
    quiet = Style(color=paint.colour("quiet"), bgcolor=background)
    loud = Style(color=paint.colour("error"), bgcolor=background, bold=True)
    plain = Style(color=paint.colour("foreground"), bgcolor=background, bold=selected)
    if row.clean:
        well = Style(color=paint.colour("success"), bgcolor=background)
        segments = [Segment("▾ " if row.open else "▸ ", quiet), Segment(clean_words(row.clean), well)]
    elif row.example:
        segments = _example(row.example, cells - 1, plain, quiet)
    else:
        well = Style(color=paint.colour("success"), bgcolor=background)
        segments = _kind(row, cells - 1, loud if row.found.loss else plain, quiet, well)
    return Strip([marker, *segments]).adjust_cell_length(cells, plain)


def told_content(row: Row | None, cells: int) -> Content:
    """The row under the cursor in full, over several lines."""
    if row is None:
        return Content("")
    if row.clean:
        return Content.assemble(
            (clean_words(row.clean), "bold"), ("\nNone of these occurs in what was read.", "$quiet")
        )
    if row.example is None:
        return Content.assemble((row.found.said, "bold"), ("\n" + row.found.done, "$quiet"))
    example = row.example
    length = f", {many(example.length, 'byte')}" if example.length else ""
    excerpt = wrap(example.excerpt, max(10, cells))[:MOST_TOLD]
    return Content.assemble(
        (sanitize(example.file), "bold"),
        (f"  byte {units.count(example.offset)}{length}", "$quiet"),
        (f"\n{sanitize(example.reason)}\n", ""),
        ("\n".join(excerpt), "$quiet"),
    )


def summary_content(reading: Reading, about: About, cells: int) -> Content:
    """What was read, how, and how much of the allowed memory it takes."""
    findings, health = reading.findings, reading.findings.snapshot.health
    verdict = (
        ("! Data was lost: see below", "bold $error")
        if health.losses
        else ("✓ No data lost", "bold $success")
    )
    spans = f"{many(len(findings.snapshot), 'span')} in {many(len(findings.runs), 'run')}"
    read = units.size(reading.read_bytes)
    if reading.busy:
        read += f" of {units.size(reading.total_bytes)}"
    formats = ", ".join(sorted(about.formats)) or "nothing yet"
    facts = (
        ("read", f"{read} in {many(about.files, 'file')}, as {formats}"),
        *([("by", about.slow_reader)] if about.slow_reader else []),
        ("holds", f"{spans}, {many(findings.snapshot.writers, 'writer')}"),
        ("memory", _memory(about)),
        ("followed", _followed(reading)),
    )
    lines = [
        Content.assemble((f"{name:>10}  ", "$quiet"), fit(sanitize(text), cells - 12)) for name, text in facts
    ]
    return Content("\n").join([Content.assemble(("            ", ""), verdict), *lines])


def _memory(about: About) -> str:
    spans = f"spans use about {units.size(about.bytes)} of {units.size(about.ceiling)}"
    return f"{units.size(about.resident)}, {spans}" if about.resident else spans


def _followed(reading: Reading) -> str:
    if not reading.followed:
        return "no (a recording)"
    tally = reading.findings.snapshot.health.kinds.get(Kind.POLLING)
    if tally and tally.count:
        return tally.examples[0].reason
    return "by file-system events, and a full sweep every second"


def _kind(row: Row, cells: int, style: Style, quiet: Style, well: Style) -> list[Segment]:
    """A kind, its count, and what was done; for one that does not occur, that there is none."""
    mark = ("▾ " if row.open else "▸ ") if row.found.examples else "  "
    count, done = (units.count(row.found.count), row.found.done) if row.found.count else ("✓ none", "")
    room = cells - len(mark) - COUNT_CELLS - 2
    said = SAID_CELLS if room - SAID_CELLS >= LEAST_DONE else room
    return [
        Segment(mark, quiet),
        Segment(f"{count.rjust(COUNT_CELLS)}  ", style if row.found.count else well),
        Segment(fit(Safe(row.found.said), said), style if row.found.count else quiet),
        Segment(fit(Safe(done), room - said), quiet),
    ]


def _example(example: Example, cells: int, plain: Style, quiet: Style) -> list[Segment]:
    where = Safe(f"{sanitize(Path(example.file).name)}:{example.offset}")
    reason_text = sanitize(example.reason)
    room = max(0, cells - 4 - WHERE_CELLS - 2)
    reason = fit(reason_text, min(width(reason_text), room))
    excerpt = fit(Safe(f"   {example.excerpt}"), room - width(reason)) if example.excerpt else ""
    return [
        Segment("    ", quiet),
        Segment(fit_middle(where, WHERE_CELLS) + "  ", quiet),
        Segment(reason, plain),
        Segment(excerpt, quiet),
    ]
