"""Forecasts of commands: kept beside the recordings, and held against the runs that came since."""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracetui.analysis.forecasts.checks import Accuracy, Forecast
    from tracetui.analysis.study.findings import Findings


def note(paths: Sequence[str], findings: "Findings", forecast: "Forecast | None" = None) -> "Accuracy":
    """Keeps a forecast that is made now, of the suite that is looked at; says how good the last ones were."""
    from tracetui.analysis.forecasts.checks import accuracy, measured
    from tracetui.ingest.forecasts.log import keep, kept

    if forecast is not None:
        keep(paths, replace(forecast, made_ns=time.time_ns(), suite=findings.summary.name))
    return accuracy(kept(paths), measured(findings))
