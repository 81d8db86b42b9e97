"""How long a run would take under other conditions, as lines and as a document: both from one value."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.segment import Segment

from tracetui import units
from tracetui.analysis.forecasts.checks import Accuracy, Forecast
from tracetui.analysis.schedule.policy import DISTS, XDIST, Policy, policy_for
from tracetui.analysis.schedule.prediction import DRAWS, Prediction, predict
from tracetui.analysis.schedule.recording.processors import other_work
from tracetui.analysis.schedule.workload import Workload
from tracetui.analysis.study.findings import Findings
from tracetui.report.as_json import about, single
from tracetui.report.as_json import document as json_document
from tracetui.report.deciding import forecasts
from tracetui.report.drawing.style import PLAIN, QUIET, STRONG, WARNING, Line, many, right, words

SCHEMA = "tracetui.what-if/1"
FEW_DRAWS = 9
"""Simulated runs for each cell of a table."""
LEAST_DRAWS = 5
MOST_STEPS = 40_000
"""Simulated tests for one answer, unless that leaves too few runs."""
CELLS = 11
COUNTS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128)
"""Numbers of workers in a table."""
LEAST_COUNTS = 4
DIST_WORDS = {"queue": "a shared queue", "shards": "fixed shards", "no": "one process"}


class WhatIf(NamedTuple):
    """A run that was recorded on `recorded_workers` as `recorded_dist`, on `workers` as `dist`.

    Times are from the start of the first test to the end of the last, in ns. `replayed_ns` is the recorded
    run by the same model, so `replayed_ns - predicted_ns` is the saving. `changes` are foreign texts. `draws`
    is the number of simulated runs; `outside` says why the recording cannot answer, `model_error` the share
    by which the model may be off. `queued_share` is the part of their time that its tests waited for a
    processor, `busy` says that other work had it.
    """

    recorded_ns: int
    predicted_ns: int
    low_ns: int
    high_ns: int
    outside: str | None
    model_error: float
    workers: int
    dist: str
    recorded_workers: int
    recorded_dist: str
    replayed_ns: int
    tests: int
    changes: tuple[str, ...]
    draws: int
    queued_share: float
    busy: str

    @property
    def saved_ns(self) -> int:
        """The time saved."""
        return self.replayed_ns - self.predicted_ns


class Choice(NamedTuple):
    """One cell of a table."""

    workers: int
    dist: str
    predicted_ns: int
    low_ns: int
    high_ns: int
    outside: str | None
    model_error: float


class Table(NamedTuple):
    """The recorded run with other numbers of workers and other ways to hand out tests."""

    recorded_ns: int
    workers: int
    dist: str
    cores: int
    tests: int
    draws: int
    rows: tuple[Choice, ...]


def what_if(
    recorded: Workload, changed: Workload, policy: Policy, workers: int, changes: Sequence[str] = ()
) -> WhatIf:
    """The answer to one question."""
    draws = draws_for(changed)
    prediction = predict(changed, policy, workers, recorded, draws)
    return WhatIf(
        **prediction._asdict(),
        workers=1 if policy.dist == "no" else workers,
        dist=policy.dist,
        recorded_workers=recorded.workers,
        recorded_dist=recorded.dist,
        replayed_ns=replayed(recorded, draws).predicted_ns,
        tests=len(changed.items),
        changes=tuple(changes),
        draws=draws,
        queued_share=recorded.queued_share,
        busy=other_work(recorded),
    )


def replayed(recorded: Workload, draws: int = DRAWS) -> Prediction:
    """The recorded run as the model predicts it."""
    return predict(recorded, policy_for(recorded.dist, recorded), recorded.workers, draws=draws)


def table(recorded: Workload) -> Table:
    """The recorded run on one worker to twice the cores, or twice the recorded workers if cores are
    unknown.
    """
    draws = min(FEW_DRAWS, draws_for(recorded))
    rows = [
        choice for dist in dists(recorded) for choice in choices(recorded, policy_for(dist, recorded), draws)
    ]
    rows.sort(key=lambda choice: choice.workers)
    recording = (recorded.recorded_ns, recorded.workers, recorded.dist, recorded.cores, len(recorded.items))
    return Table(*recording, draws, tuple(rows))


def choices(recorded: Workload, policy: Policy, draws: int, workers: int = 1) -> Iterator[Choice]:
    """The run on each number of workers worth considering, and on `workers`."""
    for count in sorted({*counts(recorded), workers}):
        yield Choice(count, policy.dist, *predict(recorded, policy, count, draws=draws)[1:])


def counts(recorded: Workload) -> list[int]:
    """From one worker to twice the cores, or twice the recorded workers if cores are unknown; at least
    four.
    """
    most = max(LEAST_COUNTS, 2 * (recorded.cores or recorded.workers))
    return sorted({count for count in COUNTS if count <= most} | {most, recorded.workers})


def draws_for(workload: Workload) -> int:
    """The number of simulated runs: fewer for very many tests."""
    return max(LEAST_DRAWS, min(DRAWS, MOST_STEPS // max(1, len(workload.items))))


def dists(recorded: Workload) -> tuple[str, ...]:
    """The ways to hand out tests that make sense for a recording: its own, or xdist's."""
    if recorded.dist in (*XDIST, "no"):
        has_groups = any(item.group != item.name for item in recorded.items)
        return tuple(dist for dist in XDIST if dist != "loadgroup" or has_groups)
    return (recorded.dist, "shards") if recorded.dist in DISTS else XDIST


