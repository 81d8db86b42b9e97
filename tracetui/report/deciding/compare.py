"""A comparison as a page and as JSON: the verdict first, then what changed, then the suspects."""

from collections.abc import Iterator, Sequence

from rich.style import Style

from tracetui import units
from tracetui.analysis.compare.comparison import Comparison, Row, Verdict
from tracetui.analysis.compare.machines import Difference
from tracetui.analysis.compare.sides import Subject
from tracetui.analysis.compare.timing import LEAST_RATIO, SUSPICIOUS, Method
from tracetui.analysis.history.records import RunHead
from tracetui.model.role import Role
from tracetui.report.as_json import document as as_document
from tracetui.report.drawing.columns import Cell, table
from tracetui.report.drawing.style import BAD, PLAIN, QUIET, STRONG, WARNING, Line, many, words, wrapped

CHANGED = (
    Verdict.NEWLY_FAILING,
    Verdict.NEWLY_FLAKY,
    Verdict.FIXED,
    Verdict.ADDED,
    Verdict.GONE,
    Verdict.SLOWER,
    Verdict.FASTER,
)
"""Verdicts that something changed, in the order in which a line sums them up."""
STYLES = {
    Verdict.NEWLY_FAILING: BAD,
    Verdict.NEWLY_FLAKY: WARNING,
    Verdict.SLOWER: BAD,
    Verdict.FASTER: Style(color="green"),
    Verdict.FIXED: Style(color="green"),
    Verdict.SUSPECT: WARNING,
}
STATISTICS = {
    Method.NOISE: "noise",
    Method.MODERATED_T: "moderated_t",
    Method.RANK_SUM: "rank_sum",
}
_METHODS = {
    Method.MODERATED_T: "the moderated t of logs (5 to 9 runs)",
    Method.RANK_SUM: "the exact rank sum (Mann-Whitney)",
}


def word(verdict: Verdict) -> str:
    """A verdict as people say it: `newly failing`."""
    return verdict.value.replace("_", " ")


def title(subject: Subject) -> str:
    """A subject's name, its kind unless it is a test, and its job if there are several: foreign text."""
    before = "" if subject.role is Role.TEST else f"{subject.kind} "
    return before + subject.name + (f" ({subject.job})" if subject.job else "")


def page(comparison: Comparison, most: int, cells: int) -> Iterator[Line]:
    """The verdict, what qualifies it, and at most `most` rows (0: all) of changes and of suspects."""
    yield from verdict_lines(verdict_words(comparison), sides_words(comparison), cells)
    for text, style in remarks(comparison):
        yield from wrapped(text, cells, style)
    changed, suspects = comparison.of(*CHANGED), comparison.of(Verdict.SUSPECT)
    if changed:
        yield []
        yield from rows_table("what changed", changed, most, cells)
        yield from wrapped(method_words(changed), cells, QUIET)
    if suspects:
        yield []
        yield from rows_table("suspects", suspects, most, cells)
        yield from wrapped(f"no verdicts: {suspect_words(comparison)}", cells, WARNING)
        yield [words(f"to find out: {confirm_command(comparison)}", STRONG)]
        yield [words("(sooner with --suspects FILE: this as JSON)", QUIET)]


def verdict_lines(verdict: str, beside: str, cells: int) -> Iterator[Line]:
    """A verdict and its basis: beside it, or below if there is no room."""
    if len(verdict) + len(beside) + 3 <= cells:
        yield [words(verdict, STRONG), words(f"   {beside}", QUIET)]
    else:
        yield from wrapped(verdict, cells, STRONG)
        yield from wrapped(beside, cells, QUIET)


def verdict_words(comparison: Comparison) -> str:
    """What changed: `3 slower (+12.3s), 1 fixed; 2 suspects`; or that nothing did, or that it is unknown."""
    if not comparison.rows:
        return "nothing to compare: no tests, hooks or fixtures here"
    changes = sums_words(comparison) or ("undecided" if comparison.needs else "no change")
    suspects = len(comparison.of(Verdict.SUSPECT))
    return changes + f"; {many(suspects, 'suspect')}" * bool(suspects)


