"""One test of a comparison as a row with a bar for what it adds, and the texts around the rows."""

from collections.abc import Sequence
from typing import NamedTuple

from rich.segment import Segment
from textual.content import Content
from textual.strip import Strip

from tracetui import units
from tracetui.analysis.compare.comparison import Comparison, Row, Verdict
from tracetui.analysis.history.records import RunHead
from tracetui.report.deciding.compare import (
    failed_text,
    method_words,
    n_text,
    q_text,
    ratio_text,
    remarks,
    signed,
    suspect_words,
    title,
    verdict_words,
    word,
)
from tracetui.report.drawing.bars import share_bar
from tracetui.report.drawing.style import QUIET
from tracetui.text import NOTHING_SHARED, Safe, Shared, fit, fit_name, sanitize, shared, width
from tracetui.ui.theme.glyphs import UNICODE
from tracetui.ui.theme.themes import Paint

MARKS = {
    Verdict.SLOWER: "▲",
    Verdict.FASTER: "▼",
    Verdict.ADDED: "+",
    Verdict.GONE: "-",
    Verdict.NEWLY_FAILING: "✗",
    Verdict.NEWLY_FLAKY: "!",
    Verdict.FIXED: "✓",
    Verdict.SUSPECT: "?",
    Verdict.UNDECIDED: " ",
    Verdict.SAME: "=",
}
COLOURS = {
    Verdict.SLOWER: "error",
    Verdict.FASTER: "success",
    Verdict.NEWLY_FAILING: "error",
    Verdict.NEWLY_FLAKY: "warning",
    Verdict.FIXED: "success",
    Verdict.SUSPECT: "warning",
    Verdict.UNDECIDED: "quiet",
    Verdict.SAME: "quiet",
}
STANDS_OUT = frozenset(Verdict) - {Verdict.UNDECIDED, Verdict.SAME}
MARGIN, GAP = 3, 2
COLUMNS = (
    ("verdict", 15),
    ("base", 9),
    ("new", 9),
    ("ratio", 8),
    ("added", 9),
    ("failed", 15),
    ("n", 8),
    ("q", 7),
)
NARROW = 110
"""In fewer cells there is no room for some columns."""
_LEFT_OUT = ("base", "failed", "n", "q")
LEAST_BAR, MOST_BAR, LEAST_NAME = 9, 40, 20


class Layout(NamedTuple):
    """What all rows and their titles share, in cells; bars of `most` ns fill their half."""

    width: int
    name: int
    bar: int
    columns: tuple[tuple[str, int], ...]
    most: int
    common: Shared = NOTHING_SHARED


def layout(rows: list[Row], cells: int) -> Layout:
    """Names take what they need, bars the rest; a column that says nothing is left out."""
    silent = {"failed"} if not any(map(failed_text, rows)) else set[str]()
    silent |= {"q"} if all(row.q is None for row in rows) else set[str]()
    silent |= set(_LEFT_OUT) if cells < NARROW else set[str]()
    columns = tuple(column for column in COLUMNS if column[0] not in silent)
    names = [sanitize(title(row.subject)) for row in rows]
    room = cells - MARGIN - sum(wide for _, wide in columns)
    name = max(LEAST_NAME, min(max(map(width, names), default=0), room - GAP - LEAST_BAR))
    bar = min(MOST_BAR, max(0, room - name - GAP))
    most = max((abs(row.added_ns) for row in rows), default=0)
    return Layout(cells, name, bar if bar >= LEAST_BAR else 0, columns, most, shared(names))


def titles_row(shown: Layout, paint: Paint) -> Strip:
    """The titles; rows are ordered by added time."""
    quiet, loud = paint.style("quiet", "surface"), paint.style("accent", "surface", bold=True)
    segments = [Segment(" " * MARGIN + "test".ljust(shown.name), quiet)]
    for name, cells in shown.columns:
        text = name + " ▼" * (name == "added")
        segments.append(Segment(text.rjust(cells), loud if name == "added" else quiet))
    if shown.bar:
        segments.append(
            Segment(" " * GAP + fit(Safe("less │ more"), shown.bar).strip().center(shown.bar), quiet)
        )
    return Strip(segments).adjust_cell_length(shown.width, quiet)


