"""A question about a run, and the answer: computed away from the screen's thread, in two steps."""

from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from tracetui.analysis.schedule.policy import policy_for
from tracetui.analysis.schedule.prediction import predict
from tracetui.analysis.schedule.recorded import recorded
from tracetui.analysis.schedule.toggles import Toggle, changed, toggles
from tracetui.analysis.schedule.workload import Workload
from tracetui.report.deciding.what_if import Choice, WhatIf, change_words, choices, draws_for, what_if
from tracetui.ui.feed.reading import Reading

FEW_DRAWS = 7
"""Simulated runs for a bar of the chart, or for what a change saves."""


class Knobs(NamedTuple):
    """The positions of the sliders; the active changes by kind and name. No workers: as recorded."""

    workers: int = 0
    dist: str = ""
    on: frozenset[tuple[str, str]] = frozenset()


class Answer(Struct, frozen=True, eq=False):
    """The result for a reading with `knobs`; `chart` and `saves` (ns, each by itself) come a little later."""

    reading: Reading
    workload: Workload
    knobs: Knobs
    told: WhatIf | None
    toggles: tuple[Toggle, ...] = ()
    chart: tuple[Choice, ...] = ()
    saves: tuple[int, ...] = ()


class Question(NamedTuple):
    """`known` is the workload of the reading, if it was computed before."""

    reading: Reading
    knobs: Knobs
    known: Workload | None = None


def answer(question: Question) -> Answer:
    """How long the run would take."""
    findings = question.reading.findings
    workload = question.known or recorded(findings)
    knobs = _within(question.knobs, workload)
    if findings.no_timeline or not workload.items:
        return Answer(question.reading, workload, knobs, None)
    switches = tuple(toggles(workload))
    on = [toggle for toggle in switches if (toggle.kind, toggle.name) in knobs.on]
    said = [change_words(toggle.kind, toggle.name) for toggle in on]
    forecast = what_if(workload, changed(workload, on), policy_for(knobs.dist, workload), knobs.workers, said)
    return Answer(question.reading, workload, knobs, forecast, switches)


def elaborate(first: Answer) -> Answer:
    """The same with the chart, and what each change saves by itself."""
    workload, policy = first.workload, policy_for(first.knobs.dist, first.workload)
    draws = min(FEW_DRAWS, draws_for(workload))
    on = [toggle for toggle in first.toggles if (toggle.kind, toggle.name) in first.knobs.on]
    chart = tuple(
        _same(choice, first) for choice in choices(changed(workload, on), policy, draws, first.knobs.workers)
    )
    base = predict(workload, policy, first.knobs.workers, draws=draws).predicted_ns
    saves = tuple(
        base - predict(changed(workload, [toggle]), policy, first.knobs.workers, draws=draws).predicted_ns
        for toggle in first.toggles
    )
    return replace(first, chart=chart, saves=saves)


def _within(knobs: Knobs, workload: Workload) -> Knobs:
    """The knobs, with what was recorded for whatever is not chosen."""
    return knobs._replace(workers=knobs.workers or workload.workers, dist=knobs.dist or workload.dist)


def _same(choice: Choice, first: Answer) -> Choice:
    """The chart's bar for the answer's own configuration, with the answer's time."""
    forecast = first.told
    if forecast is None or choice.workers != forecast.workers:
        return choice
    return choice._replace(
        predicted_ns=forecast.predicted_ns, low_ns=forecast.low_ns, high_ns=forecast.high_ns
    )
