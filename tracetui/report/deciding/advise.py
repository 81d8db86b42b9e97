"""What would help, as lines and as a document: both from one value."""

from collections.abc import Callable, Iterator, Mapping
from textwrap import wrap
from typing import NamedTuple

import numpy as np
from rich.style import Style

from tracetui import units
from tracetui.analysis.advice.advice import LEAST_SHARE, Advice, Proposal
from tracetui.analysis.forecasts.checks import Accuracy
from tracetui.analysis.study.findings import Findings
from tracetui.errors import InputError
from tracetui.model.role import Role
from tracetui.report.as_json import about
from tracetui.report.as_json import document as with_rows
from tracetui.report.deciding import forecasts
from tracetui.report.drawing.style import PLAIN, QUIET, STRONG, WARNING, Line, words
from tracetui.text import Safe, sanitize, width

SCHEMA = "tracetui.advise/1"
LEAST_CELLS = 30
LOOKED_AT = "archiving, fixtures, hooks, the order of tests, long tests, files, workers and the start"
Attributes = Callable[[int], Mapping[str, object]]
"""The attributes of the span of a row, read anew; raises `InputError` where its bytes are gone."""


class Row(NamedTuple):
    """A proposal, the share of the run that it saves, and its place in the code; None if unknown."""

    proposal: Proposal
    share: float
    file: str | None
    line: int | None


class AdviceValue(NamedTuple):
    """The advice for a run."""

    advice: Advice
    rows: tuple[Row, ...]


def value(findings: Findings, advice: Advice, attributes: Attributes) -> AdviceValue:
    """The proposals with their places in the code."""
    rows = []
    for proposal in advice.proposals:
        file, line = _place(findings, proposal.where, attributes)
        rows.append(Row(proposal, proposal.saving_ns / max(1, advice.recorded_ns), file, line))
    return AdviceValue(advice, tuple(rows))


def document(findings: Findings, value: AdviceValue, accuracy: Accuracy) -> Iterator[str]:
    """`tracetui.advise/1`: a row for each proposal, the largest saving first."""
    facts = {key: part for key, part in value.advice._asdict().items() if key != "proposals"}
    head = {"schema": SCHEMA, **about(findings), **facts, "forecasts": forecasts.document(accuracy)}
    places = ({"share": row.share, "file": row.file, "line": row.line} for row in value.rows)
    rows = (row.proposal._asdict() | where for row, where in zip(value.rows, places, strict=True))
    return with_rows(head, rows)


def page(value: AdviceValue, accuracy: Accuracy, cells: int) -> Iterator[Line]:
    """A paragraph for each proposal: what to do and what it saves, why, where, and what is uncertain."""
    advice = value.advice
    if not advice.workers:
        yield [words(f"nothing to propose: {advice.doubt}", QUIET)]
        return
    yield from ([words(part, QUIET)] for part in _wrapped(_head(advice), cells))
    if advice.doubt:
        yield [words(f"take it with care: {advice.doubt}", WARNING)]
    yield from forecasts.line(accuracy)
    yield []
    if not value.rows:
        yield [words(nothing(), STRONG)]
    for number, row in enumerate(value.rows, 1):
        yield from _paragraph(number, row, advice, cells)
    if len(value.rows) > 1:
        yield [words("each change by itself: what they save does not add up", QUIET)]


def nothing() -> str:
    """Says that nothing is worth doing."""
    return f"nothing worth doing: no change saves {LEAST_SHARE:.0%} of the run; {LOOKED_AT} were looked at"


def saving(row: Row) -> str:
    """The saving of a proposal, as a figure with its range."""
    proposal = row.proposal
    if not proposal.is_simulated:
        return f"at most {units.duration(proposal.high_ns)}"
    return f"saves {units.duration(proposal.saving_ns)} ({units.share(row.share)})"


def short_saving(proposal: Proposal) -> str:
    """The figure alone."""
    if not proposal.is_simulated:
        return f"≤ {units.duration(proposal.high_ns)}"
    return f"-{units.duration(proposal.saving_ns)}"


def _head(advice: Advice) -> str:
    on = units.many(advice.workers, "worker")
    pairs = units.many(advice.draws, "pair")
    return (
        f"{units.duration(advice.recorded_ns)} from the first test to the last on {on}; "
        f"savings are medians of {pairs} of simulated runs"
    )


def _paragraph(number: int, row: Row, advice: Advice, cells: int) -> Iterator[Line]:
    """The change, with what it saves beside it; below, why, how sure, and where."""
    lead, figure = f"{number}. ", sanitize(saving(row))
    room = max(LEAST_CELLS, cells - len(lead) - width(figure) - 2)
    first, *more = _wrapped(row.proposal.what, room)
    gap = " " * max(2, cells - len(lead) - width(first) - width(figure))
    yield [words(lead + first, STRONG), words(gap + figure, STRONG)]
    indent = " " * len(lead)
    for rest in more:
        yield [words(indent + rest, STRONG)]
    for text, style in _remarks(row, advice):
        for part in _wrapped(text, max(LEAST_CELLS, cells - len(indent))):
            yield [words(indent + part, style)]
    yield []


def _remarks(row: Row, advice: Advice) -> Iterator[tuple[str, Style]]:
    proposal = row.proposal
    yield proposal.why, PLAIN
    if where := place(row):
        yield where, QUIET
    spread = f"{units.duration(proposal.low_ns)} to {units.duration(proposal.high_ns)}"
    if proposal.doubt and proposal.doubt != advice.doubt:
        yield f"{proposal.sure}: {proposal.doubt}", WARNING
    else:
        yield f"{proposal.sure}: {spread} in {advice.draws} pairs of simulations", QUIET


def place(row: Row) -> str:
    """The place in the code: file and line, else the name whose file is unknown."""
    if row.file is None:
        return row.proposal.where
    return f"{row.file}:{row.line}" if row.line else row.file


def _wrapped(text: str, cells: int) -> list[Safe]:
    """Foreign text in lines of at most `cells` characters; wide characters may take more cells."""
    return [Safe(line) for line in wrap(sanitize(text), cells)] or [Safe("")]


def _place(findings: Findings, where: str, attributes: Attributes) -> tuple[str | None, int | None]:
    """File and line of the thing named `where`, from its span; for tests and files at least from the name."""
    row = row_of(findings, where) if where else -1
    if row >= 0:
        try:
            of_span = attributes(row)
        except InputError:
            of_span = {}
        file, line = of_span.get("code.file.path"), of_span.get("code.line.number")
        if isinstance(file, str):
            named = where.partition("::")[0]
            file = named if file.endswith(f"/{named}") else file
            return file, line if isinstance(line, int) else None
    file = where.partition("::")[0]
    return (file, None) if "." in file.rpartition("/")[2] and " " not in file else (None, None)


def row_of(findings: Findings, where: str) -> int:
    """A span of the test, hook or fixture named `where`, or -1."""
    snapshot = findings.snapshot
    names = {where, f"{where} setup"}
    titles = [number for number, text in enumerate(snapshot.texts) if text in names]
    roles = np.isin(snapshot.role, (Role.TEST, Role.HOOK))
    rows = np.flatnonzero(roles & np.isin(snapshot.title_id, titles))
    return int(rows[0]) if len(rows) else -1
