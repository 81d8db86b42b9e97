"""The expressions of each question, to read its SQL or to run it elsewhere."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tracetui.fleet.queries import doctor, durations, money, outcomes, series, windows
from tracetui.fleet.queries.window import Window

if TYPE_CHECKING:
    import ibis

_PLAIN = {
    "slowest": (durations.runs, durations.whole, durations.slowest),
    "hooks": (durations.runs, durations.whole, durations.hooks),
    "archive": (durations.runs, durations.whole, durations.archive),
    "cost": (durations.runs, money.cost, money.machines),
    "flaky": (durations.runs, outcomes.at_code),
    "stats": (durations.runs, outcomes.stats),
    "doctor": (durations.runs, doctor.doctor, doctor.duplicates, doctor.unpriced_runs),
}


def expressions(verb: str, facts: "ibis.Table", window: Window, base: Window) -> "Iterator[ibis.Table]":
    """The expressions of a verb, in order; `regress` also has a `base`, and a second pass without what
    changed.
    """
    if verb == "regress":
        yield from (durations.runs(facts, of) for of in (base, window))
        yield windows.regress(facts, base, window)
    elif verb == "history":
        yield durations.runs(facts, window)
        yield series.longest(facts, window, 500)
        yield series.history(facts, window, ["TEST"])
        yield series.runs_of(facts, window)
    else:
        for query in _PLAIN[verb]:
            yield query(facts, window)
