"""What ran beside a test when it failed or was slow, as a page, as JSON, and as one line."""

from collections.abc import Iterator
from typing import NamedTuple

from tracetui import units
from tracetui.analysis.beside.beside import LEAST, SLOW, Beside, Suspicion
from tracetui.report import as_json
from tracetui.report.drawing.columns import Cell, table
from tracetui.report.drawing.style import BAD, PLAIN, QUIET, STRONG, WARNING, Line, many, words

LEAST_Q = 0.001
"""A q below that is not written out."""


class BesideValue(NamedTuple):
    """The test (foreign text) and what stands out beside it."""

    test: str
    found: Suspicion


def page(value: BesideValue, cells: int) -> Iterator[Line]:
    """The cases, and a line for everything that stands out; else that nothing does or that there are too
    few.
    """
    suspicion = value.found
    yield [words(value.test, STRONG), words(f"  {cases_words(suspicion)}")]
    if suspicion.broken:
        left_out = many(suspicion.broken, "failure")
        yield [words(f"{left_out} left out, at a revision at which it always fails", QUIET)]
    if not suspicion.rows:
        yield [words(nothing_words(suspicion), PLAIN if suspicion.is_enough else WARNING)]
        return
    bad, good = sides(suspicion)
    yield []
    yield from table(
        ("beside it", bad, good, "odds", "q"),
        [(f"{row.role.label} {row.title}", _cells(row, suspicion)) for row in suspicion.rows],
        cells,
    )
    tested = f"{units.count(suspicion.tested)} of {units.count(suspicion.candidates)} names tested"
    window = f"in the first {units.duration(suspicion.window_ns)} of each"
    yield [words(f"on other lanes, {window}; {tested}", QUIET)]
    yield [words("by Fisher's exact test; q <= 5 % (Benjamini-Hochberg)", QUIET)]


def document(value: BesideValue) -> Iterator[str]:
    """The JSON lines."""
    suspicion = value.found
    head = {"schema": "tracetui.beside/1", "test": value.test} | {
        key: getattr(suspicion, key)
        for key in ("what", "bad", "good", "window_ns", "candidates", "tested", "broken")
    }
    rows = ({"name": row.title} | row._asdict() | {"role": row.role.label} for row in suspicion.rows)
    return as_json.document(head, ({key: row[key] for key in _KEYS} for row in rows))


_KEYS = ("name", "role", "bad_with", "good_with", "odds", "p", "q")


def sides(suspicion: Suspicion) -> tuple[str, str]:
    """The names for bad and good cases."""
    return ("failures", "passes") if suspicion.what == "failed" else ("slow passes", "others")


def cases_words(suspicion: Suspicion) -> str:
    """The number of cases on each side."""
    bad, good = sides(suspicion)
    slow = "" if suspicion.what == "failed" else f" (slow: from {SLOW:g}x its median on)"
    return f"{units.count(suspicion.bad)} {bad}, {units.count(suspicion.good)} {good}{slow}"


def nothing_words(suspicion: Suspicion) -> str:
    """Why the list is empty: nothing stands out, or there are too few cases to say."""
    if min(suspicion.bad, suspicion.good) < LEAST:
        return f"too few to tell what ran beside it: at least {LEAST} of each are needed"
    if not suspicion.candidates:
        return "nothing ran on other lanes at that time"
    if not suspicion.is_enough:
        return "too few to tell: no name ran beside enough of them to stand out"
    return f"nothing that ran beside it stands out ({many(suspicion.tested, 'name')} tested)"


def row_words(row: Beside, suspicion: Suspicion) -> str:
    """One row as a line: foreign text."""
    bad, good = sides(suspicion)
    beside_bad = f"beside {units.count(row.bad_with)} of {units.count(suspicion.bad)} {bad}"
    beside_good = f"{units.count(row.good_with)} of {units.count(suspicion.good)} {good}"
    return f"{row.role.label} {row.title}: {beside_bad}, {beside_good} (q {_q(row.q)})"


def _cells(row: Beside, suspicion: Suspicion) -> tuple[Cell, ...]:
    return (
        (f"{units.count(row.bad_with)} of {units.count(suspicion.bad)}", BAD),
        (f"{units.count(row.good_with)} of {units.count(suspicion.good)}", PLAIN),
        (f"{row.odds:.0f}x" if row.odds >= 9.95 else f"{row.odds:.1f}x", PLAIN),
        (_q(row.q), PLAIN),
    )


def _q(q: float) -> str:
    return f"<{LEAST_Q}" if q < LEAST_Q else f"{q:.3f}"
