"""The same views as JSON documents: integer nanoseconds, keys that never change meaning, one row per line.

Texts are the real ones, with everything but printable ASCII escaped: no control code reaches a terminal.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING

from msgspec.structs import asdict

from tracetui import units
from tracetui.analysis.ranking.ranking import COLUMNS, Ranking
from tracetui.analysis.runs.runs import Summary
from tracetui.analysis.study.findings import Findings
from tracetui.model.kind import Kind
from tracetui.report.check import Check, Run
from tracetui.report.lanes import LanesValue
from tracetui.report.spans import SpanRow, Waterfall

if TYPE_CHECKING:
    from tracetui.analysis.query.filters.lens import Lens


def waterfall(findings: Findings, value: Waterfall, lens: "Lens | None" = None) -> Iterator[str]:
    """`tracetui.waterfall/1`: rows as `SpanRow` has them, without keys that add nothing."""
    head = {"schema": "tracetui.waterfall/1", **about(findings), "hidden": value.hidden, "more": value.more}
    head["axes"] = [axis._asdict() for axis in value.axes]
    if value.services:
        head["services"] = value.services
    return document(head | _filter(lens), map(_told, value.rows))


def _told(row: SpanRow) -> dict[str, object]:
    pairs = row._asdict()
    for key, nothing in _NOTHING.items():
        if pairs[key] == nothing:
            del pairs[key]
    return pairs


_NOTHING = SpanRow._field_defaults


def top(findings: Findings, ranking: Ranking, most: int, lens: "Lens | None" = None) -> Iterator[str]:
    """`tracetui.top/1`: the first `most` rows (0: all); `hidden` is how many more there are; see `Rank`."""
    hidden = max(0, len(ranking) - most) if most else 0
    head = {"schema": "tracetui.top/1", **about(findings), "by": ranking.by, "runs": ranking.runs}
    head["hidden"] = hidden
    head |= _filter(lens)
    ranks = islice(ranking, most or None)
    return document(head, ({key: getattr(rank, key) for key in (*COLUMNS, "last_ns")} for rank in ranks))


def lanes(findings: Findings, value: LanesValue, lens: "Lens | None" = None) -> Iterator[str]:
    """`tracetui.lanes/1`: sums over all lanes, the stalls (`still`), a row for each lane; see
    `LanesValue`.
    """
    still = [stall._asdict() | {"cause": stall.cause and stall.cause._asdict()} for stall in value.still]
    head = {"schema": "tracetui.lanes/1", **about(findings), **value.sums._asdict()}
    head |= {"run_start_ns": value.run_start_ns, "still": still}
    return document(head | _filter(lens), (row._asdict() for row in value.rows))


def check(value: Check) -> Iterator[str]:
    """`tracetui.check/1`; `kinds` is a list with counts and examples, whose `row` is null for no span."""
    fields_of_check = asdict(value)
    fields_of_check["problems"] = [
        {"file": part.file, "offset": part.offset, "reason": part.reason, "length": part.length}
        for part in value.problems
    ]
    fields_of_check["runs"] = [_run(run) for run in value.runs]
    fields_of_check["kinds"] = [
        {
            **{key: getattr(part, key) for key in ("kind", "count", "said", "done", "loss")},
            "examples": [
                example._asdict() | {"row": None if example.row < 0 else example.row}
                for example in part.examples
            ],
        }
        for part in value.kinds
    ]
    yield from single({"schema": "tracetui.check/1", **fields_of_check})


_RUN_KEYS = (
    "name",
    "apart",
    "state",
    "start_ns",
    "end_ns",
    "suites",
    "tests",
    "expected",
    "failed",
    "reruns",
    "nested",
    "idle",
    "spans",
)


def run_facts(summary: Summary) -> dict[str, object]:
    """The facts about a run or job; outcomes as words."""
    facts: dict[str, object] = {key: getattr(summary, key) for key in _RUN_KEYS}
    outcomes = {outcome.label: count for outcome, count in summary.outcomes.items()}
    facts |= {"outcome": summary.outcome.label, "outcomes": outcomes, "lost": _lost(summary.lost)}
    return facts | ({"relative": True} if summary.spans and summary.start_ns < units.NO_EPOCH else {})


def _run(run: Run) -> dict[str, object]:
    facts = run.facts
    identity = {"pipeline_run_id": facts.run_id or None, "attempt": facts.attempt or None}
    return run_facts(run.summary) | identity | {"jobs": [run_facts(job) for job in run.jobs]}


def about(findings: Findings) -> dict[str, object]:
    """The run that a document is about, the number of runs, and what was lost, which qualifies everything
    else.
    """
    why = findings.no_timeline
    return {
        "run": run_facts(findings.summary),
        "of_runs": len(findings.runs),
        "lost": _lost(findings.snapshot.health.losses),
        "perhaps_lost": _lost(findings.losses.perhaps),
    } | ({"no_timeline": why} if why else {})


def _lost(lost: Mapping[Kind, int]) -> dict[str, int]:
    return {str(kind): count for kind, count in lost.items()}


def _filter(lens: "Lens | None") -> dict[str, object]:
    """The active filter: its text, how many spans it matches, and how many more there are."""
    if lens is None:
        return {}
    matched = int(lens.matched.sum())
    return {"filter": {"text": lens.text, "matched": matched, "left_out": len(lens.matched) - matched}}


def single(value: dict[str, object]) -> Iterator[str]:
    """A document without rows."""
    yield _text(value) + "\n"


def document(head: dict[str, object], rows: Iterable[object], name: str = "rows") -> Iterator[str]:
    """A document in parts: its head, and under `name` a list of rows, each on its own line."""
    yield f'{_text(head)[:-1]}, "{name}": ['
    before = "\n"
    for row in rows:
        yield before + _text(row)
        before = ",\n"
    yield "\n]}\n"


def _text(value: object) -> str:
    # DEL is the one control code that JSON lets through.
    return json.dumps(value, ensure_ascii=True).replace("\x7f", "\\u007f")
