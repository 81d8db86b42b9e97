"""`fleet regress`: what became slower or faster from one window to the next."""

from collections.abc import Sequence
from typing import Any

from tracetui import units
from tracetui.analysis.compare.reach import RANK_RUNS
from tracetui.analysis.compare.timing import LEAST_RATIO, Method
from tracetui.fleet.queries.window import Window
from tracetui.fleet.queries.windows import around
from tracetui.fleet.queries.windows import regress as query
from tracetui.fleet.report.answer import Answer, Column, Row, Section, quiet
from tracetui.fleet.report.asking import Extent, Question, between_words, extent, over_words, remarks
from tracetui.fleet.statistics.regressions import Regression, Regressions, Verdict, regressions
from tracetui.report.deciding.compare import q_text, signed
from tracetui.report.deciding.history import FASTER
from tracetui.report.drawing.style import BAD, PLAIN

KEYS = (
    "test",
    "variant",
    "base_runs",
    "new_runs",
    "base_ns",
    "ratio",
    "added_ns",
    "p",
    "q",
    "verdict",
    "statistic",
)
STATISTICS = {Method.MODERATED_T: "moderated_t", Method.RANK_SUM: "van_elteren"}
CHANGED = (Verdict.SLOWER, Verdict.FASTER)
STYLES = {Verdict.SLOWER: BAD, Verdict.FASTER: FASTER}
_METHODS = {
    Method.MODERATED_T: "the moderated t of logs (5 to 9 values)",
    Method.RANK_SUM: "ranks within suites and variants (van Elteren)",
}


def regress(question: Question, base: Window) -> Answer:
    """The question's window against an earlier `base`; both have bounds."""
    new = question.window
    both = around(base, new)
    facts = question.store.between(both.since_ns, both.until_ns)
    before = extent(Question(question.store, base))
    held = extent(question)
    results = regressions(lambda changed: question.store.rows(query(facts, base, new, changed)))
    rows = [_row(regression) for regression in results.rows]
    changed = [row for row in rows if row["verdict"] in CHANGED]
    against = f"{units.many(before.runs, 'run')}, {between_words(base, before)}"
    return Answer(
        verb="regress",
        head=_head(base, new, before, held, results),
        rows=rows,
        keys=KEYS,
        said=_said(changed, results),
        beside=f"{over_words(question, held)}, against {against}",
        sections=[Section(_COLUMNS, changed, _details)],
        remarks=[
            *remarks(question, held),
            *remarks(Question(question.store, base), before),
            *_needs(results),
        ],
        notes=_notes(rows, results),
    )


def _head(base: Window, new: Window, before: Extent, held: Extent, results: Regressions) -> dict[str, object]:
    return {
        "base_since_ns": base.since_ns,
        "base_until_ns": base.until_ns,
        "new_since_ns": new.since_ns,
        "new_until_ns": new.until_ns,
        "base_runs": before.runs,
        "new_runs": held.runs,
        "speed_ratio": results.speed,
        "only_base": results.only_base,
        "only_new": results.only_new,
        "needs": results.needs,
    }


def _row(row: Regression) -> dict[str, Any]:
    return {
        "test": row.test,
        "variant": row.variant,
        "base_runs": row.base_runs,
        "new_runs": row.new_runs,
        "base_ns": row.base_ns,
        "ratio": row.ratio,
        "added_ns": row.added_ns,
        "p": row.p,
        "q": row.q,
        "verdict": row.verdict.value,
        "statistic": STATISTICS.get(row.method),
        "variants": [part._asdict() for part in row.parts],
    }


def _said(changed: Sequence[Row], results: Regressions) -> str:
    if not results.rows:
        return "nothing to compare: no test passed in both windows"
    sums = [
        f"{units.count(len(rows))} {verdict.value} ({signed(sum(row['added_ns'] for row in rows))} a run)"
        for verdict in CHANGED
        if (rows := [row for row in changed if row["verdict"] == verdict])
    ]
    return ", ".join(sums) or ("undecided" if results.needs else "no change")


def _needs(results: Regressions) -> list[str]:
    if results.needs is None:
        return []
    return [
        f"a verdict needs at least {results.needs} runs of a test in either window, better {2 * RANK_RUNS}"
    ]


_COLUMNS = (
    Column("test", lambda row: row["test"]),
    Column("variant", lambda row: "all" if row["variant"] is None else row["variant"] or "(none)", quiet),
    Column("verdict", lambda row: row["verdict"], lambda row: STYLES.get(Verdict(row["verdict"]), PLAIN)),
    Column("base", lambda row: units.duration(row["base_ns"]), is_wide=True),
    Column(
        "ratio", lambda row: f"{row['ratio']:.2f}x", lambda row: STYLES.get(Verdict(row["verdict"]), PLAIN)
    ),
    Column("added", lambda row: signed(row["added_ns"])),
    Column("n", lambda row: f"{units.count(row['base_runs'])}+{units.count(row['new_runs'])}", quiet),
    Column("q", lambda row: q_text(row["q"]), quiet),
)


def _details(row: Row) -> Sequence[str]:
    """Its variants, if they differ."""
    ratios = [part["ratio"] for part in row["variants"]]
    if len(ratios) < 2 or max(ratios) < LEAST_RATIO * min(ratios):
        return ()
    return [", ".join(f"{part['variant']} {part['ratio']:.2f}x" for part in row["variants"])]


def _notes(rows: Sequence[Row], results: Regressions) -> list[str]:
    if not results.rows:
        return []
    rest = {Verdict.SAME: f"the same (within {LEAST_RATIO:.2f}x)", Verdict.UNDECIDED: "undecided"}
    counts = {words: sum(row["verdict"] == verdict for row in rows) for verdict, words in rest.items()}
    counts |= {"only before": results.only_base, "only in the new window": results.only_new}
    methods = [
        words
        for method, words in _METHODS.items()
        if any(regression.method is method for regression in results.rows)
    ]
    by = f"by {' and '.join(methods)}; " if methods else ""
    return [
        ", ".join(f"{units.count(count)} {words}" for words, count in counts.items() if count),
        f"as a whole the new runs took {results.speed:.2f}x as long: divided out of ratio and added",
        "n: one value per test, variant and run, the geometric mean of own times where it passed",
        f"{by}q <= 5 % (Benjamini-Hochberg) and at least {LEAST_RATIO:.2f}x",
    ]
