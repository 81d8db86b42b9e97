"""The forecast of a run's end when a quarter of it was over: stored once, and checked against that end."""

from collections.abc import Sequence

from tracetui.analysis.forecasts.checks import Forecast
from tracetui.analysis.lanes.sums import at_once
from tracetui.analysis.study.findings import Findings
from tracetui.ingest.forecasts.log import keep, kept

QUARTER = 0.25


class Quarters:
    """Stores the forecasts of runs watched from `paths`: one for each, however many watch it."""

    def __init__(self, paths: Sequence[str]) -> None:
        self._paths = paths
        self._known: set[tuple[str, int]] = set()

    def note(self, findings: Findings) -> None:
        """Store the forecast for the shown run, if a quarter of it is over."""
        forecast = at_a_quarter(findings)
        if forecast is None:
            return
        subject = forecast.suite, forecast.start_ns
        if subject in self._known:
            return
        self._known.add(subject)
        etas = (eta for eta in kept(self._paths) if eta.kind == "eta")
        if subject not in {(eta.suite, eta.start_ns) for eta in etas}:
            keep(self._paths, forecast)


def at_a_quarter(findings: Findings) -> Forecast | None:
    """The total length of a live run; None before a quarter of that, and if it is unknown."""
    summary, progress = findings.summary, findings.progress
    if summary.state != "live" or progress.eta_ns is None or progress.eta_range_ns is None:
        return None
    so_far = findings.now_ns - summary.start_ns
    whole = so_far + progress.eta_ns
    if so_far < QUARTER * whole:
        return None
    low, high = progress.eta_range_ns
    return Forecast(
        kind="eta",
        made_ns=findings.now_ns,
        suite=summary.name,
        workers=at_once(findings.lanes.lanes),
        predicted_ns=whole,
        low_ns=so_far + low,
        high_ns=so_far + high,
        start_ns=summary.start_ns,
    )