def sums_words(comparison: Comparison) -> str:
    """What changed, verdict by verdict; empty if nothing did."""
    return ", ".join(filter(None, (_sum_words(comparison, verdict) for verdict in CHANGED)))


def _sum_words(comparison: Comparison, verdict: Verdict) -> str:
    """The number of rows with a verdict and their total added time: `3 slower (+12.3s)`; empty for none."""
    rows = comparison.of(verdict)
    if not rows:
        return ""
    timed = verdict in (Verdict.SLOWER, Verdict.FASTER, Verdict.ADDED, Verdict.GONE)
    added = f" ({signed(sum(row.added_ns for row in rows))})" if timed else ""
    return f"{units.count(len(rows))} {word(verdict)}{added}"


def sides_words(comparison: Comparison) -> str:
    """The compared runs: `1 run of abc1234 against 10 runs of def5678`."""
    new = many(comparison.new_runs, "run") + _revision(comparison.new)
    return f"{new} against {many(comparison.base_runs, 'run')}{_revision(comparison.base)}"


def remarks(comparison: Comparison) -> Iterator[tuple[str, Style]]:
    """What qualifies all figures: machines, the speed of the runs, what is the same, what is unknown."""
    for difference in comparison.differences:
        yield difference_words(difference), WARNING
    if comparison.rows:
        yield speed_words(comparison), QUIET
    if rest := rest_words(comparison):
        yield rest, QUIET
    if comparison.waiting:
        yield f"{many(comparison.waiting, 'test or hook has', 'tests or hooks have')} not run yet", QUIET
    if comparison.needs:
        yield f"a verdict on times needs at least {comparison.needs} runs on either side", WARNING


def rest_words(comparison: Comparison) -> str:
    """The number of rows that are not shown: `240 the same (within 1.10x), 3 undecided`; empty for none."""
    said = {Verdict.SAME: f"the same (within {LEAST_RATIO:.2f}x)", Verdict.UNDECIDED: "undecided"}
    counts = {phrase: len(comparison.of(verdict)) for verdict, phrase in said.items()}
    return ", ".join(f"{units.count(count)} {phrase}" for phrase, count in counts.items() if count)


def difference_words(difference: Difference) -> str:
    """How the machines differ."""
    base, new = ", ".join(difference.base), ", ".join(difference.new)
    return f"! {difference.what} differ: {new} against {base}; times may differ for that alone"


def speed_words(comparison: Comparison) -> str:
    """How fast the runs were as a whole."""
    if not comparison.is_speed_known:
        return "too few tests to tell how fast the runs were as a whole: nothing is divided out"
    return (
        f"as a whole the new runs took {comparison.speed_ratio:.2f}x as long (median over tests): "
        "divided out of ratio and added"
    )


def method_words(rows: Sequence[Row]) -> str:
    """The statistics that rows were judged by; empty if none were judged."""
    methods = sorted({row.method for row in rows if row.p is not None})
    if not methods:
        return ""
    names = " and ".join(_METHODS[method] for method in methods)
    return f"by {names}; q <= 5 % (Benjamini-Hochberg) and at least {LEAST_RATIO:.2f}x; times are medians"


def suspect_words(comparison: Comparison) -> str:
    """What makes a suspect, and why it is not a verdict."""
    fewest = min(comparison.base_runs, comparison.new_runs)
    return f"beyond {SUSPICIOUS:.0f}x the usual noise, but {many(fewest, 'run')} cannot tell; most are chance"


def confirm_command(comparison: Comparison) -> str:
    """The command that confirms or clears the suspects."""
    base, new = (
        _revision(heads).removeprefix(" of ") or name
        for heads, name in ((comparison.base, "BASE"), (comparison.new, "NEW"))
    )
    return f'tracetui confirm {base} {new} --run "pytest ..."'