def forecast(answer: WhatIf) -> Forecast | None:
    """A forecast to check against the next run; None with changes, as no run will have them."""
    if answer.changes or answer.outside:
        return None
    return Forecast(
        kind="what-if",
        made_ns=0,
        suite="",
        workers=answer.workers,
        predicted_ns=answer.predicted_ns,
        low_ns=answer.low_ns,
        high_ns=answer.high_ns,
        dist=answer.dist if answer.dist in XDIST else "",
    )


def page(answer: WhatIf, accuracy: Accuracy) -> Iterator[Line]:
    """The recorded run, the prediction, and its uncertainty."""
    how = f"on {many(answer.recorded_workers, 'worker')}, {dist_words(answer.recorded_dist)}"
    yield [words("recorded   "), *_time(answer.recorded_ns), words(f"  {how}", QUIET)]
    how = f"on {many(answer.workers, 'worker')}, {dist_words(answer.dist)}"
    yield [
        words("predicted  "),
        *_time(answer.predicted_ns, is_strong=True),
        words(f"  {range_words(answer.low_ns, answer.high_ns)}"),
        words(f"  {how}", QUIET),
    ]
    for change in answer.changes:
        yield [words(f"{'':11}{'':>{CELLS}}  {change}")]
    yield [words(saved_words(answer), STRONG)]
    yield []
    yield [
        words(
            f"median of {answer.draws} simulated runs of {many(answer.tests, 'test')}; the range holds nine "
            f"of ten of them, and {answer.model_error:.0%} for the model",
            QUIET,
        )
    ]
    yield [words(allowance_words(answer), QUIET)]
    if answer.outside:
        yield [words(f"beyond this recording: {answer.outside}", WARNING)]
    yield from forecasts.line(accuracy)


def table_page(predictions: Table) -> Iterator[Line]:
    """Predicted wall times: a line for each number of workers, a column for each way to hand out tests."""
    columns = tuple(dict.fromkeys(row.dist for row in predictions.rows))
    best = min((row.predicted_ns for row in predictions.rows), default=0)
    how = f"on {many(predictions.workers, 'worker')}, {dist_words(predictions.dist)}"
    yield [words("recorded   "), *_time(predictions.recorded_ns), words(f"  {how}", QUIET)]
    yield []
    yield [words("workers" + "".join(right(dist, CELLS) for dist in columns), QUIET)]
    for count in dict.fromkeys(row.workers for row in predictions.rows):
        line = [words(f"{count:>7}")]
        for row in predictions.rows:
            if row.workers == count:
                text = units.duration(row.predicted_ns) + ("?" if row.outside else " ")
                line.append(Segment(right(text, CELLS), STRONG if row.predicted_ns == best else PLAIN))
        yield line
    yield []
    yield [
        words(
            f"from the first test's start to the last one's end; each the median of {predictions.draws} "
            f"simulated runs of {many(predictions.tests, 'test')}",
            QUIET,
        )
    ]
    for why in dict.fromkeys(row.outside for row in predictions.rows if row.outside):
        yield [words(f"? beyond this recording: {why}", WARNING)]


def document(findings: Findings, answer: WhatIf, accuracy: Accuracy) -> Iterator[str]:
    """`tracetui.what-if/1` for one question: the keys of `WhatIf`, and the saving."""
    head = {"schema": SCHEMA, **about(findings), **answer._asdict(), "saved_ns": answer.saved_ns}
    return single(head | {"forecasts": forecasts.document(accuracy)})


def table_document(findings: Findings, predictions: Table) -> Iterator[str]:
    """`tracetui.what-if/1` without a question: the keys of `Table`; `rows` has those of `Choice`."""
    head = {"schema": SCHEMA, **about(findings), **predictions._asdict()}
    del head["rows"]
    return json_document(head, (row._asdict() for row in predictions.rows))


CHANGE_WORDS = {
    "archive_aside": "archiving beside the workers",
    "without": "without {}",
    "widen": "{} set up once per worker",
    "drop_hook": "without hook {}",
    "split": "{} cut in two files",
}


def change_words(kind: str, name: str) -> str:
    """A change in words; `name` is foreign text."""
    words = "without {}" if kind == "drop_hook" and "hook" in name else CHANGE_WORDS[kind]
    return words.replace("{}", name)


def dist_words(dist: str) -> str:
    """How tests are handed out, in words."""
    return DIST_WORDS.get(dist, f"--dist {dist}")


def range_words(low_ns: int, high_ns: int) -> str:
    """`5.1s to 5.6s`."""
    return f"{units.duration(low_ns)} to {units.duration(high_ns)}"


def allowance_words(answer: WhatIf) -> str:
    """What the range allows for of other work on the machine."""
    if answer.busy:
        return f"{answer.busy}; the range allows for none of it, and for twice as much"
    return "on a machine with as little other work as it had: with more all takes longer"


def saved_words(answer: WhatIf) -> str:
    """How much shorter or longer the run gets."""
    saved = answer.saved_ns
    if abs(saved) * 100 < answer.replayed_ns:
        return "about as long as it took"
    share = units.share(abs(saved) / max(1, answer.replayed_ns))
    return f"{units.duration(abs(saved))} {'less' if saved > 0 else 'more'} ({share})"


def _time(ns: int, *, is_strong: bool = False) -> list[Segment]:
    return [Segment(right(units.duration(ns), CELLS), STRONG if is_strong else PLAIN)]
