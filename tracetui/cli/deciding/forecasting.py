"""Forecasts made by commands: stored beside the recordings, and checked against later runs."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracetui.analysis.forecasts.checks import Accuracy, Forecast
    from tracetui.analysis.study.findings import Findings


def note(paths: Sequence[str], findings: "Findings", forecast: "Forecast | None" = None) -> "Accuracy":
    """Store a new forecast for the shown suite; the accuracy of the earlier ones."""
    from msgspec.structs import replace

    from tracetui.analysis.forecasts.checks import accuracy, measured
    from tracetui.ingest.forecasts.log import keep, kept

    if forecast is not None:
        keep(paths, replace(forecast, made_ns=time.time_ns(), suite=findings.summary.name))
    return accuracy(kept(paths), measured(findings))