def _revision(heads: Sequence[RunHead]) -> str:
    revisions = {head.revision for head in heads}
    return f" of {revisions.pop()[:10]}" if len(revisions) == 1 and revisions != {""} else ""


def signed(ns: int) -> str:
    """A duration with its sign: `+1.20s`."""
    return ("+" if ns > 0 else "") + units.duration(ns)


def ratio_text(row: Row) -> str:
    """`2.00x`, with `>` if the new side was cut off; empty without a ratio."""
    return "" if row.ratio is None else f"{'>' * row.is_at_least}{row.ratio:.2f}x"


def q_text(q: float | None) -> str:
    """`0.031`, or `<.001`; empty if nothing was tested."""
    return "" if q is None else "<.001" if q < 0.001 else f"{q:.3f}"


def n_text(row: Row) -> str:
    """The number of measured runs on each side: `10+10`, the base first."""
    return f"{row.n_base}+{row.n_new}"


def failed_text(row: Row) -> str:
    """The number of runs it failed in: `0/10 > 10/10`; empty if it never failed."""
    if not row.bad_base and not row.bad_new:
        return ""
    return f"{row.bad_base}/{row.ran_base} > {row.bad_new}/{row.ran_new}"


def rows_table(name: str, rows: Sequence[Row], most: int, cells: int) -> Iterator[Line]:
    """A table of at most `most` rows (0: all)."""
    shown = rows[:most] if most else rows
    fails, tested = any(map(failed_text, shown)), any(row.q is not None for row in shown)
    titles = [name, "verdict", "base", "new", "ratio", "added", *["failed"] * fails, "n", *["q"] * tested]
    yield from table(titles, [(title(row.subject), _cells(row, fails, tested)) for row in shown], cells)
    if len(shown) < len(rows):
        yield [words(f"... {many(len(rows) - len(shown), 'more row')} (-n 0 shows all)", QUIET)]


def _cells(row: Row, fails: bool, tested: bool) -> list[Cell]:
    style = STYLES.get(row.verdict, PLAIN)
    times = [("" if ns is None else units.duration(ns), PLAIN) for ns in (row.base_ns, row.new_ns)]
    failed = [(failed_text(row), BAD)] if fails else []
    q = [(q_text(row.q), QUIET)] if tested else []
    return [
        (word(row.verdict), style),
        *times,
        (ratio_text(row), style),
        (signed(row.added_ns), style),
        *failed,
        (n_text(row), QUIET),
        *q,
    ]


def document(comparison: Comparison) -> Iterator[str]:
    """`tracetui.compare/1`: all rows, by added time; see `Comparison` and `Row`."""
    return as_document(head(comparison), map(json_row, comparison.rows))


def head(comparison: Comparison) -> dict[str, object]:
    """The part of a document that is about all rows."""
    return {
        "schema": "tracetui.compare/1",
        "base_runs": comparison.base_runs,
        "new_runs": comparison.new_runs,
        "speed_ratio": comparison.speed_ratio,
        "speed_known": comparison.is_speed_known,
        "needs": comparison.needs,
        "waiting": comparison.waiting,
        "suite_ns": comparison.suite_ns,
        "workers": comparison.workers,
        "differences": [difference._asdict() for difference in comparison.differences],
    }


def json_row(row: Row) -> dict[str, object]:
    """A row of a document."""
    return {
        "name": row.subject.name,
        "kind": row.subject.kind,
        "job": row.subject.job,
        "verdict": row.verdict.value,
        "base_ns": row.base_ns,
        "new_ns": row.new_ns,
        "ratio": row.ratio,
        "added_ns": row.added_ns,
        "p": row.p,
        "q": row.q,
        "statistic": STATISTICS.get(row.method),
        "n_base": row.n_base,
        "n_new": row.n_new,
        "ran_base": row.ran_base,
        "ran_new": row.ran_new,
        "failed_base": row.bad_base,
        "failed_new": row.bad_new,
        "calls_base": row.calls_base,
        "calls_new": row.calls_new,
        "at_least": row.is_at_least,
        "skipped": row.is_skipped,
    }