def compare_row(row: Row, shown: Layout, paint: Paint, *, selected: bool) -> Strip:
    """One test: verdict, times, and what it adds as a number and as a bar, which is hollow for suspects."""
    ground = "cursor-row" if selected else "background"
    plain, quiet = paint.style("foreground", ground, bold=selected), paint.style("quiet", ground)
    loud = paint.style(
        COLOURS.get(row.verdict, "foreground"), ground, bold=row.verdict is not Verdict.SUSPECT
    )
    texts = {
        "verdict": (word(row.verdict), loud),
        "base": ("" if row.base_ns is None else units.duration(row.base_ns), quiet),
        "new": ("" if row.new_ns is None else units.duration(row.new_ns), plain),
        "ratio": (ratio_text(row), loud),
        "added": (signed(row.added_ns), loud),
        "failed": (failed_text(row), paint.style("error", ground)),
        "n": (n_text(row), quiet),
        "q": (q_text(row.q), quiet),
    }
    name = fit_name(sanitize(title(row.subject)), shown.name, shown.common)
    segments = [
        Segment(UNICODE.cursor if selected else " ", paint.style("accent", ground)),
        Segment(f"{MARKS[row.verdict]} ", loud),
        Segment(name, plain),
        *(Segment(texts[column][0].rjust(cells), texts[column][1]) for column, cells in shown.columns),
    ]
    if shown.bar:
        bar = bar_text(
            row.added_ns, shown.most, shown.bar, hollow=row.verdict not in STANDS_OUT - {Verdict.SUSPECT}
        )
        colour = "error" if row.added_ns > 0 else "success"
        segments.append(
            Segment(" " * GAP + bar, quiet if row.verdict not in STANDS_OUT else paint.style(colour, ground))
        )
    return Strip(segments).adjust_cell_length(shown.width, plain)


def bar_text(added_ns: int, most_ns: int, cells: int, *, hollow: bool) -> str:
    """A bar from the middle: to the right for what is added, to the left for what is saved."""
    half = (cells - 1) // 2
    part = share_bar(abs(added_ns), most_ns, half).rstrip()
    part = part or "▏" * bool(added_ns)
    if hollow or added_ns < 0:  # Only whole cells can end on the right.
        part = ("░" if hollow else "█") * len(part)
    left, right = ("", part) if added_ns >= 0 else (part, "")
    return f"{left.rjust(half)}│{right.ljust(half)}".ljust(cells)


def summary_content(comparison: Comparison, cells: int, *, brief: bool) -> Content:
    """The verdict, which runs it is about, and what qualifies it."""
    lines = [Content.assemble((fit(sanitize(verdict_words(comparison)), cells), "bold"))]
    lines.append(Content.assemble((fit(sanitize(which_words(comparison)), cells), "$quiet")))
    warnings_first = sorted(remarks(comparison), key=lambda remark: remark[1] is QUIET)  # Warnings first.
    for text, style in warnings_first[: 1 if brief else None]:
        colour = "$quiet" if style is QUIET else "$warning"
        lines.append(Content.assemble((fit(sanitize(text), cells), colour)))
    return Content("\n").join(lines)


def which_words(comparison: Comparison) -> str:
    """Which runs: one by its start, several by their number."""
    new = _side_words(comparison.new, comparison.new_runs)
    return f"{new}  against  {_side_words(comparison.base, comparison.base_runs)}"


def _side_words(heads: Sequence[RunHead], runs: int) -> str:
    if runs > 1 or not heads:
        return units.many(runs, "run")
    head = heads[0]
    return " ".join(filter(None, (head.suite, units.moment(head.start_ns)[:19], head.revision[:10])))


def told_content(comparison: Comparison, row: Row | None, cells: int) -> Content:
    """The row under the cursor in full: its whole name, its figures with statistic and n, and their
    meaning.
    """
    if row is None:
        return Content("")
    lines = [Content.assemble((fit(sanitize(title(row.subject)), cells), "bold"))]
    lines += [Content.assemble((fit(Safe(text), cells), "$quiet")) for text in _figures(comparison, row)]
    return Content("\n").join(lines)


def _figures(comparison: Comparison, row: Row) -> list[str]:
    base, new = ("not there" if ns is None else units.duration(ns) for ns in (row.base_ns, row.new_ns))
    times = f"{base} before, {new} now (medians of {n_text(row)} runs)"
    if row.calls_base > 1 or row.calls_new > 1:
        times += f", in {row.calls_base:.0f} and {row.calls_new:.0f} calls"
    if row.is_at_least:
        times += ", at least: it was cut off"
    if row.is_skipped:
        times += ", skipped in some runs"
    if row.verdict is Verdict.SUSPECT:
        return [times, f"no verdict: {suspect_words(comparison)}"]
    if row.p is None:
        return [times]
    return [times, f"p {row.p:.2g}, q {row.q:.2g} {method_words([row])}"]
